//! The press: pages, the band at the top, the foot, and the printing of laid-out pieces.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke as Outline, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, Tag, TagGroup, TagTree};

use super::letters::{Case, Ink, Paragraph, Style};
use super::{Said, Words};
use crate::qr::Code;

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 42.0;
/// Width of what stands between the margins.
pub(crate) const MEASURE: f32 = PAGE.0 - 2.0 * MARGIN;
pub(crate) const GAP: f32 = 11.0;

pub(crate) const INK: Ink = [0x1b, 0x24, 0x2b];
pub(crate) const QUIET: Ink = [0x56, 0x61, 0x69];
pub(crate) const ACCENT: Ink = [0x0b, 0x4f, 0x5f];
pub(crate) const TINT: Ink = [0xf3, 0xf7, 0xf6];
pub(crate) const LINE: Ink = [0xc9, 0xd3, 0xd3];
pub(crate) const WARM: Ink = [0xd9, 0x86, 0x2b];
pub(crate) const PAPER: Ink = [0xff, 0xff, 0xff];
const PALE: Ink = [0xd5, 0xe6, 0xe6];

/// A part of a sheet with everything in its place, measured from its upper left corner.
#[derive(Default)]
pub(crate) struct Piece {
    pub(crate) height: f32,
    pub(crate) items: Vec<Item>,
}

impl Piece {
    /// This piece with `below` under it, `gap` points apart.
    pub(crate) fn above(mut self, below: Self, gap: f32) -> Self {
        let top = self.height + gap;
        self.height = top + below.height;
        self.items.extend(below.moved(0.0, top).items);
        self
    }

    /// This piece, its contents moved to the right and down.
    pub(crate) fn moved(mut self, right: f32, down: f32) -> Self {
        for item in &mut self.items {
            item.shift(right, down);
        }
        self
    }
}

/// What a piece is made of, in reading order.
pub(crate) enum Item {
    /// A filled rectangle: decoration.
    Fill { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// The outline of a rectangle, dashed or not: decoration.
    Frame { x: f32, y: f32, width: f32, height: f32, dashed: bool },
    /// Paragraphs that are read as one.
    Text { role: Role, paragraphs: Vec<(f32, f32, Paragraph)> },
    /// A QR code, `side` points wide, with what is said of it.
    Code { x: f32, y: f32, side: f32, code: Code, label: String },
}

impl Item {
    fn shift(&mut self, right: f32, down: f32) {
        let shift = |x: &mut f32, y: &mut f32| {
            *x += right;
            *y += down;
        };
        match self {
            Self::Fill { x, y, .. } | Self::Frame { x, y, .. } | Self::Code { x, y, .. } => shift(x, y),
            Self::Text { paragraphs, .. } => paragraphs.iter_mut().for_each(|(x, y, _)| shift(x, y)),
        }
    }
}

/// What a text is to a screen reader.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    Title,
    Heading,
    Body,
}

/// Pages in the making.
pub(crate) struct Press {
    case: Case,
    footer: Vec<Paragraph>,
    language: String,
    /// Finished pages first; each holds its pieces with their distance from the page's top.
    pages: Vec<Vec<(f32, f32, Piece)>>,
    /// Where the next piece goes.
    y: f32,
}

impl Press {
    pub(crate) fn new(language: &str, footer: &Said) -> Self {
        let mut case = Case::new();
        let small = Style { size: 7.5, bold: false, ink: QUIET };
        let lines = footer.iter().map(|words| case.set(std::slice::from_ref(words), small, MEASURE - 40.0));
        let footer = lines.collect();
        Self { case, footer, language: language.to_owned(), pages: vec![Vec::new()], y: 0.0 }
    }

    pub(crate) fn case(&mut self) -> &mut Case {
        &mut self.case
    }

    /// The band across the top of the first page.
    pub(crate) fn print_top(&mut self, masthead: &[Words], title: &[Words], subtitle: &[Words]) {
        let mut y = 16.0;
        let mut items = Vec::new();
        let small = Style { size: 9.0, bold: false, ink: PALE };
        let mut line = |words: &[Words], style: Style, role: Role| {
            let paragraph = self.case.set(words, style, MEASURE);
            let item = (MARGIN, y, paragraph);
            y += item.2.height;
            items.push(Item::Text { role, paragraphs: vec![item] });
        };
        if !masthead.is_empty() {
            line(masthead, small, Role::Body);
        }
        for (index, words) in title.iter().enumerate() {
            let size = if index == 0 { 22.0 } else { 19.0 };
            let role = if index == 0 { Role::Title } else { Role::Body };
            line(std::slice::from_ref(words), Style { size, bold: true, ink: PAPER }, role);
        }
        if !subtitle.is_empty() {
            line(subtitle, small, Role::Body);
        }
        y += 12.0;
        items.insert(0, Item::Fill { x: 0.0, y: 0.0, width: PAGE.0, height: y, ink: ACCENT });
        items.insert(1, Item::Fill { x: 0.0, y, width: PAGE.0, height: 3.0, ink: WARM });
        self.place(0.0, Piece { height: y + 3.0, items });
        self.y += 5.0;
    }

