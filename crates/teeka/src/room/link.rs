//! Sockets between vault and key room: of this machine, or TLS by which both show who they are.

use crate::ambient;
use anyhow::{Context, bail, ensure};
use clap::Args;
use keyroom::{Connect, Remote, Room, Stream, serve};
use serde::Deserialize;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Where the key room listens.
#[derive(Args)]
pub(super) struct At {
    /// A socket of this machine. Whoever may write to it may ask: it opens to its owner and group.
    #[arg(long, value_name = "PATH", required_unless_present = "listen")]
    socket: Option<PathBuf>,
    /// An address for other machines. Both sides show a certificate.
    #[arg(long, value_name = "ADDR:PORT", conflicts_with = "socket", requires_all = ["cert", "key", "clients"])]
    listen: Option<SocketAddr>,
    /// The key room's certificate, PEM.
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Its private key, PEM.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Certificates of whoever may vouch for a vault, PEM.
    #[arg(long, value_name = "FILE")]
    clients: Option<PathBuf>,
}

/// A listening socket.
pub(super) enum Door {
    Here(UnixListener, PathBuf),
    There(TcpListener, TlsAcceptor),
}

impl At {
    pub(super) async fn open(&self) -> anyhow::Result<Door> {
        if let Some(path) = &self.socket {
            // Whoever holds the lock on the data is the only one to listen: what lies here is left from before.
            match std::fs::symlink_metadata(path) {
                Ok(left) if left.file_type().is_socket() => std::fs::remove_file(path)?,
                Ok(_) => bail!("{} is no socket", path.display()),
                Err(_) => {}
            }
            let listener = UnixListener::bind(path).with_context(|| format!("cannot listen on {}", path.display()))?;
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o660))?;
            return Ok(Door::Here(listener, path.clone()));
        }
        let (Some(address), Some(cert), Some(key), Some(clients)) = (self.listen, &self.cert, &self.key, &self.clients)
        else {
            bail!("a socket, or an address with certificates, is needed");
        };
        let provider = Arc::new(ring::default_provider());
        let known = WebPkiClientVerifier::builder_with_provider(Arc::new(roots(clients)?), Arc::clone(&provider));
        let (chain, key) = own(cert, key)?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(known.build().context("the certificates of the clients")?)
            .with_single_cert(chain, key)
            .context("the certificate and its key do not fit")?;
        let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        Ok(Door::There(listener, TlsAcceptor::from(Arc::new(config))))
    }
}

impl Door {
    /// Where it is, in words.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Here(_, path) => path.display().to_string(),
            Self::There(listener, _) => listener.local_addr().map(|at| at.to_string()).unwrap_or_default(),
        }
    }

    /// Answers whoever comes in, until the process is asked to end.
    pub(super) async fn serve(self, room: Arc<dyn Room>) -> anyhow::Result<()> {
        let mut end = std::pin::pin!(crate::listen::asked_to_end());
        loop {
            let accepted = tokio::select! {
                accepted = self.accept() => accepted,
                () = &mut end => return Ok(()),
            };
            let Ok(coming) = accepted else {
                // Out of file handles, or a caller that was gone already: others still come.
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                continue;
            };
            let room = Arc::clone(&room);
            tokio::spawn(async move {
                match coming.await {
                    // What a connection does to itself is no matter of the others.
                    Ok(stream) => drop(serve(room, stream, ambient::clock()).await),
                    Err(error) => tracing::warn!("a connection to the key room was refused: {error}"),
                }
            });
        }
    }

    /// Somebody who comes; the handshake is done apart, so that nobody waits for another's.
    async fn accept(&self) -> io::Result<impl Future<Output = io::Result<Box<dyn Stream>>> + Send + use<>> {
        let (plain, tls) = match self {
            Self::Here(listener, _) => (Box::new(listener.accept().await?.0) as Box<dyn Stream>, None),
            Self::There(listener, tls) => (boxed(listener.accept().await?.0), Some(tls.clone())),
        };
        Ok(async move {
            match tls {
                None => Ok(plain),
                Some(tls) => Ok(Box::new(tls.accept(plain).await?) as Box<dyn Stream>),
            }
        })
    }
}

fn boxed(socket: TcpStream) -> Box<dyn Stream> {
    let _ = socket.set_nodelay(true);
    Box::new(socket)
}

/// How the vault reaches a key room in another process.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    /// The key by which it cosigns, as it says when it starts.
    pub(crate) cosigner: String,
    socket: Option<PathBuf>,
    address: Option<String>,
    /// Certificates of whoever may vouch for the key room, PEM.
    ca: Option<PathBuf>,
    /// The vault's certificate and its private key, PEM.
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl Link {
    /// Over a socket of this machine.
    pub(crate) fn local(cosigner: String, socket: PathBuf) -> Self {
        Self { cosigner, socket: Some(socket), address: None, ca: None, cert: None, key: None }
    }

    /// The way there. It connects when it is first needed.
    pub(crate) fn remote(&self) -> anyhow::Result<Remote> {
        match self {
            Self { socket: Some(path), address: None, .. } => {
                let path = path.clone();
                let connect: Connect = Box::new(move || {
                    let path = path.clone();
                    Box::pin(async move { Ok(Box::new(UnixStream::connect(path).await?) as Box<dyn Stream>) })
                });
                Ok(Remote::new(connect))
            }
            Self { socket: None, address: Some(address), ca: Some(ca), cert: Some(cert), key: Some(key), .. } => {
                Ok(Remote::new(over_tls(address, ca, cert, key)?))
            }
            _ => bail!("`[key_room]` needs either `socket`, or `address` with `ca`, `cert` and `key`"),
        }
    }
}

