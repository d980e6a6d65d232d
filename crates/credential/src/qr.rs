//! The text form of a certificate, and QR codes: drawn as SVG, PNG or plain modules, and read from PNG.

use std::fmt::Write as _;
use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};
use qrcode::{Color, EcLevel, QrCode};
use rqrr::PreparedImage;

/// Every text form begins so; the digit is the version of the format. All characters belong to the
/// alphanumeric set of QR codes, as do those of Base45.
pub const PREFIX: &str = "TEEKA1:";

/// Light modules around a code, as ISO/IEC 18004 asks.
const QUIET_ZONE: usize = 4;

/// Pictures with a longer side are refused before any memory is set aside for them.
pub const MAX_PICTURE_SIDE: u32 = 4_000;

/// The text form of signed bytes: [`PREFIX`] and Base45 (RFC 9285).
#[must_use]
pub fn to_text(cwt: &[u8]) -> String {
    format!("{PREFIX}{}", base45::encode(cwt))
}

/// The signed bytes of a text form, or `None` if it is not one.
///
/// Line breaks, tabs and space around it are dropped, as mail programs add them. Space inside counts,
/// because Base45 uses it. Base45 can say some bytes in two ways; only the proper one is taken.
#[must_use]
pub fn from_text(text: &str) -> Option<Vec<u8>> {
    let one_line = text.trim().replace(['\r', '\n', '\t'], "");
    let body = one_line.strip_prefix(PREFIX)?;
    let bytes = base45::decode(body).ok()?;
    (base45::encode(&bytes) == body).then_some(bytes)
}

/// A QR code: a square of dark and light modules, without its quiet zone.
pub struct Code {
    side: usize,
    dark: Vec<bool>,
}

impl Code {
    /// The code of `text` at error correction level M: a certificate is carried folded in a pocket.
    ///
    /// # Errors
    /// [`CodeError`] if the text does not fit the largest code.
    pub fn of(text: &str) -> Result<Self, CodeError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| CodeError)?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { side: code.width(), dark })
    }

    /// Modules along one side.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// Whether the module in column `x` of row `y` is dark; outside the code all is light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && y < self.side && self.dark[y * self.side + x]
    }

    /// Every run of dark modules as (column, row, length), row by row: fewer shapes than modules.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        (0..self.side).flat_map(move |y| {
            let starts = (0..self.side).filter(move |&x| self.is_dark(x, y) && (x == 0 || !self.is_dark(x - 1, y)));
            starts.map(move |x| (x, y, (x..self.side).take_while(|&x| self.is_dark(x, y)).count()))
        })
    }

    /// An SVG picture for a page, one unit a module, black on white in light and dark alike.
    /// `label` is what a screen reader says.
    #[must_use]
    pub fn to_svg(&self, label: &str) -> String {
        let size = self.side + 2 * QUIET_ZONE;
        let mut path = String::new();
        for (x, y, length) in self.runs() {
            let (x, y) = (x + QUIET_ZONE, y + QUIET_ZONE);
            write!(path, "M{x} {y}h{length}v1h-{length}z").expect("writing to a string does not fail");
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {size} {size}\" \
             role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>",
            escape(label)
        )
    }

    /// A PNG picture, one bit a pixel, `scale` pixels a module (1 to 100), with its quiet zone.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "memory takes what is written, at any size a code has")]
    pub fn to_png(&self, scale: usize) -> Vec<u8> {
        let scale = scale.clamp(1, 100);
        let size = (self.side + 2 * QUIET_ZONE) * scale;
        let module = |pixel: usize| (pixel / scale).wrapping_sub(QUIET_ZONE);
        let mut rows = vec![0_u8; size.div_ceil(8) * size];
        for (y, row) in rows.chunks_mut(size.div_ceil(8)).enumerate() {
            for x in (0..size).filter(|&x| !self.is_dark(module(x), module(y))) {
                row[x / 8] |= 0x80 >> (x % 8);
            }
        }
        write_png(&rows, u32::try_from(size).expect("a code has a few thousand pixels at most"))
    }
}

fn write_png(rows: &[u8], size: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, size, size);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    let mut writer = encoder.write_header().expect("writing to memory does not fail");
    writer.write_image_data(rows).expect("the rows have the size the header says");
    writer.finish().expect("writing to memory does not fail");
    bytes
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text is longer than any QR code holds.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the text is longer than a QR code holds")]
pub struct CodeError;

/// Why a picture was not read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PictureError {
    /// Larger than [`MAX_PICTURE_SIDE`] on a side.
    #[error("the picture is larger than {MAX_PICTURE_SIDE} pixels on a side")]
    TooLarge,
    /// Not a PNG, or a damaged one.
    #[error("the picture is not a PNG, or is damaged")]
    Damaged,
}

/// The texts of all QR codes in a PNG of any colour type; empty if there is none. A module needs two
/// pixels at least.
///
/// # Errors
/// [`PictureError`] if it is not a picture, or too large a one.
pub fn read_png(bytes: &[u8]) -> Result<Vec<String>, PictureError> {
    let picture = Grey::decode(bytes)?;
    let found = picture.codes(false);
    // Light on dark, as a screen shows it that inverts colours.
    Ok(if found.is_empty() { picture.codes(true) } else { found })
}

/// A picture in shades of grey, one byte a pixel, over white where it was transparent.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Grey {
    fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: PICTURE_MEMORY });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::normalize_to_color8());
        let header = decoder.read_header_info().map_err(|_| PictureError::Damaged)?;
        let (width, height) = (header.width, header.height);
        if width > MAX_PICTURE_SIDE || height > MAX_PICTURE_SIDE {
            return Err(PictureError::TooLarge);
        }
        let mut reader = decoder.read_info().map_err(|_| PictureError::Damaged)?;
        let size = reader.output_buffer_size().ok_or(PictureError::TooLarge)?;
        let mut samples = vec![0; size];
        reader.next_frame(&mut samples).map_err(|_| PictureError::Damaged)?;
        let channels = reader.output_color_type().0.samples();
        let pixels = samples.chunks_exact(channels).map(shade).collect();
        Ok(Self { width: width as usize, height: height as usize, pixels })
    }

    fn codes(&self, inverted: bool) -> Vec<String> {
        let pixel = |x: usize, y: usize| {
            let shade = self.pixels[y * self.width + x];
            if inverted { 255 - shade } else { shade }
        };
        let mut prepared = PreparedImage::prepare_from_greyscale(self.width, self.height, pixel);
        let grids = prepared.detect_grids();
        grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
    }
}

/// The decoder's own memory: a few rows and small chunks; the picture itself comes on top.
const PICTURE_MEMORY: usize = 8 << 20;

/// The shade of one pixel of 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha) samples.
fn shade(samples: &[u8]) -> u8 {
    let (red, green, blue, alpha) = match *samples {
        [grey] => (grey, grey, grey, 255),
        [grey, alpha] => (grey, grey, grey, alpha),
        [red, green, blue] => (red, green, blue, 255),
        [red, green, blue, alpha] => (red, green, blue, alpha),
        _ => return 255,
    };
    let luma = (u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1000;
    let alpha = u32::from(alpha);
    u8::try_from((luma * alpha + 255 * (255 - alpha)) / 255).expect("a mean of bytes is a byte")
}
