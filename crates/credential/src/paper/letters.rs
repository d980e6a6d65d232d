//! Letters: the compiled-in fonts, and paragraphs shaped with them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::layout::{Alignment, AlignmentOptions, Cluster, Layout, Run};
use parley::style::{FontFamily, FontFamilyName, FontWeight, LineHeight, OverflowWrap, StyleProperty};
use parley::{FontContext, LayoutContext};

use super::Words;

macro_rules! font_files {
    ($($name:literal)*) => { &[$(include_bytes!(concat!("../../fonts/", $name, ".ttf"))),*] };
}

/// Noto Sans, regular and bold, for every script of the Eighth Schedule (see `fonts/README.md`), in
/// the order in which a letter is looked for.
static FILES: &[&[u8]] = font_files![
    "NotoSans-Regular" "NotoSans-Bold"
    "NotoSansDevanagari-Regular" "NotoSansDevanagari-Bold"
    "NotoSansBengali-Regular" "NotoSansBengali-Bold"
    "NotoSansTamil-Regular" "NotoSansTamil-Bold"
    "NotoSansTelugu-Regular" "NotoSansTelugu-Bold"
    "NotoSansGujarati-Regular" "NotoSansGujarati-Bold"
    "NotoSansGurmukhi-Regular" "NotoSansGurmukhi-Bold"
    "NotoSansKannada-Regular" "NotoSansKannada-Bold"
    "NotoSansMalayalam-Regular" "NotoSansMalayalam-Bold"
    "NotoSansOriya-Regular" "NotoSansOriya-Bold"
    "NotoSansArabic-Regular" "NotoSansArabic-Bold"
    "NotoSansMeeteiMayek-Regular" "NotoSansMeeteiMayek-Bold"
    "NotoSansOlChiki-Regular" "NotoSansOlChiki-Bold"
];

/// The fonts, parsed once in the life of the program.
struct Foundry {
    context: FontContext,
    /// Names of the families, in the order in which a letter is looked for.
    families: Vec<FontFamilyName<'static>>,
    /// By the identity of the font's bytes.
    faces: HashMap<u64, Font>,
}

static FOUNDRY: LazyLock<Foundry> = LazyLock::new(|| {
    let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
    let mut families = Vec::new();
    let mut faces = HashMap::new();
    for file in FILES {
        let blob = Blob::new(Arc::new(*file));
        let face = Font::new((*file).into(), 0).expect("the compiled-in fonts are sound");
        faces.insert(blob.id(), face);
        for (family, _) in collection.register_fonts(blob, None) {
            let name = collection.family_name(family).expect("it was registered just now");
            let name = FontFamilyName::Named(Cow::Owned(name.to_owned()));
            if !families.contains(&name) {
                families.push(name);
            }
        }
    }
    let context = FontContext { collection, source_cache: SourceCache::default() };
    Foundry { context, families, faces }
});

/// Colour as red, green, blue.
pub(crate) type Ink = [u8; 3];

/// How words are set.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    /// Size in points.
    pub(crate) size: f32,
    /// Bold rather than regular.
    pub(crate) bold: bool,
    /// Colour.
    pub(crate) ink: Ink,
}

/// What a run of letters carries besides its font: which of the paragraph's words it belongs to.
type Mark = usize;

/// A typesetter's case: the fonts at hand for one sheet.
pub(crate) struct Case {
    fonts: FontContext,
    layouts: LayoutContext<Mark>,
}

impl Case {
    pub(crate) fn new() -> Self {
        Self { fonts: FOUNDRY.context.clone(), layouts: LayoutContext::new() }
    }

    /// Shapes words, side by side with a dot between them, into lines at most `width` points wide.
    pub(crate) fn set(&mut self, words: &[Words], style: Style, width: f32) -> Paragraph {
        let mut unknown = Vec::new();
        let (text, layout) = loop {
            let (text, ends) = joined(words, &unknown);
            let layout = self.shape(&text, &ends, style, width);
            let more = letters_without_glyph(&layout, &text);
            if more.is_empty() {
                break (text, layout);
            }
            // Ends, because every turn takes letters out of the text and the replacement has a glyph.
            unknown.extend(more);
        };
        let languages = words.iter().map(|words| words.language.clone()).collect();
        let (height, width) = (layout.height(), layout.width());
        Paragraph { height, width, strokes: strokes(&layout, &text), text, languages, ink: style.ink }
    }

