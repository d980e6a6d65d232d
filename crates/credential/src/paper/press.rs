//! The press: pages, the band at the top, the foot, and the printing of laid-out pieces.

use std::mem::ManuallyDrop;

use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, TagTree};
use krilla::{Document, SerializeSettings};

use super::ink::{ACCENT, LINE, PALE, PAPER, QUIET, WARM, draw, fill, rectangle, write};
use super::letters::{Case, Paragraph, Style};
use super::piece::{Item, Piece, Role};
use super::{Said, Words};

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 42.0;
/// Width of what stands between the margins.
pub(crate) const MEASURE: f32 = PAGE.0 - 2.0 * MARGIN;
/// Between two pieces.
pub(crate) const GAP: f32 = 11.0;

/// Pages in the making.
pub(crate) struct Press {
    case: Case,
    footer: Vec<Paragraph>,
    language: String,
    outline: Outline,
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
        Self { case, footer, language: language.to_owned(), outline: Outline::new(), pages: vec![Vec::new()], y: 0.0 }
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
            let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
            self.outline.push_child(OutlineNode::new(words.text.clone(), top));
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
        let mut document = Document::new_with(settings());
        let mut tree = TagTree::new().with_lang(Some(self.language.clone()));
        let count = self.pages.len();
        let pages = std::mem::take(&mut self.pages);
        for (index, pieces) in pages.into_iter().enumerate() {
            let settings = PageSettings::from_wh(PAGE.0, PAGE.1).expect("A4 has a size");
            let mut page = document.start_page_with(settings);
            // A surface that a panic leaves half drawn panics again when it is dropped, which ends the process: it is leaked.
            let mut surface = ManuallyDrop::new(page.surface());
            for (x, y, piece) in &pieces {
                for item in &piece.items {
                    draw(&mut surface, (*x, *y), item, &mut tree);
                }
            }
            let number = (count > 1).then(|| format!("{} / {count}", index + 1));
            self.draw_foot(&mut surface, number);
            ManuallyDrop::into_inner(surface).finish();
            page.finish();
        }
        document.set_tag_tree(tree);
        document.set_outline(self.outline);
        document
    }

    fn draw_foot(&mut self, surface: &mut Surface<'_>, number: Option<String>) {
        let mut y = self.bottom() + 8.0;
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
        fill(surface, &rectangle(MARGIN, y - 4.0, MEASURE, 0.6), LINE);
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

/// PDF/A-3a, so that the sheet can be kept for decades with its attachment, and PDF/UA-1, so that it
/// can be read aloud. The library refuses to write what it knows to break either.
fn settings() -> SerializeSettings {
    SerializeSettings { configuration: configuration(), ..SerializeSettings::default() }
}

fn configuration() -> Configuration {
    ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .expect("both standards build on PDF 1.7")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn glyphs_that_cannot_be_drawn_cost_the_sheet_and_nothing_else() {
        let mut press = Press::new("en", &Vec::new());
        let style = Style { size: 12.0, bold: false, ink: QUIET };
        let mut paragraph = press.case().set(&[Words::plain("क")], style, MEASURE);
        // The middle of a letter.
        paragraph.strokes[0].glyphs[0].text_range = 1..2;
        let items = vec![Item::Text { role: Role::Body, paragraphs: vec![(0.0, 0.0, paragraph)] }];
        press.place(MARGIN, Piece { height: 20.0, items });
        assert!(catch_unwind(AssertUnwindSafe(|| press.finish())).is_err());
    }
}
