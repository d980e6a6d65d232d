//! Pieces of a sheet: text, rectangles and codes, each in its place.

use super::letters::{Ink, Paragraph};
use crate::qr::Code;

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
            Self::Fill { x, y, .. } | Self::Frame { x, y, .. } | Self::Code { x, y, .. } => {
                shift(x, y);
            }
            Self::Text { paragraphs, .. } => {
                for (x, y, _) in paragraphs {
                    shift(x, y);
                }
            }
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
