//! How each kind of block is laid out.

use super::ink::{ACCENT, INK, PAPER, QUIET, TINT, WARM};
use super::letters::{Case, Paragraph, Style};
use super::piece::{Item, Piece, Role};
use super::press::MEASURE;
use super::{Block, PaperError, Row, Said, Words, code};

/// Sizes of one setting: the page, or the smaller card.
struct Scale {
    label: f32,
    value: f32,
    prominent: f32,
    row_gap: f32,
    column_gap: f32,
}

const PAGE: Scale = Scale { label: 8.0, value: 11.0, prominent: 18.0, row_gap: 6.0, column_gap: 14.0 };
const CARD: Scale = Scale { label: 6.3, value: 9.5, prominent: 12.0, row_gap: 3.0, column_gap: 6.0 };

const MILLIMETRE: f32 = 72.0 / 25.4;

/// Lays out a block over the full measure.
pub(crate) fn lay(case: &mut Case, block: &Block) -> Result<Piece, PaperError> {
    Ok(match block {
        Block::Heading(words) => heading(case, words),
        Block::Rows { rows, columns } => grid(case, rows, *columns, MEASURE, &PAGE),
        Block::Panel { heading, rows, columns } => panel(case, heading, rows, *columns),
        Block::Note(words) => note(case, words),
        Block::Code { text, label, side_millimetres, caption } => {
            let side = f32::from((*side_millimetres).clamp(15, 120)) * MILLIMETRE;
            code_beside(case, code(text, label)?, side, caption)
        }
        Block::Card { heading, rows, text, label } => card(case, heading, rows, code(text, label)?),
    })
}

fn heading(case: &mut Case, words: &Said) -> Piece {
    let paragraph = case.set(words, Style { size: 12.5, bold: true, ink: ACCENT }, MEASURE);
    let height = paragraph.height + 2.5;
    let rule = Item::Fill { x: 0.0, y: height - 1.0, width: MEASURE, height: 1.0, ink: ACCENT };
    Piece { height, items: vec![text(Role::Heading, vec![(0.0, 0.0, paragraph)]), rule] }
}

fn text(role: Role, paragraphs: Vec<(f32, f32, Paragraph)>) -> Item {
    Item::Text { role, paragraphs }
}

/// Labelled values in columns; a prominent one takes a line of its own.
fn grid(case: &mut Case, rows: &[Row], columns: usize, width: f32, scale: &Scale) -> Piece {
    let columns = columns.clamp(1, 6);
    let narrow = (width + scale.column_gap) / f32::from(u8::try_from(columns).expect("six at most"));
    let mut piece = Piece::default();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let usual = rest.iter().take_while(|row| !row.prominent).count();
        let (line, below) = rest.split_at(if first.prominent { 1 } else { usual.min(columns) });
        let column = if first.prominent { width + scale.column_gap } else { narrow };
        piece.height += if piece.items.is_empty() { 0.0 } else { scale.row_gap };
        let set = line_of_cells(case, line, column, scale);
        piece = piece.above(set, 0.0);
        rest = below;
    }
    piece
}

/// Labels above their values, side by side; the values stand on one level, however long the labels.
fn line_of_cells(case: &mut Case, rows: &[Row], column: f32, scale: &Scale) -> Piece {
    let width = column - scale.column_gap;
    let small = Style { size: scale.label, bold: false, ink: QUIET };
    let labels: Vec<Paragraph> = rows.iter().map(|row| case.set(&row.label, small, width)).collect();
    let level = labels.iter().map(|label| label.height).fold(0.0, f32::max);
    let (mut x, mut piece) = (0.0, Piece { height: level, items: Vec::new() });
    for (row, label) in rows.iter().zip(labels) {
        let size = if row.prominent { scale.prominent } else { scale.value };
        let value = case.set(&row.value, Style { size, bold: true, ink: INK }, width);
        piece.height = piece.height.max(level + value.height);
        piece.items.push(text(Role::Body, vec![(x, level - label.height, label), (x, level, value)]));
        x += column;
    }
    piece
}

