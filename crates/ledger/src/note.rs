//! Signed notes, as C2SP signed-note writes them: a text, and lines by which keys vouch for it.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The most signature lines that are read of one note.
const MOST_SIGNATURES: usize = 100;

/// A text with its signatures; which of them are good is for [`Note::vouched_by`] to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, with a newline at its end.
    pub text: String,
    /// Signatures in their order, of known and unknown keys.
    pub signatures: Vec<Signature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// The key's short id.
    pub id: [u8; 4],
    /// What follows, in the form of the key's algorithm.
    pub bytes: Vec<u8>,
}

/// It has not the form that it should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct Malformed(pub &'static str);

impl FromStr for Note {
    type Err = Malformed;

    fn from_str(note: &str) -> Result<Self, Malformed> {
        let malformed = Malformed("signed note");
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(malformed)?;
        if note.chars().any(|letter| letter.is_ascii_control() && letter != '\n') {
            return Err(malformed);
        }
        let lines = signatures.strip_suffix('\n').ok_or(malformed)?.split('\n');
        let signatures = lines.map(str::parse).collect::<Result<Vec<Signature>, _>>()?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(malformed);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(out, "{signature}"))
    }
}

impl FromStr for Signature {
    type Err = Malformed;

    fn from_str(line: &str) -> Result<Self, Malformed> {
        let read = || {
            let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
            let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
            let (id, bytes) = bytes.split_first_chunk::<4>()?;
            let is_whole = is_name(name) && !bytes.is_empty();
            is_whole.then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
        };
        read().ok_or(Malformed("signature line"))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "— {} {}", self.name, BASE64.encode(&[self.id.as_slice(), &self.bytes].concat()))
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('+') && !name.chars().any(char::is_whitespace)
}

/// What a key's signatures mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 over the text: a log.
    Ed25519 = 1,
    /// Ed25519 over time and text, C2SP cosignature/v1: a witness.
    Cosignature = 4,
}

/// A key that signatures are checked with, in its published form `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl Verifier {
    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its signatures mean.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether both are the same key, whatever they are called.
    #[must_use]
    pub fn is_same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }

    fn published(&self) -> Vec<u8> {
        [&[self.algorithm as u8], self.key.as_bytes().as_slice()].concat()
    }

    fn id(&self) -> [u8; 4] {
        let digest =
            Sha256::new().chain_update(&self.name).chain_update(b"\n").chain_update(self.published()).finalize();
        digest[..4].try_into().expect("a digest has four bytes")
    }
}

impl FromStr for Verifier {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let read = || {
            let (name, rest) = text.split_once('+')?;
            let (id, key) = rest.split_once('+')?;
            let published = BASE64.decode(key.as_bytes()).ok()?;
            let (algorithm, key) = published.split_first()?;
            let algorithm = match algorithm {
                1 => Algorithm::Ed25519,
                4 => Algorithm::Cosignature,
                _ => return None,
            };
            let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
            let verifier = Self { name: name.to_owned(), algorithm, key };
            (is_name(name) && HEXLOWER.encode(&verifier.id()) == id).then_some(verifier)
        };
        read().ok_or(Malformed("verifier key"))
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}+{}+{}", self.name, HEXLOWER.encode(&self.id()), BASE64.encode(&self.published()))
    }
}

/// A key that signs.
pub struct Signer {
    verifier: Verifier,
    key: SigningKey,
}

impl Signer {
    /// A key from its 32 secret bytes.
    ///
    /// # Errors
    /// When the name is empty or has a space or a plus sign.
    pub fn new(name: &str, algorithm: Algorithm, secret: &[u8; 32]) -> Result<Self, Malformed> {
        let key = SigningKey::from_bytes(secret);
        let verifier = Verifier { name: name.to_owned(), algorithm, key: key.verifying_key() };
        if is_name(name) { Ok(Self { verifier, key }) } else { Err(Malformed("name of a key")) }
    }

    /// Its public half.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Signs a text; a witness says at which second since the epoch.
    #[must_use]
    pub fn sign(&self, text: &str, at_s: u64) -> Signature {
        let bytes = match self.verifier.algorithm {
            Algorithm::Ed25519 => self.key.sign(text.as_bytes()).to_bytes().to_vec(),
            Algorithm::Cosignature => {
                let signature = self.key.sign(cosigned(text, at_s).as_bytes());
                [at_s.to_be_bytes().as_slice(), &signature.to_bytes()].concat()
            }
        };
        Signature { name: self.verifier.name.clone(), id: self.verifier.id(), bytes }
    }
}

