//! The line to a server: its address, who must be proven at its other end, and how long it may be silent.

use super::{Broken, Result};
use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};

/// How long a line may be silent until it is tried, and how long a trial waits for its answer.
const SILENCE: Duration = Duration::from_secs(5);

/// What the driver waits for before it tries a silent line, where an address says nothing else.
const TWO_HOURS: Duration = Duration::from_hours(2);

/// What the driver says of a server that has no certificate, and of a server that wants a password.
const NO_TLS: &str = "server does not support TLS";
const NO_PASSWORD: &str = "password missing";

/// How a server is reached.
#[derive(Clone)]
pub(crate) struct Line {
    config: Config,
    tls: MakeRustlsConnect,
    secrecy: Secrecy,
}

/// Who may read what travels on a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    /// Whoever stands on the way. On one machine nobody does, and in a tunnel nobody either.
    Clear,
    /// Whoever answered first.
    Sealed,
    /// The server of that name, and nobody else.
    Proven,
}

/// What an address says of TLS, in libpq's words. Files are named as they stand, without escapes.
#[derive(Default)]
struct Asked<'a> {
    mode: Option<&'a str>,
    root: Option<&'a str>,
    cert: Option<&'a str>,
    key: Option<&'a str>,
}

type Wire = Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

impl Line {
    /// The line to an address `postgres://…`. One to another machine says how it is kept secret, or is refused.
    pub(crate) fn at(url: &str) -> Result<Self> {
        let (asked, rest) = Asked::of(url);
        let is_ours = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        let config = is_ours.then(|| rest.parse::<Config>().ok()).flatten();
        let mut config = config.ok_or_else(|| broken("this is no address of a PostgreSQL database"))?;
        let secrecy = asked.secrecy(stays_here(&config))?;
        config.ssl_mode(if secrecy == Secrecy::Clear { SslMode::Disable } else { SslMode::Require });
        outlast(&mut config);
        Ok(Self { config, tls: MakeRustlsConnect::new(asked.tls(secrecy)?), secrecy })
    }

    pub(crate) async fn connect(&self) -> std::result::Result<(Client, Wire), tokio_postgres::Error> {
        self.config.connect(self.tls.clone()).await
    }

    /// The same, to tables in one schema.
    pub(crate) fn within(mut self, schema: &str) -> Self {
        let options = format!("{} -c search_path={schema}", self.config.get_options().unwrap_or_default());
        self.config.options(options);
        self
    }

    /// What can be said of its secrecy.
    pub(crate) fn about(&self) -> &'static str {
        match self.secrecy {
            Secrecy::Clear => "in the clear: on this machine, or in a tunnel that its address vouches for",
            Secrecy::Sealed => "TLS, but to whoever answers: only sslmode=verify-full asks who that is",
            Secrecy::Proven => "TLS, with a server that shows its certificate",
        }
    }
}

impl<'a> Asked<'a> {
    /// Takes out of an address what it says of TLS; the rest is the driver's to read.
    fn of(url: &'a str) -> (Self, String) {
        let mut asked = Self::default();
        // A password may hold a question mark; a name of a host may not.
        let host = url.find('@').unwrap_or(0);
        let Some(at) = url[host..].find('?').map(|at| host + at) else { return (asked, url.to_owned()) };
        let mut others = Vec::new();
        for one in url[at + 1..].split('&') {
            match one.split_once('=') {
                Some(("sslmode", mode)) => asked.mode = Some(mode),
                Some(("sslrootcert", file)) => asked.root = Some(file),
                Some(("sslcert", file)) => asked.cert = Some(file),
                Some(("sslkey", file)) => asked.key = Some(file),
                _ => others.push(one),
            }
        }
        let mark = if others.is_empty() { "" } else { "?" };
        (asked, format!("{}{mark}{}", &url[..at], others.join("&")))
    }

    fn secrecy(&self, stays_here: bool) -> Result<Secrecy> {
        let names_files = self.root.or(self.cert).or(self.key).is_some();
        match self.mode {
            None if !stays_here => Err(broken(
                "the address leads to another machine, and says nothing of TLS: it needs sslmode=verify-full with \
                 sslrootcert=FILE, or sslmode=disable where a tunnel keeps the line secret",
            )),
            None | Some("disable") if names_files => Err(broken("the address names certificates, and no TLS: sslmode")),
            None | Some("disable") => Ok(Secrecy::Clear),
            Some("require") if self.root.is_some() => Err(broken(
                "sslmode=require believes whoever answers: with sslrootcert it is sslmode=verify-full that is meant",
            )),
            Some("require") => Ok(Secrecy::Sealed),
            Some("verify-full") if self.root.is_none() => Err(broken("sslmode=verify-full needs sslrootcert=FILE")),
            Some("verify-full") => Ok(Secrecy::Proven),
            Some(_) => Err(broken("sslmode is verify-full, require or disable: no other keeps a promise")),
        }
    }

    fn tls(&self, secrecy: Secrecy) -> Result<ClientConfig> {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        for certificate in self.root.map(certificates).transpose()?.unwrap_or_default() {
            roots.add(certificate).map_err(|_| broken("sslrootcert holds what is no certificate"))?;
        }
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions of TLS");
        let config = match secrecy {
            // In the clear nobody is asked for a certificate, and nobody who came with one would be believed.
            Secrecy::Clear => config.with_root_certificates(roots),
            Secrecy::Sealed => config.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider))),
            Secrecy::Proven => {
                let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
                config.with_webpki_verifier(verifier.map_err(|_| broken("there is no certificate in sslrootcert"))?)
            }
        };
        match (self.cert, self.key) {
            (None, None) => Ok(config.with_no_client_auth()),
            (Some(cert), Some(key)) => {
                let key =
                    PrivateKeyDer::from_pem_file(key).map_err(|_| broken(&format!("there is no key in {key}")))?;
                let shown = config.with_client_auth_cert(certificates(cert)?, key);
                shown.map_err(|_| broken("sslcert and sslkey do not fit"))
            }
            _ => Err(broken("sslcert and sslkey are named together, or neither")),
        }
    }
}

