//! The configuration of `teeka serve`: a TOML file, read once, with a plain sentence for everything that is missing.

use crate::gateway::Gateway;
use crate::operators::Operators;
use crate::room::Link;
use anyhow::{Context, bail, ensure};
use jiff::Timestamp;
use ledger::policy::Witness;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// Messages that an installation sends; each needs the id under which its operator registered it.
const TEMPLATES: [&str; 10] = [
    "sms-code-sign-in",
    "sms-code-certificate",
    "sms-code-presence",
    "sms-consent",
    "sms-status",
    "sms-appointment",
    "sms-called-off",
    "sms-new-browser",
    "sms-first-look",
    "sms-letter",
];

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where to listen.
    listen: Option<SocketAddr>,
    /// The data folder.
    data: Option<PathBuf>,
    /// The address of a PostgreSQL database, `postgres://…`, for the data; without one they lie in the folder.
    store: Option<String>,
    /// The folder of the root keys.
    keys: Option<PathBuf>,
    /// Where the key room is, if in a process of its own.
    pub(crate) key_room: Option<Link>,
    /// The name under which certificates are signed.
    issuer: Option<String>,
    messenger: Option<Messenger>,
    /// Where operators look.
    #[serde(default)]
    pub(crate) operators: Operators,
    /// Who cosigns the log outside.
    #[serde(default)]
    witness: Vec<Outside>,
    /// How many of them must.
    witnesses_needed: Option<usize>,
    tls: Option<Tls>,
    /// Who audits, by name: for the page that says who is connected.
    #[serde(default)]
    auditors: Vec<String>,
    /// Whose lawful orders are taken: short names, which stand in the log, with names for people.
    #[serde(default)]
    authorities: BTreeMap<String, String>,
    /// Where copies of the data are kept, in words, for the same page.
    backup: Option<String>,
    /// What stands in front and speaks TLS, in words: stated, so that nobody listens in the clear by mistake.
    proxy: Option<String>,
}

/// A witness of the log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outside {
    /// Its verifier key, as `teeka witness` says it.
    key: String,
    /// Where it takes checkpoints.
    url: String,
}

/// The operator's gateway for SMS.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Messenger {
    url: String,
    #[serde(default)]
    templates: BTreeMap<String, String>,
    /// The sender's name that was registered with the operators.
    header: String,
    /// A file with the value of the `Authorization` header, where the gateway wants one.
    authorization_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tls {
    cert: PathBuf,
    key: PathBuf,
}

impl Config {
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("the configuration {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("the configuration {}", path.display()))
    }

    pub(crate) fn listen(&self) -> anyhow::Result<SocketAddr> {
        self.listen.context("`listen` is missing: the address and port to listen on, such as \"0.0.0.0:8443\"")
    }

    pub(crate) fn data(&self) -> anyhow::Result<&Path> {
        self.data.as_deref().context("`data` is missing: the folder of the data")
    }

    pub(crate) fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    pub(crate) fn keys(&self) -> anyhow::Result<&Path> {
        self.keys.as_deref().context("`keys` is missing: the folder of the root keys, made by `teeka keys init`")
    }

    pub(crate) fn issuer(&self) -> anyhow::Result<&str> {
        self.issuer.as_deref().context("`issuer` is missing: the name under which certificates are signed")
    }

    /// What everybody may read of who is connected.
    ///
    /// # Errors
    /// For an authority whose short name is none.
    pub(crate) fn connected(&self, messenger: &Gateway) -> anyhow::Result<portal::Connected> {
        let (auditors, backup) = (self.auditors.clone(), self.backup.clone());
        let authorities = registry::order::Authorities::new(self.authorities.clone()).context(
            "`[authorities]` has a short name that is not of 1 to 32 small letters, digits and hyphens, or no name",
        )?;
        Ok(portal::Connected { messenger: Some(messenger.host()), auditors, backup, authorities })
    }

    /// Whom the log is shown to outside, and how many of them must cosign it; none of either where none is named.
    pub(crate) fn witnesses(&self) -> anyhow::Result<(Vec<Witness>, usize)> {
        let one = |Outside { key, url }: &Outside| {
            let key = key.parse().with_context(|| format!("`[[witness]]` has a key that is none: {key}"))?;
            Ok(Witness { key, url: Some(url.clone()) })
        };
        let outside = self.witness.iter().map(one).collect::<anyhow::Result<Vec<_>>>()?;
        let least = match (self.witnesses_needed, outside.len()) {
            (None, 0) => 0,
            (Some(least), many) if (1..=many).contains(&least) => least,
            (_, many) => {
                bail!("`witnesses_needed` says how many of the {many} `[[witness]]` must cosign the log: 1 to {many}")
            }
        };
        Ok((outside, least))
    }

    /// Where messages go. Without it nobody could sign in.
    pub(crate) fn messenger(&self) -> anyhow::Result<Gateway> {
        let messenger =
            self.messenger.as_ref().context("`[messenger]` is missing: nobody can sign in without messages")?;
        for template in TEMPLATES {
            ensure!(messenger.templates.contains_key(template), "`[messenger.templates]` has no id for `{template}`");
        }
        let read =
            |file: &PathBuf| std::fs::read_to_string(file).with_context(|| format!("the file {}", file.display()));
        let authorization = messenger.authorization_file.as_ref().map(read).transpose()?;
        let authorization = authorization.map(|text| text.trim().to_owned());
        Gateway::new(&messenger.url, messenger.header.clone(), authorization, messenger.templates.clone())
    }

