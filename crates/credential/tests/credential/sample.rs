//! One person who does not exist, and the key that signs for her.

use credential::{Certificate, Dose, Gender, IdDocument, Issuer};
use jiff::civil::date;

pub(crate) fn issuer() -> Issuer {
    Issuer::from_seed(&[7; 32], "teeka.example").unwrap()
}

pub(crate) fn certificate(doses: u8) -> Certificate {
    Certificate {
        id: *b"0123456789abcdef",
        version: 1,
        name: "क्षत्रिय श्रीमती स्त्री देवी".to_owned(),
        birth_year: 1958,
        gender: Gender::Female,
        reference_last4: "4821".to_owned(),
        id_document: Some(IdDocument { kind: "Voter ID".to_owned(), last4: "37KL".to_owned() }),
        doses: (1..=doses).map(|number| dose(number, doses)).collect(),
        issued_at: 1_795_320_000,
    }
}

pub(crate) fn dose(number: u8, total: u8) -> Dose {
    Dose {
        vaccine: "COVISHIELD".to_owned(),
        manufacturer: "Serum Institute of India".to_owned(),
        batch: format!("4121Z{number:03}"),
        number,
        total,
        date: date(2026, 1, 16).saturating_add(jiff::Span::new().days(84 * i64::from(number - 1))),
        centre: "Primary Health Centre Rampur".to_owned(),
        district: "Sitapur".to_owned(),
        state: "Uttar Pradesh".to_owned(),
        vaccinated_by: Some("Asha Verma".to_owned()),
    }
}
