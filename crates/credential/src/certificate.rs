//! What a certificate says, and who may say it.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::cwt;

/// A vaccination certificate: plain data, as the beneficiary may show it to anyone.
///
/// It carries no phone, no address, no complete reference and no complete identity number.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Random identity of this certificate; the same for all its versions. The `cti` claim.
    pub id: [u8; 16],
    /// 1 for the first issue, one more for each correction. A higher version supersedes the lower.
    pub version: u32,
    /// The name, as registered, in the script in which it was registered.
    pub name: String,
    /// Year of birth, four digits.
    pub birth_year: u16,
    /// Gender as registered.
    pub gender: Gender,
    /// The last four digits of the beneficiary reference.
    pub reference_last4: String,
    /// The identity document shown, if one was.
    pub id_document: Option<IdDocument>,
    /// The doses that are certified, oldest first.
    pub doses: Vec<Dose>,
    /// When it was issued, in seconds since 1970-01-01T00:00:00Z. The `iat` claim.
    pub issued_at: i64,
}

/// Gender as `CoWIN` registers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Other.
    Other,
}

/// An identity document, of which only the kind and the end of the number are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct IdDocument {
    /// The kind of document in plain words, for example `Voter ID`.
    pub kind: String,
    /// The last four characters of its number.
    pub last4: String,
}

/// One dose, given.
#[derive(Clone, PartialEq, Eq)]
pub struct Dose {
    /// Name of the vaccine.
    pub vaccine: String,
    /// Who made it.
    pub manufacturer: String,
    /// Batch number, as printed on the vial.
    pub batch: String,
    /// Which dose of the course this is, from 1.
    pub number: u8,
    /// How many doses the course has.
    pub total: u8,
    /// The day on which it was given, at the centre.
    pub date: Date,
    /// Name of the vaccination centre.
    pub centre: String,
    /// District of the centre.
    pub district: String,
    /// State or union territory of the centre.
    pub state: String,
    /// Name of the vaccinator, where it is shown.
    pub vaccinated_by: Option<String>,
}

/// Shows only what names nobody, so that no log line can carry a person by accident.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("id", &HEXLOWER.encode(&self.id))
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// First eight bytes of SHA-256 of a public key; names the key in the `kid` header.
pub(crate) type KeyId = [u8; 8];

fn key_id(public: &VerifyingKey) -> KeyId {
    let digest = Sha256::digest(public.as_bytes());
    let mut id = KeyId::default();
    id.copy_from_slice(&digest[..8]);
    id
}

/// Someone who signs certificates: an Ed25519 key and a name. Has no `Debug`, because it is a secret.
pub struct Issuer {
    secret: SigningKey,
    key: IssuerKey,
}

impl Issuer {
    /// An issuer from its 32-byte seed. `name` becomes the `iss` claim and is part of the published key.
    ///
    /// # Errors
    /// [`IssuerKeyError::Name`] if the name is empty, longer than 64 characters, or has characters
    /// other than letters, digits, `.` and `-`.
    pub fn from_seed(seed: &[u8; 32], name: &str) -> Result<Self, IssuerKeyError> {
        let secret = SigningKey::from_bytes(seed);
        let key = IssuerKey::new(name, secret.verifying_key())?;
        Ok(Self { secret, key })
    }

    /// The public part, to be published.
    #[must_use]
    pub fn key(&self) -> &IssuerKey {
        &self.key
    }

