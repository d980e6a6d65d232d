//! The signed bytes: a CWT (RFC 8392) in a tagged `COSE_Sign1` (RFC 9052), in deterministic CBOR
//! (RFC 8949, section 4.2).
//!
//! Each certificate has exactly one encoding. The decoder makes sure of that in the plainest way:
//! it encodes what it has understood once more, and refuses if a single byte differs.

use ciborium::value::{Integer, Value};
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable, iana};
use jiff::civil::Date;

use crate::certificate::{Certificate, Dose, Gender, IdDocument, Issuer, IssuerKey, MAX_CWT_BYTES};
use crate::verify::VerifyError;

/// CWT claim keys, IANA registry "CBOR Web Token (CWT) Claims".
const ISSUER: i64 = 1;
const ISSUED_AT: i64 = 6;
const CWT_ID: i64 = 7;
/// The certificate itself: a claim of ours, from the range for private use (below -65536).
const CERTIFICATE: i64 = -70_001;

/// Signs `certificate`; see [`Issuer::issue`], which checks it first.
pub(crate) fn encode(certificate: &Certificate, issuer: &Issuer) -> Vec<u8> {
    let unsigned =
        CoseSign1Builder::new().protected(protected(issuer.key())).payload(claims(certificate, issuer.key()));
    unsigned
        .create_signature(b"", |message| issuer.sign(message))
        .build()
        .to_tagged_vec()
        .expect("a value made of integers, texts and bytes always encodes")
}

/// Reads a certificate back, if one of `keys` signed exactly these bytes.
pub(crate) fn decode(bytes: &[u8], keys: &[IssuerKey]) -> Result<Certificate, VerifyError> {
    if bytes.len() > MAX_CWT_BYTES {
        return Err(VerifyError::TooLarge);
    }
    let sign1 = CoseSign1::from_tagged_slice(bytes).map_err(|_| VerifyError::Altered)?;
    let named = &sign1.protected.header.key_id;
    let mut known = keys.iter().filter(|key| key.id()[..] == named[..]);
    let key = known.next().ok_or(VerifyError::UnknownIssuer)?;
    sign1.verify_signature(
        b"",
        |signature, message| {
            if key.signed(message, signature) { Ok(()) } else { Err(VerifyError::Altered) }
        },
    )?;
    let payload = sign1.payload.as_deref().ok_or(VerifyError::Altered)?;
    let certificate = read_claims(payload).ok_or(VerifyError::Altered)?;
    if again(&certificate, key, sign1.signature) != bytes {
        return Err(VerifyError::Altered);
    }
    Ok(certificate)
}

/// The one encoding of `certificate` under this key and signature.
fn again(certificate: &Certificate, key: &IssuerKey, signature: Vec<u8>) -> Vec<u8> {
    CoseSign1Builder::new()
        .protected(protected(key))
        .payload(claims(certificate, key))
        .signature(signature)
        .build()
        .to_tagged_vec()
        .expect("a value made of integers, texts and bytes always encodes")
}

fn protected(key: &IssuerKey) -> coset::Header {
    HeaderBuilder::new().algorithm(iana::Algorithm::EdDSA).key_id(key.id().to_vec()).build()
}

/// The claims. Maps are written in the order of their keys' encodings: 1, 6, 7, then the negative one.
fn claims(certificate: &Certificate, key: &IssuerKey) -> Vec<u8> {
    let map = Value::Map(vec![
        (ISSUER.into(), key.name().into()),
        (ISSUED_AT.into(), certificate.issued_at.into()),
        (CWT_ID.into(), Value::Bytes(certificate.id.to_vec())),
        (CERTIFICATE.into(), certificate_map(certificate)),
    ]);
    let mut bytes = Vec::new();
    ciborium::into_writer(&map, &mut bytes).expect("writing to memory does not fail");
    bytes
}

fn certificate_map(certificate: &Certificate) -> Value {
    let document = certificate.id_document.as_ref();
    let mut shared = Shared::default();
    let doses = certificate.doses.iter().map(|dose| dose_map(dose, &mut shared)).collect();
    numbered([
        Some(certificate.version.into()),
        Some(certificate.name.as_str().into()),
        Some(certificate.birth_year.into()),
        Some(gender_number(certificate.gender).into()),
        Some(certificate.reference_last4.as_str().into()),
        document.map(|d| Value::Array(vec![d.kind.as_str().into(), d.last4.as_str().into()])),
        Some(Value::Array(doses)),
        Some(Value::Array(shared.0.into_iter().map(Value::from).collect())),
    ])
}