    /// Prints a piece between the margins, on a new page if this one has no room for it.
    pub(crate) fn print(&mut self, piece: Piece) {
        let page_has_pieces = self.pages.last().is_some_and(|page| !page.is_empty());
        if page_has_pieces && self.y + piece.height > self.bottom() {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
        self.place(MARGIN, piece);
    }

    fn place(&mut self, x: f32, piece: Piece) {
        let (y, height) = (self.y, piece.height);
        self.pages.last_mut().expect("a press has a page from the start").push((x, y, piece));
        self.y = y + height + GAP;
    }

    fn foot_height(&self) -> f32 {
        self.footer.iter().map(|line| line.height).sum::<f32>() + 8.0
    }

    fn bottom(&self) -> f32 {
        PAGE.1 - 24.0 - self.foot_height()
    }

    /// Draws all pages, with their foot, and the tree that screen readers follow.
    pub(crate) fn finish(mut self) -> Document {
        let mut document = Document::new();
        let mut tree = TagTree::new().with_lang(Some(self.language.clone()));
        let count = self.pages.len();
        let pages = std::mem::take(&mut self.pages);
        for (index, pieces) in pages.into_iter().enumerate() {
            let settings = PageSettings::from_wh(PAGE.0, PAGE.1).expect("A4 has a size");
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for (x, y, piece) in &pieces {
                for item in &piece.items {
                    draw(&mut surface, (*x, *y), item, &mut tree);
                }
            }
            let number = (count > 1).then(|| format!("{} / {count}", index + 1));
            self.draw_foot(&mut surface, number);
            surface.finish();
            page.finish();
        }
        document.set_tag_tree(tree);
        document
    }

    fn draw_foot(&mut self, surface: &mut Surface<'_>, number: Option<String>) {
        let mut y = self.bottom() + 8.0;
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
        fill(surface, rectangle(MARGIN, y - 4.0, MEASURE, 0.6), LINE);
        if let Some(number) = number {
            let style = Style { size: 8.0, bold: true, ink: QUIET };
            let paragraph = self.case.set(&[Words::plain(number)], style, MEASURE);
            write(surface, (PAGE.0 - MARGIN - paragraph.width, y), &paragraph);
        }
        for line in &self.footer {
            write(surface, (MARGIN, y), line);
            y += line.height;
        }
        surface.end_tagged();
    }
}

fn draw(surface: &mut Surface<'_>, (left, top): (f32, f32), item: &Item, tree: &mut TagTree) {
    let decoration = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other));
    match item {
        Item::Fill { x, y, width, height, ink } => {
            surface.start_tagged(decoration);
            fill(surface, rectangle(left + x, top + y, *width, *height), *ink);
            surface.end_tagged();
        }
        Item::Frame { x, y, width, height, dashed } => {
            surface.start_tagged(decoration);
            frame(surface, rectangle(left + x, top + y, *width, *height), *dashed);
            surface.end_tagged();
        }
        Item::Text { role, paragraphs } => {
            let mut group = TagGroup::new(role.tag());
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
    fn tag(self) -> krilla::tagging::TagKind {
        let level = |n: u16| std::num::NonZeroU16::new(n).expect("heading levels begin at one");
        match self {
            Self::Title => Tag::Hn(level(1), None).into(),
            Self::Heading => Tag::Hn(level(2), None).into(),
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

fn write(surface: &mut Surface<'_>, at: (f32, f32), paragraph: &Paragraph) {
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
        fill(surface, path, [0, 0, 0]);
    }
}

/// Counts of modules are small, so that nothing is lost.
fn points(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Path {
    let mut builder = PathBuilder::new();
    builder.push_rect(Rect::from_xywh(x, y, width, height).expect("rectangles here have a size"));
    builder.finish().expect("a rectangle is a path")
}

fn filling(ink: Ink) -> Fill {
    let [red, green, blue] = ink;
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}

fn fill(surface: &mut Surface<'_>, path: Path, ink: Ink) {
    surface.set_stroke(None);
    surface.set_fill(Some(filling(ink)));
    surface.draw_path(&path);
}

fn frame(surface: &mut Surface<'_>, path: Path, dashed: bool) {
    let [red, green, blue] = if dashed { QUIET } else { LINE };
    let dash = dashed.then(|| StrokeDash { array: vec![4.0, 3.0], offset: 0.0 });
    let paint = rgb::Color::new(red, green, blue).into();
    surface.set_fill(None);
    surface.set_stroke(Some(Outline { paint, width: 0.7, dash, ..Outline::default() }));
    surface.draw_path(&path);
}