    /// Signs a certificate: the bytes of a tagged `COSE_Sign1` that holds a CWT.
    ///
    /// Deterministic: the same certificate and issuer make the same bytes.
    ///
    /// # Errors
    /// [`IssueError`] if the certificate cannot be carried by one QR code, or has a field that no
    /// verifier would accept.
    pub fn issue(&self, certificate: &Certificate) -> Result<Vec<u8>, IssueError> {
        check(certificate)?;
        let bytes = cwt::encode(certificate, self);
        if bytes.len() > MAX_CWT_BYTES {
            return Err(IssueError::TooLong { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    /// Signs the `Sig_structure` of RFC 9052.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.secret.sign(message).to_bytes().to_vec()
    }
}

fn check(certificate: &Certificate) -> Result<(), IssueError> {
    let dose_is_sound = |dose: &Dose| dose.number >= 1 && dose.number <= dose.total;
    if certificate.version == 0 {
        return Err(IssueError::Field("version"));
    }
    if certificate.name.trim().is_empty() {
        return Err(IssueError::Field("name"));
    }
    if certificate.doses.is_empty() || !certificate.doses.iter().all(dose_is_sound) {
        return Err(IssueError::Field("doses"));
    }
    Ok(())
}

/// The longest CWT that is issued or read: with its prefix it just fits a QR code of version 40
/// at error correction level M (3,391 alphanumeric characters).
pub const MAX_CWT_BYTES: usize = 2_250;

/// Why a certificate was not issued.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IssueError {
    /// It does not fit one QR code.
    #[error("the certificate has {bytes} bytes, more than one QR code carries")]
    TooLong {
        /// Size of the CWT.
        bytes: usize,
    },
    /// A field is missing or impossible.
    #[error("the certificate's field `{0}` is missing or impossible")]
    Field(&'static str),
}

/// The public key of an issuer, with its name: what a verifier needs, and all it needs.
///
/// Text form, after the manner of C2SP note keys: `teeka-issuer+NAME+KID+KEY`, where KID is 16
/// lower-case hexadecimal digits and KEY is the Ed25519 public key in unpadded base64url.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerKey {
    name: String,
    id: KeyId,
    public: VerifyingKey,
}

const KEY_PREFIX: &str = "teeka-issuer";

impl IssuerKey {
    fn new(name: &str, public: VerifyingKey) -> Result<Self, IssuerKeyError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
            return Err(IssuerKeyError::Name);
        }
        Ok(Self { name: name.to_owned(), id: key_id(&public), public })
    }

    /// The issuer's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id that stands in the `kid` header: the first eight bytes of SHA-256 of the key.
    #[must_use]
    pub fn id(&self) -> [u8; 8] {
        self.id
    }

    /// Whether `signature` over `message` was made by this key. Strict: small-order keys and
    /// non-canonical signatures are refused, so that a signature has one form only.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.public.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = BASE64URL_NOPAD.encode(self.public.as_bytes());
        write!(f, "{KEY_PREFIX}+{}+{}+{key}", self.name, HEXLOWER.encode(&self.id))
    }
}

impl std::str::FromStr for IssuerKey {
    type Err = IssuerKeyError;

    fn from_str(text: &str) -> Result<Self, IssuerKeyError> {
        let parts: Vec<&str> = text.trim().split('+').collect();
        let [KEY_PREFIX, name, id, key] = parts[..] else {
            return Err(IssuerKeyError::Shape);
        };
        let bytes = BASE64URL_NOPAD.decode(key.as_bytes()).map_err(|_| IssuerKeyError::Key)?;
        let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| IssuerKeyError::Key)?;
        let public = VerifyingKey::from_bytes(&bytes).map_err(|_| IssuerKeyError::Key)?;
        let parsed = Self::new(name, public)?;
        if public.is_weak() || HEXLOWER.encode(&parsed.id) != id {
            return Err(IssuerKeyError::Key);
        }
        Ok(parsed)
    }
}

/// Why a text is not an issuer's key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IssuerKeyError {
    /// Not of the form `teeka-issuer+NAME+KID+KEY`.
    #[error("an issuer key reads teeka-issuer+NAME+KID+KEY")]
    Shape,
    /// The name is empty, too long, or has a forbidden character.
    #[error("an issuer name has 1 to 64 letters, digits, dots and hyphens")]
    Name,
    /// The key is not a sound Ed25519 key, or its id does not belong to it.
    #[error("the key is damaged")]
    Key,
}