fn panel(case: &mut Case, heading: &Said, rows: &[Row], columns: usize) -> Piece {
    const PADDING: f32 = 10.0;
    let width = MEASURE - 2.0 * PADDING - 4.0;
    let title = case.set(heading, Style { size: 11.5, bold: true, ink: ACCENT }, width);
    let inner = grid(case, rows, columns, width, &PAGE);
    let below = PADDING - 3.0 + title.height + 3.0;
    let height = below + inner.height + PADDING;
    let mut items = vec![
        Item::Fill { x: 0.0, y: 0.0, width: MEASURE, height, ink: TINT },
        Item::Fill { x: 0.0, y: 0.0, width: 4.0, height, ink: WARM },
        text(Role::Heading, vec![(PADDING + 4.0, PADDING - 3.0, title)]),
    ];
    items.extend(inner.moved(PADDING + 4.0, below).items);
    Piece { height, items }
}

fn note(case: &mut Case, words: &Said) -> Piece {
    let style = Style { size: 9.0, bold: false, ink: QUIET };
    let (items, height) = paragraphs(case, words, style, MEASURE);
    Piece { height, items }
}

/// One paragraph a language, one below the other, and their height.
fn paragraphs(case: &mut Case, words: &[Words], style: Style, width: f32) -> (Vec<Item>, f32) {
    const BETWEEN: f32 = 3.0;
    let mut bottom = 0.0;
    let set = words.iter().map(|words| {
        let paragraph = case.set(std::slice::from_ref(words), style, width);
        let top = bottom;
        bottom += paragraph.height + BETWEEN;
        text(Role::Body, vec![(0.0, top, paragraph)])
    });
    (set.collect(), bottom)
}

fn code_beside(case: &mut Case, (code, label): (crate::qr::Code, String), side: f32, caption: &Said) -> Piece {
    // The quiet zone is four modules of white paper on each side.
    const QUIET_ZONE: f32 = 10.0;
    let frame = side + 2.0 * QUIET_ZONE;
    let beside = frame + 18.0;
    let style = Style { size: 10.0, bold: false, ink: INK };
    let (words, height) = paragraphs(case, caption, style, MEASURE - beside);
    let middle = ((frame - height) / 2.0).max(0.0);
    let mut items = vec![
        Item::Frame { x: 0.0, y: 0.0, width: frame, height: frame, dashed: false },
        Item::Code { x: QUIET_ZONE, y: QUIET_ZONE, side, code, label },
    ];
    items.extend(Piece { height, items: words }.moved(beside, middle).items);
    Piece { height: frame.max(height), items }
}

/// A card in the middle of the sheet. Values that its height does not hold are left out.
fn card(case: &mut Case, heading: &Said, rows: &[Row], (code, label): (crate::qr::Code, String)) -> Piece {
    const SIZE: (f32, f32) = (85.6 * MILLIMETRE, 54.0 * MILLIMETRE);
    const SIDE: f32 = 28.0 * MILLIMETRE;
    const PADDING: f32 = 10.0;
    let title = case.set(heading, Style { size: 8.5, bold: true, ink: PAPER }, SIZE.0 - 2.0 * PADDING);
    let band = title.height + 8.0;
    let body = grid_that_fits(case, rows, SIZE.0 - SIDE - 4.0 * PADDING, SIZE.1 - band - 2.0 * PADDING);
    let mut items = vec![
        Item::Fill { x: 0.0, y: 0.0, width: SIZE.0, height: band, ink: ACCENT },
        Item::Fill { x: 0.0, y: band, width: SIZE.0, height: 1.5, ink: WARM },
        Item::Frame { x: 0.0, y: 0.0, width: SIZE.0, height: SIZE.1, dashed: true },
        text(Role::Heading, vec![(PADDING, 4.0, title)]),
    ];
    items.extend(body.moved(PADDING, band + PADDING).items);
    let x = SIZE.0 - SIDE - 1.5 * PADDING;
    let y = band + (SIZE.1 - band - SIDE) / 2.0;
    items.push(Item::Code { x, y, side: SIDE, code, label });
    Piece { height: SIZE.1, items }.moved((MEASURE - SIZE.0) / 2.0, 0.0)
}

fn grid_that_fits(case: &mut Case, rows: &[Row], width: f32, height: f32) -> Piece {
    let counts = (0..=rows.len()).rev();
    counts
        .map(|count| grid(case, &rows[..count], 1, width, &CARD))
        .find(|piece| piece.height <= height)
        .unwrap_or_default()
}