fn certificates(file: &str) -> Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    read.map_err(|_| broken(&format!("there are no certificates in {file}")))
}

/// Whether nothing of it leaves this machine.
fn stays_here(config: &Config) -> bool {
    let is_here = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        Host::Unix(_) => true,
    };
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(is_here),
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

/// Has a connection outlast the server at its other end no longer than some seconds, and lead to one that may be written. Where an
/// address names several servers, that is the one that leads. What the address says itself stands.
fn outlast(config: &mut Config) {
    if config.get_target_session_attrs() == TargetSessionAttrs::Any {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(SILENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(3 * SILENCE);
    }
    if config.get_keepalives_idle() == TWO_HOURS {
        config.keepalives_idle(SILENCE).keepalives_interval(SILENCE).keepalives_retries(2);
    }
}

fn broken(why: &str) -> Broken {
    Broken::Engine(why.to_owned())
}

/// Why a line was not opened, where it is not that nobody answers.
pub(super) fn refused(error: &tokio_postgres::Error) -> Option<Broken> {
    let cause = error.source()?;
    let tls = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let Some(tls) = tls.and_then(|inner| inner.downcast_ref::<TlsError>()) else {
        return match cause.to_string().as_str() {
            NO_TLS => Some(broken("PostgreSQL speaks no TLS there, and the address wants it")),
            NO_PASSWORD => Some(broken("PostgreSQL wants a password, and the address has none")),
            _ => None,
        };
    };
    Some(match tls {
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            broken("PostgreSQL's certificate is of nobody whom sslrootcert names")
        }
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => broken("PostgreSQL's certificate is of another name than the address"),
        TlsError::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            broken("PostgreSQL's certificate ran out")
        }
        other => broken(&format!("PostgreSQL: TLS: {other}")),
    })
}

/// Believes whoever answers, as `sslmode=require` does; what is signed in the handshake must be signed by the certificate
/// that was shown.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_leads_to_whoever_may_be_written_and_a_silent_one_is_given_up() {
        let plain = Line::at("postgres://teeka@127.0.0.1,127.0.0.2/teeka").unwrap().config;
        assert_eq!(plain.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!(plain.get_connect_timeout(), Some(&SILENCE));
        assert_eq!((plain.get_tcp_user_timeout(), plain.get_keepalives_idle()), (Some(&(3 * SILENCE)), SILENCE));
        let told = "postgres://teeka@127.0.0.1/teeka?connect_timeout=9&keepalives_idle=8&tcp_user_timeout=7";
        let told = Line::at(told).unwrap().config;
        assert_eq!(told.get_connect_timeout(), Some(&Duration::from_secs(9)));
        assert_eq!(
            (told.get_tcp_user_timeout(), told.get_keepalives_idle()),
            (Some(&Duration::from_secs(7)), Duration::from_secs(8))
        );
    }

    #[test]
    fn nothing_leaves_the_machine_in_the_clear_by_mistake() {
        for here in [
            "postgres://teeka:p%40ss@127.0.0.1:5000/teeka",
            "postgres://teeka:what?@localhost/teeka?application_name=x",
            "postgres://[::1]/teeka",
            "postgres://teeka@%2Frun%2Fpostgresql/teeka",
            "postgres://db.example/teeka?hostaddr=127.0.0.1",
            "postgres://10.7.0.11,10.7.0.12/teeka?sslmode=disable",
        ] {
            let line = Line::at(here).unwrap_or_else(|why| panic!("{here}: {why}"));
            assert_eq!(line.config.get_ssl_mode(), SslMode::Disable, "{here}");
        }
        let sealed = Line::at("postgres://db.example/teeka?connect_timeout=9&sslmode=require").unwrap();
        assert_eq!(sealed.config.get_ssl_mode(), SslMode::Require);
        assert_eq!(sealed.config.get_connect_timeout(), Some(&Duration::from_secs(9)));
        for (away, why) in [
            ("postgres://teeka@db.example/teeka", "another machine"),
            ("postgres://teeka@127.0.0.1,10.7.0.12/teeka", "another machine"),
            ("postgres://teeka@localhost/teeka?hostaddr=10.7.0.12", "another machine"),
            ("postgres://teeka@db.example/teeka?sslmode=prefer", "no other keeps a promise"),
            ("postgres://teeka@db.example/teeka?sslmode=verify-full", "needs sslrootcert"),
            ("postgres://teeka@db.example/teeka?sslmode=verify-full&sslrootcert=nowhere.pem", "nowhere.pem"),
            ("postgres://teeka@db.example/teeka?sslmode=require&sslrootcert=ca.pem", "believes whoever answers"),
            ("postgres://teeka@db.example/teeka?sslmode=require&sslcert=own.pem", "together"),
            ("postgres://teeka@localhost/teeka?sslrootcert=ca.pem", "no TLS"),
            ("host=localhost sslmode=require", "no address"),
        ] {
            let said = Line::at(away).err().map(|why| why.to_string()).unwrap_or_default();
            assert!(said.contains(why), "{away}: {said}");
        }
    }
}