    /// TLS of our own, or none behind a proxy that was stated.
    pub(crate) fn tls(&self) -> anyhow::Result<Option<TlsAcceptor>> {
        match (&self.tls, self.proxy.as_deref().map(str::trim)) {
            (Some(tls), None) => Ok(Some(acceptor(tls)?)),
            (None, Some(proxy)) if !proxy.is_empty() => Ok(None),
            (Some(_), Some(_)) => bail!("both `[tls]` and `proxy` stand in the configuration: which of them is it?"),
            _ => bail!(
                "neither `[tls]` with `cert` and `key`, nor `proxy = \"stated\"`: personal data does not travel in the clear"
            ),
        }
    }

    /// Until when the certificates of our own TLS are good, all of them.
    pub(crate) fn tls_until(&self) -> anyhow::Result<Option<Timestamp>> {
        let Some(tls) = &self.tls else { return Ok(None) };
        let ends = |one: &CertificateDer<'_>| {
            let read = Certificate::from_der(one)?;
            anyhow::Ok(Timestamp::try_from(read.tbs_certificate.validity.not_after.to_system_time())?)
        };
        let ends = chain(tls)?.iter().map(ends).collect::<Result<Vec<_>, _>>();
        Ok(ends.with_context(|| format!("the file {}", tls.cert.display()))?.into_iter().min())
    }
}

fn chain(tls: &Tls) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let about = || format!("the file {}", tls.cert.display());
    let chain = CertificateDer::pem_file_iter(&tls.cert).with_context(about)?;
    chain.collect::<Result<_, _>>().with_context(about)
}

fn acceptor(tls: &Tls) -> anyhow::Result<TlsAcceptor> {
    let chain = chain(tls)?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).with_context(|| format!("the file {}", tls.key.display()))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("the certificate and its key do not fit")?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::note::{Algorithm, Signer};

    fn refusals(text: &str) -> Vec<String> {
        let config: Config = toml::from_str(text).unwrap();
        let said = |refused: Option<anyhow::Error>| refused.map(|refused| refused.to_string());
        let all = [
            config.listen().err(),
            config.data().err(),
            config.keys().err(),
            config.issuer().err(),
            config.messenger().err(),
            config.tls().err(),
        ];
        all.into_iter().filter_map(said).collect()
    }

    const WHOLE: &str = r#"
        listen = "127.0.0.1:1"
        data = "data"
        keys = "keys"
        issuer = "health.example"
        proxy = "stated"
        [messenger]
        url = "http://127.0.0.1:9/send"
        header = "TEEKAX"
        [messenger.templates]
        sms-code-sign-in = "1"
        sms-code-certificate = "2"
        sms-code-presence = "3"
        sms-consent = "6"
        sms-status = "7"
        sms-appointment = "4"
        sms-called-off = "5"
        sms-new-browser = "6"
        sms-first-look = "7"
        sms-letter = "10"
    "#;

    #[test]
    fn a_whole_configuration_is_taken() {
        assert_eq!(refusals(WHOLE), Vec::<String>::new());
    }

    #[test]
    fn witnesses_are_named_with_how_many_must_cosign() {
        let of = |text: &str| toml::from_str::<Config>(text).unwrap().witnesses();
        let key = Signer::new("w.example", Algorithm::Cosignature, &[1; 32]).unwrap().verifier().to_string();
        let one = format!("[[witness]]\nkey = \"{key}\"\nurl = \"https://w.example\"\n");
        assert!(of("").unwrap().0.is_empty());
        let (outside, least) = of(&format!("witnesses_needed = 1\n{one}")).unwrap();
        assert_eq!(
            (outside[0].key.name(), outside[0].url.as_deref(), least),
            ("w.example", Some("https://w.example"), 1)
        );
        for wrong in [one.clone(), format!("witnesses_needed = 2\n{one}"), "witnesses_needed = 0".to_owned()] {
            assert!(of(&wrong).unwrap_err().to_string().contains("witnesses_needed"), "{wrong}");
        }
        let no_key = one.replace(&key, "w.example");
        assert!(of(&format!("witnesses_needed = 1\n{no_key}")).unwrap_err().to_string().contains("key"));
    }

    #[test]
    fn whatever_is_missing_is_named() {
        for missing in ["listen", "data", "keys", "issuer", "proxy", "url", "header", "sms-called-off"] {
            let without = |line: &&str| !line.trim_start().starts_with(missing);
            let text: Vec<&str> = WHOLE.lines().filter(without).collect();
            match toml::from_str::<Config>(&text.join("\n")) {
                Ok(_) => {
                    let said = refusals(&text.join("\n"));
                    assert_eq!(said.len(), 1, "{missing}: {said:?}");
                    assert!(said[0].contains(missing), "{missing}: {said:?}");
                }
                Err(error) => assert!(error.to_string().contains(missing), "{error}"),
            }
        }
        assert!(refusals("").len() == 6);
        assert!(toml::from_str::<Config>("inbox = true").is_err());
    }
}