fn dose_map<'a>(dose: &'a Dose, shared: &mut Shared<'a>) -> Value {
    numbered([
        Some(shared.place(&dose.vaccine)),
        Some(shared.place(&dose.manufacturer)),
        Some(dose.batch.as_str().into()),
        Some(dose.number.into()),
        Some(dose.total.into()),
        Some(days(dose.date).into()),
        Some(shared.place(&dose.centre)),
        Some(shared.place(&dose.district)),
        Some(shared.place(&dose.state)),
        dose.vaccinated_by.as_deref().map(|name| shared.place(name)),
    ])
}

/// The texts that doses have in common, each once, in the order of first use. Doses name them by
/// their place, so that a course at one centre takes little more room than a dose.
#[derive(Default)]
struct Shared<'a>(Vec<&'a str>);

impl<'a> Shared<'a> {
    fn place(&mut self, text: &'a str) -> Value {
        let found = self.0.iter().position(|known| *known == text);
        let place = found.unwrap_or_else(|| {
            self.0.push(text);
            self.0.len() - 1
        });
        Value::from(u64::try_from(place).expect("places are counted in memory"))
    }
}

/// A map with the keys 1, 2, 3 … in the order given; what is absent leaves its key out.
fn numbered<const N: usize>(values: [Option<Value>; N]) -> Value {
    let keyed = (1_u8..).zip(values);
    Value::Map(keyed.filter_map(|(key, value)| Some((key.into(), value?))).collect())
}

/// Days since 1970-01-01, the count of RFC 8943.
fn days(date: Date) -> i64 {
    let span = date.duration_since(EPOCH);
    span.as_hours() / 24
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

fn date(days: i64) -> Option<Date> {
    let hours = days.checked_mul(24)?;
    EPOCH.checked_add(jiff::SignedDuration::try_from_hours(hours)?).ok()
}

fn gender_number(gender: Gender) -> u8 {
    match gender {
        Gender::Male => 1,
        Gender::Female => 2,
        Gender::Other => 3,
    }
}

fn gender(number: u8) -> Option<Gender> {
    [Gender::Male, Gender::Female, Gender::Other].into_iter().find(|g| gender_number(*g) == number)
}

/// Understands the claims; what it does not understand is lost here and found missing by `again`.
fn read_claims(payload: &[u8]) -> Option<Certificate> {
    let claims: Value = ciborium::from_reader(payload).ok()?;
    let map = Fields::of(&claims)?;
    let body = Fields::of(map.value(CERTIFICATE)?)?;
    Some(Certificate {
        id: map.value(CWT_ID)?.as_bytes()?.as_slice().try_into().ok()?,
        version: body.number(1)?,
        name: body.text(2)?,
        birth_year: body.number(3)?,
        gender: gender(body.number(4)?)?,
        reference_last4: body.text(5)?,
        id_document: body.value(6).and_then(read_document),
        doses: read_doses(&body)?,
        issued_at: map.number(ISSUED_AT)?,
    })
}

fn read_document(value: &Value) -> Option<IdDocument> {
    let [kind, last4] = value.as_array()?.as_slice() else {
        return None;
    };
    Some(IdDocument { kind: kind.as_text()?.to_owned(), last4: last4.as_text()?.to_owned() })
}

fn read_doses(body: &Fields<'_>) -> Option<Vec<Dose>> {
    let shared = body.value(8)?.as_array()?;
    body.value(7)?.as_array()?.iter().map(|dose| read_dose(&Fields::of(dose)?, shared)).collect()
}

fn read_dose(dose: &Fields<'_>, shared: &[Value]) -> Option<Dose> {
    let common = |key| Some(shared.get(dose.number::<usize>(key)?)?.as_text()?.to_owned());
    Some(Dose {
        vaccine: common(1)?,
        manufacturer: common(2)?,
        batch: dose.text(3)?,
        number: dose.number(4)?,
        total: dose.number(5)?,
        date: date(dose.number(6)?)?,
        centre: common(7)?,
        district: common(8)?,
        state: common(9)?,
        vaccinated_by: common(10),
    })
}

/// A CBOR map with integer keys.
struct Fields<'a>(&'a [(Value, Value)]);

impl<'a> Fields<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        value.as_map().map(|entries| Self(entries))
    }

    fn value(&self, key: i64) -> Option<&'a Value> {
        let key = Integer::from(key);
        self.0.iter().find(|(k, _)| k.as_integer() == Some(key)).map(|(_, value)| value)
    }

    fn text(&self, key: i64) -> Option<String> {
        self.value(key)?.as_text().map(str::to_owned)
    }

    fn number<T: TryFrom<Integer>>(&self, key: i64) -> Option<T> {
        T::try_from(self.value(key)?.as_integer()?).ok()
    }
}
