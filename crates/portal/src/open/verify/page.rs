//! What the person at the gate reads.

use super::Verdict;
use crate::page::{self, Form, Tone, banner, button, details, link_button, summary_list, table, upload_form};
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
        }))
        p.quiet { (w.t("verify-not-kept")) }
        (details(&w.t("verify-offline"), html! {
            p { (w.t("verify-offline-text")) }
            p { code { "teeka verify --key teeka-issuer.txt certificate.pdf" } }
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
    let issued = w.date_time(vault::at(certificate.issued_at.saturating_mul(1000)).datetime());
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
