//! Sheets of paper, as PDF: one typesetter for the certificate, the slip and the registration card.
//!
//! The caller brings every word, in every language it wants on the sheet; this module knows how a
//! sheet looks, never what it says. Fonts for all scripts of India are compiled in and no font of the
//! system is ever looked for, so the same sheet makes the same bytes everywhere.

mod blocks;
mod ink;
mod letters;
mod piece;
mod press;

use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::metadata::{DateTime, Metadata};

use crate::qr::{Code, CodeError};
use piece::Piece;
use press::{GAP, Press};

/// Words in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// BCP 47 tag, for example `hi`; empty where the language is not known, as with a name.
    pub language: String,
    /// The words.
    pub text: String,
}

impl Words {
    /// Words in a language, given as a BCP 47 tag.
    #[must_use]
    pub fn new(language: &str, text: impl Into<String>) -> Self {
        Self { language: language.to_owned(), text: text.into() }
    }

    /// Words whose language is not known: a name, a number, a place.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new("", text)
    }
}

/// The same thing said once in each language of the sheet.
pub type Said = Vec<Words>;

/// A labelled value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is: set small, the languages side by side.
    pub label: Said,
    /// Its value; several languages stand side by side too.
    pub value: Said,
    /// Set larger: the name of the person, the time of the appointment. Takes a line of its own.
    pub prominent: bool,
}

impl Row {
    /// A labelled value in the usual size.
    #[must_use]
    pub fn new(label: Said, value: Said) -> Self {
        Self { label, value, prominent: false }
    }

    /// A labelled value in the large size, on a line of its own.
    #[must_use]
    pub fn prominent(label: Said, value: Said) -> Self {
        Self { label, value, prominent: true }
    }
}

/// A part of a sheet. Parts stand one below the other; none is torn by the end of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading with a fine rule.
    Heading(Said),
    /// Labelled values in `columns` columns of equal width.
    Rows {
        /// The values, left to right, then down.
        rows: Vec<Row>,
        /// How many stand side by side; at least 1.
        columns: usize,
    },
    /// Labelled values in a tinted panel with a heading of its own: one dose, one appointment.
    Panel {
        /// The panel's heading.
        heading: Said,
        /// The values, left to right, then down.
        rows: Vec<Row>,
        /// How many stand side by side; at least 1.
        columns: usize,
    },
    /// A large QR code with its caption beside it.
    Code {
        /// What the code says.
        text: String,
        /// What a screen reader says of it; the first language is used.
        label: Said,
        /// Side of the code in millimetres, without its quiet zone.
        side_millimetres: u16,
        /// The caption, one paragraph a language.
        caption: Said,
    },
    /// A note in small type, one paragraph a language.
    Note(Said),
    /// A card of 85.6 × 54 mm (ISO/IEC 7810 ID-1) with a line to cut along.
    Card {
        /// What stands in the card's band.
        heading: Said,
        /// A few values; what does not fit the card is left out from the end.
        rows: Vec<Row>,
        /// What the card's QR code says.
        text: String,
        /// What a screen reader says of the code; the first language is used.
        label: Said,
    },
}

/// A file that rides along in the PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// File name, for example `certificate.txt`.
    pub name: String,
    /// Media type, for example `text/plain`.
    pub mime: String,
    /// What it is, for readers that list attachments.
    pub description: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A sheet of A4 paper, or several if one does not hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Main language of the document, BCP 47, for example `en-IN`.
    pub language: String,
    /// The document's date, seconds since 1970-01-01T00:00:00Z.
    pub made_at: i64,
    /// Who issues it: small, at the top of the band.
    pub masthead: Said,
    /// The title, one line a language. The first is also the title of the document.
    pub title: Said,
    /// One line below the title, the languages side by side.
    pub subtitle: Said,
    /// What the sheet says.
    pub blocks: Vec<Block>,
    /// Small print at the foot of every page, one line a language.
    pub footer: Said,
    /// A file that rides along.
    pub attachment: Option<Attachment>,
}

/// Why a sheet was not set.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A text is too long for a QR code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The attachment's media type is not one.
    #[error("`{0}` is not a media type")]
    MediaType(String),
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Writing(String),
}

/// Sets a sheet: the bytes of a PDF/A-3a and PDF/UA-1 file with its fonts, title, language and
/// attachment. The title must not be empty.
///
/// The same sheet always makes the same bytes. A letter that none of the fonts has becomes U+FFFD.
///
/// # Errors
/// [`PaperError`] if a QR code cannot hold its text or the attachment's media type is malformed.
pub fn typeset(sheet: &Sheet) -> Result<Vec<u8>, PaperError> {
    let mut press = Press::new(&sheet.language, &sheet.footer);
    press.print_top(&sheet.masthead, &sheet.title, &sheet.subtitle);
    print_blocks(&mut press, &sheet.blocks)?;
    let mut document = press.finish();
    document.set_metadata(metadata(sheet));
    if let Some(attachment) = &sheet.attachment {
        // Refused only for a second file of the same name, and this is the only file.
        let _only_one = document.embed_file(embedded(attachment, sheet.made_at)?);
    }
    document.finish().map_err(|error| PaperError::Writing(format!("{error:?}")))
}

/// A heading stays with what follows it.
fn print_blocks(press: &mut Press, blocks: &[Block]) -> Result<(), PaperError> {
    let mut heading: Option<Piece> = None;
    for block in blocks {
        let piece = blocks::lay(press.case(), block)?;
        let piece = match heading.take() {
            Some(above) => above.above(piece, GAP),
            None => piece,
        };
        match block {
            Block::Heading(_) => heading = Some(piece),
            _ => press.print(piece),
        }
    }
    if let Some(alone) = heading {
        press.print(alone);
    }
    Ok(())
}

fn metadata(sheet: &Sheet) -> Metadata {
    let title = sheet.title.first().map(|words| words.text.clone()).unwrap_or_default();
    Metadata::new()
        .title(title)
        .language(sheet.language.clone())
        .producer("Teeka".to_owned())
        .creation_date(date_time(sheet.made_at))
}

fn embedded(attachment: &Attachment, made_at: i64) -> Result<EmbeddedFile, PaperError> {
    let mime = MimeType::new(&attachment.mime).ok_or_else(|| PaperError::MediaType(attachment.mime.clone()))?;
    Ok(EmbeddedFile {
        path: attachment.name.clone(),
        mime_type: Some(mime),
        description: Some(attachment.description.clone()),
        association_kind: AssociationKind::Alternative,
        data: attachment.bytes.clone().into(),
        modification_date: Some(date_time(made_at)),
        compress: Some(false),
        location: None,
    })
}

/// The moment as PDF writes it, in UTC; what no calendar holds becomes the epoch.
fn date_time(seconds: i64) -> DateTime {
    let timestamp = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let utc = jiff::tz::Offset::UTC.to_datetime(timestamp);
    let small = |part: i8| part.unsigned_abs();
    DateTime::new(utc.year().unsigned_abs())
        .month(small(utc.month()))
        .day(small(utc.day()))
        .hour(small(utc.hour()))
        .minute(small(utc.minute()))
        .second(small(utc.second()))
        .utc_offset_hour(0)
}

/// A QR code to be drawn, with what a screen reader says of it.
fn code(text: &str, label: &Said) -> Result<(Code, String), CodeError> {
    let spoken = label.first().map(|words| words.text.clone()).unwrap_or_default();
    Ok((Code::of(text)?, spoken))
}
