//! QR codes: drawn, and read from pictures of every kind.

use credential::qr::{Code, MAX_PICTURE_SIDE, read_png};
use credential::{VerifyError, qr, verify};
use png::{BitDepth, ColorType};

use crate::sample::{certificate, issuer};

/// A picture in which dark modules are `dark` and all others `light`, given as samples or packed bits.
fn picture(code: &Code, scale: usize, kind: (ColorType, BitDepth), dark: &[u8], light: &[u8]) -> Vec<u8> {
    let size = (code.side() + 8) * scale;
    let is_dark = |x: usize, y: usize| code.is_dark((x / scale).wrapping_sub(4), (y / scale).wrapping_sub(4));
    let samples = (0..size * size).flat_map(|at| if is_dark(at % size, at / size) { dark } else { light });
    let samples: Vec<u8> = samples.copied().collect();
    let mut bytes = Vec::new();
    let pixels = u32::try_from(size).unwrap();
    let mut encoder = png::Encoder::new(&mut bytes, pixels, pixels);
    encoder.set_color(kind.0);
    encoder.set_depth(kind.1);
    if kind.0 == ColorType::Indexed {
        encoder.set_palette(vec![250, 250, 240, 10, 20, 60]);
    }
    encoder.write_header().unwrap().write_image_data(&samples).unwrap();
    bytes
}

/// Colour type and depth, a dark pixel, a light pixel.
type Kind = ((ColorType, BitDepth), &'static [u8], &'static [u8]);

#[test]
fn every_kind_of_png_verifies() {
    let issuer = issuer();
    let keys = [issuer.key().clone()];
    let certificate = certificate(2);
    let code = Code::of(&qr::to_text(&issuer.issue(&certificate).unwrap())).unwrap();
    let (eight, sixteen) = (BitDepth::Eight, BitDepth::Sixteen);
    let kinds: [Kind; 8] = [
        ((ColorType::Grayscale, eight), &[20], &[240]),
        ((ColorType::Grayscale, sixteen), &[20, 0], &[240, 0]),
        ((ColorType::GrayscaleAlpha, eight), &[0, 255], &[0, 0]),
        ((ColorType::Rgb, eight), &[10, 20, 90], &[255, 250, 230]),
        ((ColorType::Rgb, sixteen), &[10, 0, 20, 0, 90, 0], &[255, 0, 250, 0, 230, 0]),
        ((ColorType::Rgba, eight), &[0, 0, 0, 255], &[0, 0, 0, 0]),
        ((ColorType::Indexed, eight), &[1], &[0]),
        ((ColorType::Grayscale, eight), &[240], &[15]),
    ];
    for (kind, dark, light) in kinds {
        let png = picture(&code, 4, kind, dark, light);
        assert!(verify(&png, &keys).is_ok_and(|read| read == certificate), "{kind:?} {dark:?}");
    }
    for scale in 2..=6 {
        assert!(verify(&code.to_png(scale), &keys).is_ok_and(|read| read == certificate), "scale {scale}");
    }
}

#[test]
fn the_longest_certificate_still_fits_and_reads() {
    let issuer = issuer();
    let most = (1..60).take_while(|&doses| issuer.issue(&certificate(doses)).is_ok()).last().unwrap();
    let cwt = issuer.issue(&certificate(most)).unwrap();
    let png = Code::of(&qr::to_text(&cwt)).unwrap().to_png(4);
    assert!(verify(&png, &[issuer.key().clone()]).is_ok(), "{most} doses");
    assert!(Code::of(&qr::to_text(&[0xff; credential::certificate::MAX_CWT_BYTES])).is_ok());
}

#[test]
fn pictures_without_a_code_and_odd_sizes_are_not_readable() {
    let keys = [issuer().key().clone()];
    for (width, height) in [(1, 1), (1, 7), (7, 1), (2, 3), (8, 8), (33, 5), (MAX_PICTURE_SIDE, 2)] {
        for shade in [0, 128, 255] {
            let mut bytes = Vec::new();
            let pixels = vec![shade; usize::try_from(width * height).unwrap()];
            let mut encoder = png::Encoder::new(&mut bytes, width, height);
            encoder.set_color(ColorType::Grayscale);
            encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
            assert_eq!(verify(&bytes, &keys), Err(VerifyError::NotReadable), "{width} x {height}");
        }
    }
}

#[test]
fn another_code_is_readable_but_not_ours() {
    let png = Code::of("upi://pay?pa=someone@bank").unwrap().to_png(4);
    assert_eq!(read_png(&png).unwrap(), ["upi://pay?pa=someone@bank"]);
    assert_eq!(verify(&png, &[issuer().key().clone()]), Err(VerifyError::NotOurs));
}

#[test]
fn the_svg_draws_the_same_modules_and_escapes_its_label() {
    let code = Code::of("TEEKA1:ABC").unwrap();
    let svg = code.to_svg("<b> & \"c\"");
    assert!(svg.contains("aria-label=\"&lt;b&gt; &amp; &quot;c&quot;\""));
    let drawn: usize = svg.matches("v1h-").count();
    assert_eq!(drawn, code.runs().count());
    let dark: usize = code.runs().map(|(_, _, length)| length).sum();
    let counted = (0..code.side()).flat_map(|y| (0..code.side()).map(move |x| (x, y)));
    assert_eq!(dark, counted.filter(|&(x, y)| code.is_dark(x, y)).count());
}
