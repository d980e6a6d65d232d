//! What the person at the gate reads.

use super::Verdict;
use crate::page::{self, Form, Tone, banner, button, details, link_button, moment, summary_list, table, upload_form};
use crate::words::Words;
use credential::{Certificate, Gender, VerifyError};
use maud::{Markup, html};
use vault::Standing;

pub(super) fn ask(w: Words, form: &Form) -> Markup {
    let files = ".pdf,.png,.txt,application/pdf,image/png,text/plain";
    html! {
        p.lead { (w.t("verify-lead")) }
        (upload_form("/verify", html! {
            (page::field(w, form, "file", w.t("verify-file")).hint(w.t("verify-file-hint")).file(files))
            (page::field(w, form, "text", w.t("verify-text")).hint(w.t("verify-text-hint")).lines(4).scan())
            (button(w.t("verify-check")))
            p.hint { (w.t("verify-not-kept")) }
        }))
        (details(&w.t("verify-offline"), html! {
            p { (w.t("verify-offline-text")) }
            p { code { "teeka verify --key-file issuer.txt certificate.pdf" } }
            p { a href="/verify/key" { (w.t("verify-offline-key")) } }
        }))
    }
}

pub(super) fn verdict(w: Words, verdict: &Verdict) -> Markup {
    html! {
        @match verdict {
            Verdict::Genuine(certificate, standing) => (genuine(w, certificate, *standing)),
            Verdict::Refused(error) => (refused(w, *error)),
        }
        div.buttons.no-print { (link_button("/verify", &w.t("verify-another"))) }
    }
}

fn genuine(w: Words, certificate: &Certificate, standing: Standing) -> Markup {
    let (tone, title, text) = match standing {
        Standing::Current => (Tone::Good, "verify-current", "verify-current-text"),
        Standing::Extended => (Tone::Warn, "verify-extended", "verify-extended-text"),
        Standing::Corrected => (Tone::Warn, "verify-corrected", "verify-corrected-text"),
        Standing::Unknown => (Tone::Bad, "verify-unknown", "verify-unknown-text"),
    };
    html! {
        h1 { (w.t(title)) }
        (banner(w, tone, html! { p { (w.t(text)) } }))
        h2 { (w.t("verify-says")) }
        (says(w, certificate))
        (doses(w, certificate))
        p.quiet { (w.t("verify-compare")) }
    }
}

fn says(w: Words, certificate: &Certificate) -> Markup {
    let gender = w.t(match certificate.gender {
        Gender::Male => "verify-male",
        Gender::Female => "verify-female",
        Gender::Other => "verify-other",
    });
    let issued = moment(w, certificate.issued_at.saturating_mul(1000));
    let list = summary_list(w)
        .row(w.t("verify-name"), certificate.name.as_str())
        .row(w.t("verify-birth-year"), certificate.birth_year.to_string())
        .row(w.t("verify-gender"), gender)
        .row(w.t("verify-reference"), w.with("verify-ends", [("end", certificate.reference_last4.as_str().into())]));
    let list = match &certificate.id_document {
        Some(document) => {
            let shown = [("kind", document.kind.as_str().into()), ("end", document.last4.as_str().into())];
            list.row(w.t("verify-document"), w.with("verify-document-ends", shown))
        }
        None => list,
    };
    html! { (list.row(w.t("verify-issued"), issued).row(w.t("verify-version"), certificate.version.to_string())) }
}

fn doses(w: Words, certificate: &Certificate) -> Markup {
    html! {
        (certificate.doses.iter().fold(
            table(w.t("verify-doses")).column(w.t("verify-dose")).column(w.t("session-day")).column(w.t("session-vaccine")).column(w.t("verify-where")),
            |table, dose| table.row(vec![
                html! { (w.with("verify-dose-of", [("number", dose.number.into()), ("total", dose.total.into())])) },
                html! { (w.date(dose.date)) },
                html! { (dose.vaccine) br; span.quiet { (w.with("verify-batch", [("batch", dose.batch.as_str().into())])) } },
                html! { (dose.centre) br; span.quiet { (w.with("verify-place", [("district", dose.district.as_str().into()), ("state", dose.state.as_str().into())])) } },
            ]),
        ))
    }
}

fn refused(w: Words, error: VerifyError) -> Markup {
    let (title, text) = match error {
        VerifyError::NotOurs => ("verify-not-ours", "verify-not-ours-text"),
        VerifyError::Several => ("verify-several", "verify-several-text"),
        VerifyError::UnknownIssuer => ("verify-issuer", "verify-issuer-text"),
        VerifyError::Altered => ("verify-altered", "verify-altered-text"),
        VerifyError::NotReadable => ("verify-unreadable", "verify-unreadable-text"),
        VerifyError::TooLarge => ("verify-large", "verify-large-text"),
    };
    html! {
        h1 { (w.t(title)) }
        (banner(w, Tone::Bad, html! { p { (w.t(text)) } }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;
    use credential::{Dose, IdDocument};
    use jiff::civil::date;

    fn certificate() -> Certificate {
        Certificate {
            id: [7; 16],
            version: 2,
            name: "Kamala <b>Bai".into(),
            birth_year: 1961,
            gender: Gender::Female,
            reference_last4: "4821".into(),
            id_document: Some(IdDocument { kind: "Voter ID".into(), last4: "12AB".into() }),
            doses: vec![Dose {
                vaccine: "COVAXIN".into(),
                manufacturer: "Bharat Biotech".into(),
                batch: "CVX-1".into(),
                number: 1,
                total: 2,
                date: date(2026, 11, 23),
                centre: "CHC Brodipet".into(),
                district: "Guntur".into(),
                state: "Andhra Pradesh".into(),
                vaccinated_by: None,
            }],
            issued_at: 1_795_400_000,
        }
    }

    #[test]
    fn a_genuine_certificate_is_shown_whole_and_its_text_stays_text() {
        let page = verdict(Words::default(), &Verdict::Genuine(Box::new(certificate()), Standing::Current)).0;
        for words in [
            "This certificate is genuine",
            "Kamala &lt;b&gt;Bai",
            "1961",
            "ends in 4821",
            "Voter ID, ends in 12AB",
            "1 of 2",
            "CVX-1",
            "Guntur, Andhra Pradesh",
        ] {
            assert!(page.contains(words), "{words}");
        }
    }

    #[test]
    fn only_the_newest_certificate_gets_the_good_colour() {
        for (standing, tone) in [
            (Standing::Current, "good"),
            (Standing::Extended, "warn"),
            (Standing::Corrected, "warn"),
            (Standing::Unknown, "bad"),
        ] {
            let page = verdict(Words::default(), &Verdict::Genuine(Box::new(certificate()), standing)).0;
            assert!(page.contains(&format!("class=\"banner {tone}\"")), "{tone}");
        }
    }

    #[test]
    fn each_refusal_has_words_of_its_own_in_every_language() {
        use VerifyError::{Altered, NotOurs, NotReadable, Several, TooLarge, UnknownIssuer};
        for language in Language::ALL {
            let page = |error| verdict(Words::new(language), &Verdict::Refused(error)).0;
            let pages: std::collections::BTreeSet<String> =
                [Altered, NotOurs, NotReadable, Several, TooLarge, UnknownIssuer].map(page).into();
            assert_eq!(pages.len(), 6);
            assert!(pages.iter().all(|page| page.contains("banner bad")));
        }
    }
}
