//! The words of every page and message, in every language.
//!
//! A language is one folder of `.ftl` files under `locales/` and one line in [`Language`]. Page functions
//! take [`Words`] first and ask it for text by key; numbers, dates, times, phones and money are written
//! the way people in India read them. Nothing is concatenated: a sentence with a value in it is one
//! message with a variable, so that each language keeps its own word order and plural forms.
//!
//! ```
//! # use portal::words::{Language, Words};
//! let w = Words::new(Language::English);
//! assert_eq!(w.t("continue"), "Continue");
//! assert_eq!(w.with("progress-step", [("step", 2.into()), ("steps", 5.into())]), "Step 2 of 5");
//! assert_eq!(w.date(jiff::civil::date(2026, 11, 23)), "Mon 23 Nov 2026");
//! ```

use std::convert::Infallible;
use std::sync::LazyLock;

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::{Date, DateTime, Time};

mod figures;

/// Digits in groups of four, as people copy them.
pub(crate) fn in_groups(digits: &str) -> String {
    let letters: Vec<char> = digits.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;

pub use figures::{grouped, phone, rupees};

/// A value put into a message: text, or a number that chooses the plural and is grouped the Indian way.
/// A year or a code is text, so that it keeps its digits together: `("year", "2026".into())`.
pub type Value<'a> = FluentValue<'a>;

type Bundle = FluentBundle<FluentResource>;

/// The areas a language is divided into, one file each, so that authors do not meet in one file.
macro_rules! areas {
    ($folder:literal) => {
        [
            include_str!(concat!("../locales/", $folder, "/common.ftl")),
            include_str!(concat!("../locales/", $folder, "/home.ftl")),
            include_str!(concat!("../locales/", $folder, "/citizen.ftl")),
            include_str!(concat!("../locales/", $folder, "/vaccinator.ftl")),
            include_str!(concat!("../locales/", $folder, "/counter.ftl")),
            include_str!(concat!("../locales/", $folder, "/manager.ftl")),
            include_str!(concat!("../locales/", $folder, "/verify.ftl")),
            include_str!(concat!("../locales/", $folder, "/messages.ftl")),
            include_str!(concat!("../locales/", $folder, "/papers.ftl")),
            include_str!(concat!("../locales/", $folder, "/rights.ftl")),
            include_str!(concat!("../locales/", $folder, "/api.ftl")),
            include_str!(concat!("../locales/", $folder, "/watching.ftl")),
            include_str!(concat!("../locales/", $folder, "/consent.ftl")),
            include_str!(concat!("../locales/", $folder, "/cases.ftl")),
            include_str!(concat!("../locales/", $folder, "/orders.ftl")),
            include_str!(concat!("../locales/", $folder, "/present.ftl")),
            include_str!(concat!("../locales/", $folder, "/operators.ftl")),
        ]
    };
}

/// A language the whole product speaks. Its name in its own script is the message `language-name` of its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Indian English, and what is spoken when nothing else was asked for.
    #[default]
    English,
    /// Hindi in Devanagari.
    Hindi,
}

impl Language {
    /// Every language, in the order in which the switch offers them.
    pub const ALL: [Self; 2] = [Self::English, Self::Hindi];

    /// The BCP 47 code, which is also the folder's name and the cookie's value.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Hindi => "hi",
        }
    }

    const fn sources(self) -> [&'static str; 17] {
        match self {
            Self::English => areas!("en"),
            Self::Hindi => areas!("hi"),
        }
    }

    /// The language with this code, if we speak it; a region is ignored (`hi-IN` is Hindi).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split('-').next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The reader's language: the cookie `lang`, else the best of `Accept-Language`, else English.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let cookie = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .find_map(|pair| Self::from_code(pair.trim().strip_prefix("lang=")?));
        let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| Self::accepted(value.to_str().ok()?));
        cookie.or_else(accepted).unwrap_or_default()
    }

    /// The language of the highest weight in an `Accept-Language` value (RFC 9110, 12.5.4); the first among equals.
    fn accepted(value: &str) -> Option<Self> {
        let mut best = None;
        for part in value.split(',') {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let weight: f32 = weight.trim().parse().unwrap_or(0.0);
            if let Some(language) = Self::from_code(tag)
                && weight > best.map_or(0.0, |(_, heaviest)| heaviest)
            {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }

    fn bundle(self) -> &'static Bundle {
        static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| Language::ALL.map(bundle));
        &BUNDLES[self as usize]
    }
}

/// Parses one language's folder. The files are part of the program, and a test parses them all.
fn bundle(language: Language) -> Bundle {
    let code = language.code().parse().expect("our own codes are valid BCP 47");
    let mut bundle = Bundle::new_concurrent(vec![code]);
    // Marks of direction around each value serve right-to-left scripts and only show up as noise in ours.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            // Counts on a page are far below 2^53, where a float stops being exact.
            #[allow(clippy::cast_possible_truncation)]
            Some(grouped(number.value as i64))
        }
        _ => None,
    }));
    for source in language.sources() {
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) => resource,
            Err((resource, problems)) => {
                debug_assert!(problems.is_empty(), "{}: {problems:?}", language.code());
                resource
            }
        };
        let added = bundle.add_resource(resource);
        debug_assert!(added.is_ok(), "{}: {added:?}", language.code());
    }
    bundle
}

