//! Ink on paper: the colours, and the drawing of what a piece is made of.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, Tag, TagGroup, TagKind, TagTree};

use super::letters::{Ink, Paragraph};
use super::piece::{Item, Role};
use crate::qr::Code;

pub(crate) const INK: Ink = [0x1b, 0x24, 0x2b];
pub(crate) const QUIET: Ink = [0x56, 0x61, 0x69];
pub(crate) const ACCENT: Ink = [0x0b, 0x4f, 0x5f];
pub(crate) const TINT: Ink = [0xf3, 0xf7, 0xf6];
pub(crate) const LINE: Ink = [0xc9, 0xd3, 0xd3];
pub(crate) const WARM: Ink = [0xd9, 0x86, 0x2b];
pub(crate) const PAPER: Ink = [0xff, 0xff, 0xff];
pub(crate) const PALE: Ink = [0xd5, 0xe6, 0xe6];

/// Draws an item of a piece whose upper left corner is given, and enters it into the tree that
/// screen readers follow.
pub(crate) fn draw(surface: &mut Surface<'_>, (left, top): (f32, f32), item: &Item, tree: &mut TagTree) {
    let decoration = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other));
    match item {
        Item::Fill { x, y, width, height, ink } => {
            surface.start_tagged(decoration);
            fill(surface, &rectangle(left + x, top + y, *width, *height), *ink);
            surface.end_tagged();
        }
        Item::Frame { x, y, width, height, dashed } => {
            surface.start_tagged(decoration);
            frame(surface, &rectangle(left + x, top + y, *width, *height), *dashed);
            surface.end_tagged();
        }
        Item::Text { role, paragraphs } => {
            let said = paragraphs.first().map(|(_, _, paragraph)| paragraph.text.clone());
            let mut group = TagGroup::new(role.tag(said));
            for (x, y, paragraph) in paragraphs {
                for identifier in write_tagged(surface, (left + x, top + y), paragraph) {
                    group.push(identifier);
                }
            }
            tree.push(group);
        }
        Item::Code { x, y, side, code, label } => {
            let identifier = surface.start_tagged(ContentTag::Other);
            draw_code(surface, (left + x, top + y), *side, code);
            surface.end_tagged();
            let figure = Tag::Figure(Some(label.clone()));
            tree.push(Node::Group(TagGroup::with_children(figure, vec![identifier.into()])));
        }
    }
}

impl Role {
    /// `said` is the text, which headings also bear as their title.
    fn tag(self, said: Option<String>) -> TagKind {
        let level = |n: u16| std::num::NonZeroU16::new(n).expect("heading levels begin at one");
        match self {
            Self::Title => Tag::Hn(level(1), said).into(),
            Self::Heading => Tag::Hn(level(2), said).into(),
            Self::Body => Tag::P.into(),
        }
    }
}

/// Writes a paragraph, one tagged span for each run of one language.
fn write_tagged(surface: &mut Surface<'_>, at: (f32, f32), paragraph: &Paragraph) -> Vec<Identifier> {
    let mut identifiers = Vec::new();
    for index in 0..paragraph.strokes.len() {
        let mark = paragraph.strokes[index].mark;
        let language = paragraph.languages.get(mark).filter(|language| !language.is_empty());
        let span = SpanTag::empty().with_lang(language.map(String::as_str));
        identifiers.push(surface.start_tagged(ContentTag::Span(span)));
        write_stroke(surface, at, paragraph, index);
        surface.end_tagged();
    }
    identifiers
}

/// Writes a paragraph that is no part of the tree.
pub(crate) fn write(surface: &mut Surface<'_>, at: (f32, f32), paragraph: &Paragraph) {
    for index in 0..paragraph.strokes.len() {
        write_stroke(surface, at, paragraph, index);
    }
}

fn write_stroke(surface: &mut Surface<'_>, (x, y): (f32, f32), paragraph: &Paragraph, index: usize) {
    let stroke = &paragraph.strokes[index];
    surface.set_stroke(None);
    surface.set_fill(Some(filling(paragraph.ink)));
    let start = Point::from_xy(x + stroke.x, y + stroke.y);
    surface.draw_glyphs(start, &stroke.glyphs, stroke.font.clone(), &paragraph.text, stroke.size, false);
}

fn draw_code(surface: &mut Surface<'_>, (left, top): (f32, f32), side: f32, code: &Code) {
    let module = side / points(code.side());
    let mut builder = PathBuilder::new();
    for (x, y, length) in code.runs() {
        let run = Rect::from_xywh(left + points(x) * module, top + points(y) * module, points(length) * module, module);
        builder.push_rect(run.expect("a run has a size"));
    }
    if let Some(path) = builder.finish() {
        fill(surface, &path, [0, 0, 0]);
    }
}

/// Counts of modules are small, so that nothing is lost.
fn points(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

pub(crate) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Path {
    let mut builder = PathBuilder::new();
    builder.push_rect(Rect::from_xywh(x, y, width, height).expect("rectangles here have a size"));
    builder.finish().expect("a rectangle is a path")
}

fn filling(ink: Ink) -> Fill {
    let [red, green, blue] = ink;
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}

pub(crate) fn fill(surface: &mut Surface<'_>, path: &Path, ink: Ink) {
    surface.set_stroke(None);
    surface.set_fill(Some(filling(ink)));
    surface.draw_path(path);
}

fn frame(surface: &mut Surface<'_>, path: &Path, dashed: bool) {
    let [red, green, blue] = if dashed { QUIET } else { LINE };
    let dash = dashed.then(|| StrokeDash { array: vec![4.0, 3.0], offset: 0.0 });
    let paint = rgb::Color::new(red, green, blue).into();
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint, width: 0.7, dash, ..Stroke::default() }));
    surface.draw_path(path);
}
