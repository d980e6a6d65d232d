//! The root key, and what is derived from it.

use crate::Index;
use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};
use data_encoding::HEXLOWER;
use hkdf::Hkdf;
use ledger::TagKey;
use ledger::note::{Algorithm, Signer};
use sha2::Sha256;
use zeroize::Zeroizing;

fn derive(bytes: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, bytes).expand(info, key.as_mut()).expect("32 bytes are within HKDF's bound");
    key
}

/// The root: wraps every person's keys and keys the indexes. From a file that only the key room may read.
pub struct Root {
    cipher: Aes256GcmSiv,
    hold: Aes256GcmSiv,
    hold_key: Zeroizing<[u8; 32]>,
    index: TagKey,
    witness: Zeroizing<[u8; 32]>,
    name: String,
}

impl Root {
    /// The root from its 32 bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        let [index, witness, hold] =
            [b"teeka/index/v1".as_slice(), b"teeka/witness/v1", b"teeka/hold/v1"].map(|info| *derive(bytes, info));
        Self::with(bytes, index, witness, &hold)
    }

    /// The root from its 32 bytes, with what the first root left it ([`Root::legacy`]): indexes, cosignatures and what is held stay the
    /// same when the root changes.
    #[must_use]
    pub fn next(bytes: &[u8; 32], legacy: &[u8; 96]) -> Self {
        let ([index, witness, hold], []) = legacy.as_chunks::<32>() else { unreachable!("three times thirty-two") };
        Self::with(bytes, *index, *witness, hold)
    }

    /// What every later root keeps: the key of the indexes, the seed of the cosigning key, the key of the hold.
    #[must_use]
    pub fn legacy(&self) -> Zeroizing<[u8; 96]> {
        let mut legacy = Zeroizing::new([0; 96]);
        legacy[..32].copy_from_slice(&self.index.0);
        legacy[32..64].copy_from_slice(self.witness.as_ref());
        legacy[64..].copy_from_slice(self.hold_key.as_ref());
        legacy
    }

    /// A name by which the root is known, and which tells nothing of it: 16 hexadecimal digits.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn with(bytes: &[u8; 32], index: [u8; 32], witness: [u8; 32], hold: &[u8; 32]) -> Self {
        let cipher = |key: &[u8]| Aes256GcmSiv::new_from_slice(key).expect("the key has 32 bytes");
        let (cipher, hold, hold_key) =
            (cipher(derive(bytes, b"teeka/wrap/v1").as_ref()), cipher(hold), Zeroizing::new(*hold));
        let name = HEXLOWER.encode(&derive(bytes, b"teeka/root-name/v1")[..8]);
        Self { cipher, hold, hold_key, index: TagKey(index), witness: Zeroizing::new(witness), name }
    }

    /// The key by which the room cosigns the checkpoints of a log.
    #[must_use]
    pub fn cosigner(&self, log: &str) -> Signer {
        let name = format!("{log}/keyroom");
        Signer::new(&name, Algorithm::Cosignature, &self.witness).expect("a log's name is a key's name")
    }

    /// A key wrapped for the shelf, bound to its person and role; the nonce stands in front.
    pub(crate) fn wrap(&self, key: &[u8; 32], person: &[u8; 16], role: &str, nonce: [u8; 12]) -> Vec<u8> {
        wrap(&self.cipher, key, person, role, nonce)
    }

    /// The key, if it was wrapped by this root for this person and role.
    pub(crate) fn unwrap(&self, wrapped: &[u8], person: &[u8; 16], role: &str) -> Option<Zeroizing<[u8; 32]>> {
        unwrap(&self.cipher, wrapped, person, role)
    }

    /// As [`Root::wrap`], for the hold, whose keys the shelf's root does not open.
    pub(crate) fn hold(&self, key: &[u8; 32], person: &[u8; 16], role: &str, nonce: [u8; 12]) -> Vec<u8> {
        wrap(&self.hold, key, person, role, nonce)
    }

    /// The key, if it was wrapped for the hold.
    pub(crate) fn unhold(&self, wrapped: &[u8], person: &[u8; 16], role: &str) -> Option<Zeroizing<[u8; 32]>> {
        unwrap(&self.hold, wrapped, person, role)
    }

    /// The keyed value under which a person is found; full length, of its own kind.
    pub(crate) fn index(&self, index: Index, value: &[u8]) -> [u8; 32] {
        let kind: &[u8] = match index {
            Index::Phone => b"phone",
            Index::Reference => b"reference",
            Index::IdDocument => b"id-document",
            Index::Desk => b"desk",
        };
        self.index.mac(&[kind, value])
    }
}

fn wrap(cipher: &Aes256GcmSiv, key: &[u8; 32], person: &[u8; 16], role: &str, nonce: [u8; 12]) -> Vec<u8> {
    let aad = [person.as_slice(), role.as_bytes()].concat();
    let payload = Payload { msg: key, aad: &aad };
    let body = cipher.encrypt(&Nonce::from(nonce), payload).expect("a key is short enough to seal");
    [nonce.as_slice(), &body].concat()
}

fn unwrap(cipher: &Aes256GcmSiv, wrapped: &[u8], person: &[u8; 16], role: &str) -> Option<Zeroizing<[u8; 32]>> {
    let (nonce, body) = wrapped.split_first_chunk::<12>()?;
    let aad = [person.as_slice(), role.as_bytes()].concat();
    let key = Zeroizing::new(cipher.decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: &aad }).ok()?);
    key.as_slice().try_into().ok().map(Zeroizing::new)
}