/// The words of one language: a handle to copy and to pass first. It is also an extractor, so a handler
/// takes `w: Words` and has the reader's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words(Language);

impl<S: Sync> FromRequestParts<S> for Words {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Language::of(&parts.headers)))
    }
}

impl Words {
    /// The words of this language.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self(language)
    }

    /// The language these words are in.
    #[must_use]
    pub const fn language(self) -> Language {
        self.0
    }

    /// The message of this key. A missing key is a panic in debug builds and the bare key in release;
    /// a test looks up every key named in the sources.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.find(key, None)
    }

    /// The message of this key with its variables: `w.with("page-of", [("page", 2.into()), ("pages", 5.into())])`.
    #[must_use]
    pub fn with<const N: usize>(self, key: &str, values: [(&'static str, Value<'_>); N]) -> String {
        self.find(key, Some(&FluentArgs::from_iter(values)))
    }

    fn find(self, key: &str, values: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.0.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            debug_assert!(false, "no message {key} in {}", self.0.code());
            return key.to_owned();
        };
        let mut problems = Vec::new();
        let text = bundle.format_pattern(pattern, values, &mut problems);
        debug_assert!(problems.is_empty(), "message {key} in {}: {problems:?}", self.0.code());
        text.into_owned()
    }

    /// A date with its weekday and year: *Mon 23 Nov 2026*.
    #[must_use]
    pub fn date(self, date: Date) -> String {
        self.with("date", Self::date_values(date))
    }

    /// A date in the coming days, where the year is plain: *Mon 23 Nov*.
    #[must_use]
    pub fn day(self, date: Date) -> String {
        self.with("day", Self::date_values(date))
    }

    fn date_values(date: Date) -> [(&'static str, Value<'static>); 4] {
        [
            ("weekday", date.weekday().to_monday_one_offset().into()),
            ("day", date.day().to_string().into()),
            ("month", date.month().into()),
            ("year", date.year().to_string().into()),
        ]
    }

    /// A time of day to the minute: *4:02 pm*, *शाम 4:02 बजे*.
    #[must_use]
    pub fn time(self, time: Time) -> String {
        let clock = format!("{}:{:02}", (time.hour() + 11) % 12 + 1, time.minute());
        self.clock(time, clock)
    }

    /// A time of day to the second, for figures that are live: *4:02:17 pm*.
    #[must_use]
    pub fn time_exact(self, time: Time) -> String {
        let clock = format!("{}:{:02}:{:02}", (time.hour() + 11) % 12 + 1, time.minute(), time.second());
        self.clock(time, clock)
    }

    fn clock(self, time: Time, clock: String) -> String {
        let part = match time.hour() {
            0..4 => "small-hours",
            4..12 => "morning",
            12..16 => "afternoon",
            16..20 => "evening",
            _ => "night",
        };
        self.with("time", [("clock", clock.into()), ("part", part.into())])
    }

    /// From a time to a later one: *9:00 am to 11:30 am*.
    #[must_use]
    pub fn time_span(self, from: Time, to: Time) -> String {
        self.with("time-span", [("from", self.time(from).into()), ("to", self.time(to).into())])
    }

    /// A date and a time: *Mon 23 Nov 2026, 4:02 pm*. The caller has put it in the centre's zone.
    #[must_use]
    pub fn date_time(self, moment: DateTime) -> String {
        let (date, time) = (self.date(moment.date()), self.time(moment.time()));
        self.with("date-time", [("date", date.into()), ("time", time.into())])
    }

    /// A whole number, grouped the Indian way: *12,34,567*.
    #[must_use]
    pub fn number(self, number: i64) -> String {
        grouped(number)
    }

    /// What a dose costs, from paise: *₹250*, or the word for *free* when it is nothing.
    #[must_use]
    pub fn fee(self, paise: u64) -> String {
        if paise == 0 { self.t("free") } else { rupees(paise) }
    }

    /// How far away something is, from metres: *850 m*, *2.4 km*, *31 km*.
    #[must_use]
    pub fn distance(self, metres: u32) -> String {
        if metres < 1_000 {
            return self.with("distance-metres", [("metres", metres.into())]);
        }
        let tenths = (metres + 50) / 100;
        let kilometres = match (tenths / 10, tenths % 10) {
            (whole, tenth) if whole < 10 => format!("{whole}.{tenth}"),
            (whole, _) => grouped(i64::from(whole)),
        };
        self.with("distance-kilometres", [("kilometres", kilometres.into())])
    }
}
