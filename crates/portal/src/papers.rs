//! What the sheets of paper say: the appointment slip, the certificate, the registration card. English and Hindi
//! stand side by side on each, because the one who reads it at a gate is not the one who asked for it.

use crate::Failure;
use crate::words::{Language, Words, in_groups};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use credential::paper::{self, Attachment, Block, Row, Said, Sheet};
use credential::{Gender, qr};
use data_encoding::HEXUPPER;
use registry::{BirthYear, Name, Reference};
use vault::rows::{AppointmentRow, Offer};
use vault::{Certified, Disclosed, Refused, Registered, Slip};

/// Under this name the signed text rides along in a certificate's PDF.
pub const ATTACHMENT: &str = "teeka-certificate.txt";

/// The slip of an appointment: when and where, then each member with her reference, her four-digit code and a QR
/// code that holds the reference alone. `made_ms` is milliseconds since the epoch.
#[must_use]
pub fn slip(slips: &[Disclosed<Slip>], appointment: &AppointmentRow, offer: &Offer, made_ms: i64) -> Sheet {
    let mut blocks = vec![appointment_panel(appointment, offer)];
    for slip in slips {
        blocks.extend(member_blocks(slip));
    }
    blocks.push(Block::Note(said("paper-slip-note")));
    let number = appointment.id.to_string();
    Sheet {
        subtitle: each(|w| w.with("paper-slip-number", [("number", number.as_str().into())])),
        blocks,
        ..blank("paper-slip-title", made_ms / 1000)
    }
}

fn appointment_panel(appointment: &AppointmentRow, offer: &Offer) -> Block {
    let centre = &offer.centre;
    let place = format!("{}, {}, {}", centre.address, centre.block, centre.pincode.number());
    let rows = vec![
        Row::prominent(said("paper-day"), each(|w| w.date(appointment.day))),
        Row::prominent(said("paper-slot"), plain(appointment.slot.text())),
        Row::prominent(said("paper-centre"), plain(&centre.name)),
        Row::new(said("paper-address"), plain(place)),
        Row::new(said("paper-vaccine"), plain(appointment.vaccine.label())),
        Row::new(said("paper-dose"), plain(appointment.dose.to_string())),
        Row::new(said("paper-fee"), each(|w| w.fee(offer.session.fee.paise.into()))),
    ];
    Block::Panel { heading: said("paper-appointment"), rows, columns: 2 }
}

fn member_blocks(slip: &Slip) -> [Block; 3] {
    let code = slip.code.as_ref().map(|code| Row::prominent(said("paper-code"), plain(code)));
    let rows = [Row::prominent(said("paper-name"), plain(&slip.name))]
        .into_iter()
        .chain(code)
        .chain([Row::new(said("paper-reference"), plain(in_groups(&slip.reference)))]);
    [
        Block::Heading(said("paper-beneficiary")),
        Block::Rows { rows: rows.collect(), columns: 2 },
        Block::Code {
            text: slip.reference.clone(),
            label: said("paper-reference-code"),
            side_millimetres: 26,
            caption: said("paper-slip-caption"),
        },
    ]
}

/// A certificate, with its signed text as a QR code and as the attachment [`ATTACHMENT`]. `issuer` is the name in
/// the issuer's key.
#[must_use]
pub fn certificate(certified: &Disclosed<Certified>, issuer: &str) -> Sheet {
    let certificate = &certified.certificate;
    let text = qr::to_text(&certified.cwt);
    let mut blocks = vec![
        Block::Heading(said("paper-beneficiary")),
        Block::Rows { rows: person_rows(certificate), columns: 4 },
        Block::Heading(said("paper-doses")),
    ];
    blocks.extend(certificate.doses.iter().map(dose_panel));
    blocks.push(Block::Code {
        text: text.clone(),
        label: said("paper-certificate-code"),
        side_millimetres: 58,
        caption: said("paper-certificate-caption"),
    });
    blocks.push(Block::Note(said("paper-certificate-note")));
    let number = HEXUPPER.encode(&certificate.id);
    let version = certificate.version;
    let day = vault::at(certificate.issued_at * 1000).date();
    Sheet {
        subtitle: each(|w| {
            w.with("paper-certificate-number", [("number", number.as_str().into()), ("version", version.into())])
        }),
        blocks,
        footer: each(|w| w.with("paper-issued", [("issuer", issuer.into()), ("date", w.date(day).into())])),
        attachment: Some(Attachment {
            name: ATTACHMENT.to_owned(),
            mime: "text/plain".to_owned(),
            description: Words::default().t("paper-attachment"),
            bytes: text.into_bytes(),
        }),
        ..blank("paper-certificate-title", certificate.issued_at)
    }
}