fn over_tls(address: &str, ca: &Path, cert: &Path, key: &Path) -> anyhow::Result<Connect> {
    let (chain, key) = own(cert, key)?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots(ca)?)
        .with_client_auth_cert(chain, key)
        .context("the certificate and its key do not fit")?;
    let host = address.rsplit_once(':').context("`address` has no port")?.0;
    let name = ServerName::try_from(host.to_owned()).context("`address` has no name that a certificate can have")?;
    let (tls, address) = (TlsConnector::from(Arc::new(config)), address.to_owned());
    Ok(Box::new(move || {
        let (tls, name, address) = (tls.clone(), name.clone(), address.clone());
        Box::pin(async move {
            let socket = TcpStream::connect(address).await?;
            socket.set_nodelay(true)?;
            Ok(Box::new(tls.connect(name, socket).await?) as Box<dyn Stream>)
        })
    }))
}

fn own(cert: &Path, key: &Path) -> anyhow::Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let key = PrivateKeyDer::from_pem_file(key).with_context(|| format!("the file {}", key.display()))?;
    Ok((certificates(cert)?, key))
}

fn roots(path: &Path) -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).with_context(|| format!("the file {}", path.display()))?;
    }
    ensure!(!roots.is_empty(), "there is no certificate in {}", path.display());
    Ok(roots)
}

fn certificates(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let about = || format!("the file {}", path.display());
    let chain = CertificateDer::pem_file_iter(path).with_context(about)?;
    chain.collect::<Result<_, _>>().with_context(about)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyroom::{Answer, Ask, Asking, Refused};
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

    /// A room that knows one answer.
    struct One;

    impl Room for One {
        fn ask(&self, ask: Ask, _: i64) -> Asking<'_> {
            let answer = match ask {
                Ask::Copy(_) => Ok(Answer::Copied(7)),
                _ => Err(Refused::NoKeys),
            };
            Box::pin(async { answer })
        }
    }

    /// Certificates of one authority: its own, and one for this machine with its key.
    struct Authority {
        folder: PathBuf,
    }

    impl Authority {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("teeka-link-{name}-{}", std::process::id()));
            std::fs::create_dir(&folder).unwrap();
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
            let key = KeyPair::generate().unwrap();
            let cert = CertificateParams::new(vec!["127.0.0.1".into()]).unwrap().signed_by(&key, &issuer).unwrap();
            let put = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
            put("ca.pem", issuer.pem());
            put("cert.pem", cert.pem());
            put("key.pem", key.serialize_pem());
            Self { folder }
        }

        fn file(&self, name: &str) -> PathBuf {
            self.folder.join(name)
        }
    }

    impl Drop for Authority {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.folder).ok();
        }
    }

    #[tokio::test]
    async fn whoever_comes_from_another_machine_shows_a_certificate_and_wants_to_see_one() {
        let [ours, theirs] = ["ours", "theirs"].map(Authority::new);
        let at = At {
            socket: None,
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            cert: Some(ours.file("cert.pem")),
            key: Some(ours.file("key.pem")),
            clients: Some(ours.file("ca.pem")),
        };
        let door = at.open().await.unwrap();
        let address = door.place();
        tokio::spawn(door.serve(Arc::new(One)));
        let asks = async |ca: &Authority, own: &Authority| {
            let link = Link {
                cosigner: String::new(),
                socket: None,
                address: Some(address.clone()),
                ca: Some(ca.file("ca.pem")),
                cert: Some(own.file("cert.pem")),
                key: Some(own.file("key.pem")),
            };
            link.remote().unwrap().ask(Ask::Copy(String::new()), 0).await
        };
        assert!(matches!(asks(&ours, &ours).await, Ok(Answer::Copied(7))));
        assert!(matches!(asks(&ours, &theirs).await, Err(Refused::Away)), "a stranger is not let in");
        assert!(matches!(asks(&theirs, &ours).await, Err(Refused::Away)), "and a stranger is not told anything");
    }

    #[tokio::test]
    async fn a_file_that_is_no_socket_is_left_alone() {
        let folder = std::env::temp_dir().join(format!("teeka-link-file-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join("keys.db");
        std::fs::write(&file, "keys").unwrap();
        let at = |path: &Path| At { socket: Some(path.into()), listen: None, cert: None, key: None, clients: None };
        assert!(at(&file).open().await.is_err());
        assert_eq!(std::fs::read(&file).unwrap(), b"keys");
        // A socket that was left behind is taken over, and whoever is neither owner nor of the group may not write to it.
        let socket = folder.join("keys.sock");
        for _ in 0..2 {
            let _door = at(&socket).open().await.unwrap();
            assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o660);
        }
        std::fs::remove_dir_all(&folder).ok();
    }

    #[test]
    fn half_a_way_is_none() {
        for text in ["", "socket = \"s\"\naddress = \"a:1\"", "address = \"a:1\"\nca = \"c\""] {
            let link: Link = toml::from_str(&format!("cosigner = \"k\"\n{text}")).unwrap();
            assert!(link.remote().is_err(), "{text}");
        }
    }
}