    fn shape(&mut self, text: &str, ends: &[usize], style: Style, width: f32) -> Layout<Mark> {
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
        let families = FontFamily::List(Cow::Borrowed(&FOUNDRY.families));
        builder.push_default(StyleProperty::FontFamily(families));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(LEADING)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        if style.bold {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        let mut start = 0;
        for (mark, end) in ends.iter().enumerate() {
            builder.push(StyleProperty::Brush(mark), start..*end);
            start = *end;
        }
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Left, AlignmentOptions::default());
        layout
    }
}

/// Room for a matra below and a reph above without touching the next line.
const LEADING: f32 = 1.42;

/// The words with a dot between them, and where each of them ends. Letters that no font has, and
/// those that archives forbid, are replaced: a strange name must not cost anyone a certificate.
fn joined(words: &[Words], unknown: &[char]) -> (String, Vec<usize>) {
    let printed = |letter: char| match letter {
        _ if letter.is_control() => ' ',
        '\u{feff}' | '\u{fffe}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => REPLACEMENT,
        _ if unknown.contains(&letter) => REPLACEMENT,
        _ => letter,
    };
    let mut text = String::new();
    let mut ends = Vec::new();
    for (index, words) in words.iter().enumerate() {
        if index > 0 {
            text.push_str("  ·  ");
        }
        text.extend(words.text.chars().map(printed));
        ends.push(text.len());
    }
    (text, ends)
}

const REPLACEMENT: char = '\u{fffd}';

/// The letters for which only the empty box could be drawn.
fn letters_without_glyph(layout: &Layout<Mark>, text: &str) -> Vec<char> {
    let runs = layout.lines().flat_map(|line| line.runs().collect::<Vec<_>>());
    let mut letters = Vec::new();
    for run in runs {
        for cluster in run.visual_clusters() {
            if cluster.glyphs().any(|glyph| glyph.id == 0) {
                letters.extend(text[letters_of(&cluster, text)].chars());
            }
        }
    }
    letters
}

/// Shaped lines, ready to be printed.
pub(crate) struct Paragraph {
    /// Height of all lines, in points.
    pub(crate) height: f32,
    /// Width of the longest line, in points.
    pub(crate) width: f32,
    /// What the lines say.
    pub(crate) text: String,
    /// Language of each of the words.
    pub(crate) languages: Vec<String>,
    /// Colour.
    pub(crate) ink: Ink,
    /// The runs of glyphs.
    pub(crate) strokes: Vec<Stroke>,
}

/// Glyphs of one font, one line and one language.
pub(crate) struct Stroke {
    /// Left end of the base line, from the paragraph's upper left corner.
    pub(crate) x: f32,
    /// Base line, from the paragraph's upper edge.
    pub(crate) y: f32,
    /// Size in points.
    pub(crate) size: f32,
    /// Font of the glyphs.
    pub(crate) font: Font,
    /// Which of the paragraph's words they belong to.
    pub(crate) mark: usize,
    /// The glyphs.
    pub(crate) glyphs: Vec<KrillaGlyph>,
}

fn strokes(layout: &Layout<Mark>, text: &str) -> Vec<Stroke> {
    let mut strokes = Vec::new();
    for line in layout.lines() {
        let mut x = line.metrics().offset;
        for run in line.runs() {
            x = add_run(&mut strokes, text, &run, (x, line.metrics().baseline));
        }
    }
    strokes
}

/// Adds the strokes of one run that starts at `x`, and tells where it ends.
fn add_run(strokes: &mut Vec<Stroke>, text: &str, run: &Run<'_, Mark>, (mut x, y): (f32, f32)) -> f32 {
    let font = &FOUNDRY.faces[&run.font().data.id()];
    let size = run.font_size();
    let first = strokes.len();
    // The later letters of a ligature have no glyph of their own.
    for cluster in run.visual_clusters().filter(|cluster| !cluster.is_ligature_continuation()) {
        let mark = cluster.first_style().brush;
        if strokes[first..].last().is_none_or(|stroke| stroke.mark != mark) {
            strokes.push(Stroke { x, y, size, font: font.clone(), mark, glyphs: Vec::new() });
        }
        let stroke = strokes.last_mut().expect("the first cluster of a run begins a stroke");
        let letters = letters_of(&cluster, text);
        for glyph in cluster.glyphs() {
            // Parley counts down the page, krilla up: without the sign, marks fall to the wrong side.
            let (right, up) = (glyph.x / size, -glyph.y / size);
            let id = GlyphId::new(glyph.id);
            stroke.glyphs.push(KrillaGlyph::new(id, glyph.advance / size, right, up, 0.0, letters.clone(), None));
            x += glyph.advance;
        }
    }
    x
}