fn person_rows(certificate: &credential::Certificate) -> Vec<Row> {
    let gender = match certificate.gender {
        Gender::Male => "paper-male",
        Gender::Female => "paper-female",
        Gender::Other => "paper-other",
    };
    let document = certificate.id_document.as_ref();
    let document = document.map(|d| Row::new(said("paper-id"), plain(format!("{} …{}", d.kind, d.last4))));
    [
        Row::prominent(said("paper-name"), plain(&certificate.name)),
        Row::new(said("paper-birth-year"), plain(certificate.birth_year.to_string())),
        Row::new(said("paper-gender"), said(gender)),
        Row::new(said("paper-reference-ends"), plain(&certificate.reference_last4)),
    ]
    .into_iter()
    .chain(document)
    .collect()
}

fn dose_panel(dose: &credential::Dose) -> Block {
    let numbers = |w: Words| w.with("paper-dose-of", [("number", dose.number.into()), ("total", dose.total.into())]);
    let mut rows = vec![
        Row::new(said("paper-vaccine"), plain(&dose.vaccine)),
        Row::new(said("paper-dose-day"), each(|w| w.date(dose.date))),
        Row::new(said("paper-batch"), plain(&dose.batch)),
        Row::new(said("paper-manufacturer"), plain(&dose.manufacturer)),
        Row::new(said("paper-dose-place"), plain(format!("{}, {}, {}", dose.centre, dose.district, dose.state))),
    ];
    rows.extend(dose.vaccinated_by.as_ref().map(|name| Row::new(said("paper-vaccinator"), plain(name))));
    Block::Panel { heading: each(numbers), rows, columns: 3 }
}

/// The card of someone registered at a centre. Its QR code is read by [`scanned`]; it shows her eight digits once.
#[must_use]
pub fn card(registered: &Registered, name: &Name, born: BirthYear, centre: &str, made_ms: i64) -> Sheet {
    let reference = registered.reference.digits();
    let text = match &registered.card {
        Some(digits) => format!("{reference}-{digits}"),
        None => reference.clone(),
    };
    let number = registered.card.as_ref().map(|d| Row::prominent(said("paper-card-number"), plain(in_groups(d))));
    let rows = [Row::prominent(said("paper-name"), plain(name.text()))]
        .into_iter()
        .chain([Row::new(said("paper-reference"), plain(in_groups(&reference)))])
        .chain(number)
        .chain([Row::new(said("paper-birth-year"), plain(born.year().to_string()))]);
    let card =
        Block::Card { heading: said("paper-card-heading"), rows: rows.collect(), text, label: said("paper-card-code") };
    Sheet {
        subtitle: plain(centre),
        blocks: vec![Block::Note(said("paper-card-note")), card, Block::Note(said("paper-card-keep"))],
        ..blank("paper-card-title", made_ms / 1000)
    }
}

/// What a scanned slip or card says: the reference, and of a card its eight digits.
#[must_use]
pub fn scanned(text: &str) -> Option<(Reference, Option<String>)> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let (reference, card) = digits.split_at_checked(Reference::DIGITS)?;
    let is_card = card.len() == 8 && card.bytes().all(|b| b.is_ascii_digit());
    let card = match card {
        "" => None,
        _ if is_card => Some(card.to_owned()),
        _ => return None,
    };
    Some((reference.parse().ok()?, card))
}

/// Sets a sheet off the async threads and answers it as a PDF, to be opened in the browser under `name`.
///
/// # Errors
/// A [`Failure`] when the sheet cannot be set.
pub(crate) async fn answer(sheet: Sheet, name: &str) -> Result<Response, Failure> {
    let set = tokio::task::spawn_blocking(move || paper::typeset(&sheet)).await;
    let pdf = set.map_err(|_| Failure::from(Refused::Unavailable))?.map_err(|error| {
        tracing::error!(%error, "a sheet was not set");
        Failure::from(Refused::Unavailable)
    })?;
    let place = format!("inline; filename=\"{name}.pdf\"");
    let headers = [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, place.as_str())];
    Ok((headers, pdf).into_response())
}

fn blank(title: &str, made_at: i64) -> Sheet {
    Sheet {
        language: "en-IN".to_owned(),
        made_at,
        masthead: said("paper-masthead"),
        title: said(title),
        subtitle: Vec::new(),
        blocks: Vec::new(),
        footer: said("paper-footer"),
        attachment: None,
    }
}

fn each(words: impl Fn(Words) -> String) -> Said {
    Language::ALL.map(|language| paper::Words::new(language.code(), words(Words::new(language)))).into()
}

fn said(key: &str) -> Said {
    each(|w| w.t(key))
}

fn plain(text: impl Into<String>) -> Said {
    vec![paper::Words::plain(text)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_is_a_reference_or_a_card_or_nothing() {
        let reference = Reference::from_random([9; 8]);
        let digits = reference.digits();
        assert!(scanned(&digits) == Some((reference, None)));
        assert!(scanned(&format!("{digits}-12345678")) == Some((reference, Some("12345678".into()))));
        for text in
            ["", "12", &digits[..13], &format!("{digits}-1234567"), &format!("{digits}-1234567x"), "https://a.example"]
        {
            assert!(scanned(text).is_none(), "{text}");
        }
    }
}
