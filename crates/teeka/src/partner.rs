//! `teeka admin client`: partners' programs, registered by the operator; and the one that a demonstration brings along.

use crate::{ambient, keys};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use data_encoding::BASE64;
use registry::client::line;
use registry::{ClientId, ClientState};
use std::path::{Path, PathBuf};
use vault::rows::ClientRow;
use vault::{Field, Fields, Vault};

/// How an Ed25519 public key begins in DER, and a secret one (RFC 8410).
const PUBLIC_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const SECRET_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The file with the secret key of the demonstration's partner.
pub(crate) const DEMO_KEY: &str = "partner.pem";

/// Partners' programs.
#[derive(Subcommand)]
pub(crate) enum Partner {
    /// Register a client, or change what is registered under its id. Everybody can read it, but the contact.
    Register(Box<Register>),
    /// Stop a client at once.
    Stop {
        /// Its id.
        id: ClientId,
    },
    /// List all clients.
    List,
}

/// Register a client.
#[derive(Args)]
pub(crate) struct Register {
    /// Its id: small letters, digits, hyphens.
    id: ClientId,
    /// The organisation, as people read it.
    #[arg(long)]
    name: String,
    /// Whom to call.
    #[arg(long)]
    contact: String,
    /// File with its Ed25519 public key: PEM, or base64 of its 32 bytes.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The fields it may ask for at most: name, birth-year, gender, id-document, reference, booking-code, comorbidity.
    #[arg(long, value_delimiter = ',', required = true)]
    fields: Vec<String>,
    /// A short code of its purpose, such as CAREMGT.
    #[arg(long, default_value = "CAREMGT")]
    purpose_code: String,
    /// Its purpose in one line, in English.
    #[arg(long)]
    purpose_en: String,
    /// Its purpose in one line, in Hindi.
    #[arg(long)]
    purpose_hi: String,
    /// How many people it may ask in a day.
    #[arg(long)]
    a_day: u32,
    /// `sandbox`: it is answered and reaches nobody; `live`: people get its requests.
    #[arg(long, default_value = "sandbox")]
    state: ClientState,
}

impl Partner {
    pub(crate) async fn run(self, vault: &Vault) -> anyhow::Result<()> {
        match self {
            Self::Register(register) => {
                let row = register.row()?;
                let (id, state) = (row.id.clone(), row.state);
                vault.register_client(row).await?;
                say!("{id} is registered: {}", state.code());
            }
            Self::Stop { id } => {
                vault.stop_client(id.clone()).await.with_context(|| format!("cannot stop {id}"))?;
                say!("{id} is stopped");
            }
            Self::List => {
                for row in vault.clients().await? {
                    let fields: Vec<&str> = row.fields.iter().map(Field::code).collect();
                    let (id, state, contact) = (row.id.text(), row.state.code(), &row.contact);
                    say!("{id:<32} {state:<8} {:>6} a day  {} ({contact})", row.consents_a_day, row.name);
                    say!("{:<32} {} | {} | {}", "", fields.join(","), row.purpose_en, row.purpose_hi);
                }
            }
        }
        Ok(())
    }
}

impl Register {
    fn row(self) -> anyhow::Result<ClientRow> {
        let text = std::fs::read_to_string(&self.key).with_context(|| self.key.display().to_string())?;
        let key = public_key(&text).with_context(|| format!("{} is no Ed25519 public key", self.key.display()))?;
        let field = |code: &String| {
            let known = Field::ALL.iter().copied().find(|field| field.code() == code.trim());
            known.with_context(|| format!("there is no field {code}"))
        };
        let fields: Vec<Field> = self.fields.iter().map(field).collect::<anyhow::Result<_>>()?;
        Ok(ClientRow {
            id: self.id,
            name: line(&self.name, 60, "name")?,
            contact: line(&self.contact, 120, "contact")?,
            key,
            fields: Fields::of(&fields),
            purpose_code: line(&self.purpose_code, 16, "purpose-code")?,
            purpose_en: line(&self.purpose_en, 100, "purpose-en")?,
            purpose_hi: line(&self.purpose_hi, 100, "purpose-hi")?,
            consents_a_day: self.a_day,
            state: self.state,
        })
    }
}

/// The 32 bytes of a public key, from PEM or plain base64.
fn public_key(text: &str) -> Option<[u8; 32]> {
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let bytes = BASE64.decode(body.as_bytes()).ok()?;
    let raw = if bytes.len() == 32 { &bytes } else { bytes.strip_prefix(&PUBLIC_HEAD)? };
    raw.try_into().ok()
}

/// A partner to try things with: it may ask everybody in the made-up world for everything that can be asked. Its secret
/// key lies in the data folder.
pub(crate) async fn register_demo(vault: &Vault, data: &Path) -> anyhow::Result<()> {
    let mut seed = [0; 32];
    ambient::random()(&mut seed);
    let body = BASE64.encode(&[SECRET_HEAD.as_slice(), &seed].concat());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    keys::write_anew(&data.join(DEMO_KEY), pem.as_bytes())?;
    let Ok(id) = "sandbox".parse() else { bail!("the demonstration's partner has no id") };
    let row = ClientRow {
        id,
        name: "Sandbox Clinic".to_owned(),
        contact: "nobody: it is made up".to_owned(),
        key: vault::public_half(&seed),
        fields: Fields::of(&Vault::askable()),
        purpose_code: "CAREMGT".to_owned(),
        purpose_en: "To plan your next dose with you".to_owned(),
        purpose_hi: "आपके साथ आपकी अगली खुराक तय करने के लिए".to_owned(),
        consents_a_day: 10_000,
        state: ClientState::Live,
    };
    Ok(vault.register_client(row).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_read_from_pem_and_from_base64() {
        let key = [7; 32];
        let plain = BASE64.encode(&key);
        let der = BASE64.encode(&[PUBLIC_HEAD.as_slice(), &key].concat());
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n");
        assert_eq!((public_key(&plain), public_key(&pem)), (Some(key), Some(key)));
        let secret = BASE64.encode(&[SECRET_HEAD.as_slice(), &key].concat());
        for wrong in ["", "no key", &plain[1..], &secret] {
            assert_eq!(public_key(wrong), None, "{wrong}");
        }
    }
}