/// The letters that the glyphs of this cluster stand for, so that text copied from the sheet, or read aloud, is the
/// text that was set. Parley may count a cluster's bytes by another of its letters: whole letters are taken, because
/// the writer of the sheet ends the process over half of one.
fn letters_of(cluster: &Cluster<'_, Mark>, text: &str) -> Range<usize> {
    let start = text.floor_char_boundary(cluster.text_range().start);
    start..text.ceil_char_boundary(end_of_ligature(cluster))
}

/// Where the last letter of a ligature ends.
fn end_of_ligature(cluster: &Cluster<'_, Mark>) -> usize {
    let mut end = cluster.text_range().end;
    let mut next = cluster.next_logical();
    while let Some(part) = next.filter(Cluster::is_ligature_continuation) {
        end = part.text_range().end;
        next = part.next_logical();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{Case, REPLACEMENT, Style};
    use crate::paper::Words;

    const NAMES: [&str; 14] = [
        "क्षत्रिय श्रीमती प्रमाणपत्र टीकाकरण स्त्री द्वितीय हिन्दी वर्ष कार्ड",
        "कोऱ्हाळे",
        "শ্রীমতী ক্ষমা",
        "ৰুক্মিণী শইকীয়া",
        "ஸ்ரீமதி கௌசல்யா",
        "శ్రీమతి కృష్ణవేణి",
        "શ્રીમતી ક્ષમા",
        "ਸ੍ਰੀਮਤੀ ਹਰਪ੍ਰੀਤ",
        "ಶ್ರೀಮತಿ ಕೃಷ್ಣವೇಣಿ",
        "ശ്രീമതി കൃഷ്ണവേണി",
        "ଶ୍ରୀମତୀ କ୍ଷମା",
        "محترمہ خدیجہ بیگم",
        "ꯃꯅꯤꯄꯨꯔ ꯂꯩꯃ",
        "ᱥᱟᱱᱛᱟᱲᱤ ᱢᱩᱨᱢᱩ",
    ];

    fn set(name: &str, bold: bool) -> super::Paragraph {
        let style = Style { size: 12.0, bold, ink: [0; 3] };
        Case::new().set(&[Words::plain(name)], style, 400.0)
    }

    #[test]
    fn every_letter_has_its_glyph_in_both_weights() {
        for (name, bold) in NAMES.iter().flat_map(|name| [(name, false), (name, true)]) {
            let paragraph = set(name, bold);
            assert_eq!(paragraph.text, *name);
            let glyphs = paragraph.strokes.iter().flat_map(|stroke| &stroke.glyphs);
            assert!(glyphs.clone().all(|glyph| glyph.glyph_id.to_u32() != 0), "{name}");
            // What the glyphs stand for, taken together, is the whole text.
            let mut covered: Vec<_> = glyphs.map(|glyph| glyph.text_range.clone()).collect();
            covered.sort_by_key(|range| (range.start, range.end));
            covered.dedup();
            let whole: String = covered.into_iter().map(|range| &name[range]).collect();
            assert_eq!(whole, *name);
        }
    }

    /// Fewer glyphs than letters: the letters have joined. Left alone, each would have its own.
    #[test]
    fn conjuncts_join() {
        for (word, at_most) in [("क्षत्रिय", 5), ("स्त्री", 3), ("द्वितीय", 6), ("श्री", 2), ("वर्ष", 3)]
        {
            let glyphs: usize = set(word, false).strokes.iter().map(|s| s.glyphs.len()).sum();
            assert!(glyphs <= at_most, "{word} has {glyphs} glyphs");
        }
    }

    #[test]
    fn a_letter_without_a_glyph_is_replaced_and_its_neighbours_are_not() {
        let text = set("अ💉b", false).text;
        assert_eq!(text, format!("अ{REPLACEMENT}b"));
    }
}