fn cosigned(text: &str, at_s: u64) -> String {
    format!("cosignature/v1\ntime {at_s}\n{text}")
}

/// A good signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vouched {
    /// When, in seconds since the epoch, where the algorithm says it.
    pub at_s: Option<u64>,
}

impl Note {
    /// Whether this key vouches for the text. A line that bears its name and id and does not check spoils the note.
    #[must_use]
    pub fn vouched_by(&self, verifier: &Verifier) -> Option<Vouched> {
        let id = verifier.id();
        let mut own = self.signatures.iter().filter(|one| one.name == verifier.name && one.id == id);
        let first = self.check(verifier, own.next()?)?;
        own.all(|one| self.check(verifier, one).is_some()).then_some(first)
    }

    fn check(&self, verifier: &Verifier, signature: &Signature) -> Option<Vouched> {
        let (at_s, bytes, text) = match verifier.algorithm {
            Algorithm::Ed25519 => (None, signature.bytes.as_slice(), self.text.clone()),
            Algorithm::Cosignature => {
                let (at_s, bytes) = signature.bytes.split_first_chunk::<8>()?;
                let at_s = u64::from_be_bytes(*at_s);
                (Some(at_s), bytes, cosigned(&self.text, at_s))
            }
        };
        let signature = ed25519_dalek::Signature::from_slice(bytes).ok()?;
        verifier.key.verify_strict(text.as_bytes(), &signature).ok()?;
        Some(Vouched { at_s })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Go module `golang.org/x/mod/sumdb/note`, whose key is public.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const SONG: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_published_example_is_vouched_for_by_its_key() {
        let verifier: Verifier = PETER.parse().unwrap();
        assert_eq!(verifier.to_string(), PETER);
        let note: Note = SONG.parse().unwrap();
        assert_eq!(note.to_string(), SONG);
        assert_eq!(note.vouched_by(&verifier), Some(Vouched { at_s: None }));
        let altered: Note = SONG.replace("answer", "Answer").parse().unwrap();
        assert_eq!(altered.vouched_by(&verifier), None);
    }

    #[test]
    fn a_witness_says_when() {
        let witness = Signer::new("witness.example", Algorithm::Cosignature, &[7; 32]).unwrap();
        let mut note = Note { text: "origin\n1\nroot\n".into(), signatures: Vec::new() };
        note.signatures.push(witness.sign(&note.text, 1_795_000_000));
        let read: Note = note.to_string().parse().unwrap();
        assert_eq!(read.vouched_by(witness.verifier()), Some(Vouched { at_s: Some(1_795_000_000) }));
        let mut later = read.clone();
        later.signatures[0].bytes[7] ^= 1;
        assert_eq!(later.vouched_by(witness.verifier()), None, "the time is signed too");
        // The same key as a log's is another key.
        let log = Signer::new("witness.example", Algorithm::Ed25519, &[7; 32]).unwrap();
        assert_eq!(read.vouched_by(log.verifier()), None);
    }

    #[test]
    fn a_bad_line_of_a_known_key_spoils_the_note_and_one_of_an_unknown_key_does_not() {
        let log = Signer::new("log.example", Algorithm::Ed25519, &[1; 32]).unwrap();
        let stranger = Signer::new("stranger.example", Algorithm::Ed25519, &[2; 32]).unwrap();
        let text = "one\ntwo\n".to_owned();
        let mut note = Note { signatures: vec![stranger.sign("else\n", 0), log.sign(&text, 0)], text };
        assert!(note.vouched_by(log.verifier()).is_some());
        note.signatures.push(Signature { bytes: vec![0; 64], ..note.signatures[1].clone() });
        assert!(note.vouched_by(log.verifier()).is_none());
    }

    #[test]
    fn what_is_not_a_note_or_a_key_is_refused() {
        for text in [
            "",
            "text\n",
            "text\n\n",
            "text\n\n— name\n",
            "text\n\n— name !!!!\n",
            "text\n\n— name AAAA\n",
            "text\n\n- name AAAAAAA=\n",
            "text\n\n— na+me AAAAAAA=\n",
            "text\n\n— name AAAAAAA=",
            "te\txt\n\n— name AAAAAAA=\n",
        ] {
            assert!(text.parse::<Note>().is_err(), "{text:?}");
        }
        assert!("text\n\n— name AAAAAAA=\n".parse::<Note>().is_ok());
        for key in
            ["", "a", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a+00000000+CQ=="]
        {
            assert!(key.parse::<Verifier>().is_err(), "{key}");
        }
        assert!(Signer::new("two words", Algorithm::Ed25519, &[0; 32]).is_err());
    }
}
