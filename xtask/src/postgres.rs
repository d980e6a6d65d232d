//! A PostgreSQL server for the tests: of its own, on loopback, gone when they end.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::program::Program;
use crate::setup;

/// Who comes in otherwise than by being there: `sealed` by TLS and a password, `shown` by TLS and a certificate.
const DOORS: &str =
    "hostssl all sealed all scram-sha-256\nhostssl all shown all cert\nhost all sealed,shown all reject\n";
const ROLES: &str = "CREATE ROLE sealed SUPERUSER LOGIN PASSWORD 'a password'; CREATE ROLE shown SUPERUSER LOGIN";

/// A server that runs until this is dropped. Nothing in it outlives the tests, so it syncs nothing to disk.
pub(crate) struct Postgres {
    root: PathBuf,
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// Installs what is missing, and starts a server.
    pub(crate) fn start(root: &Path) -> Result<Self> {
        let programs = setup::postgres(root)?;
        let folder = std::env::temp_dir().join(format!("teeka-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if is_root(root)? {
            Program::new("chown", root).args(["postgres"]).args([&folder]).must()?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self { root: root.to_owned(), folder, programs, port };
        let data = server.data();
        server.run("initdb", &["--pgdata", &data, "--auth=trust", "--username=teeka", "--no-sync"])?;
        server.certify()?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c max_connections=500 -c fsync=off \
             -c ssl=on -c ssl_cert_file={tls}/server.pem -c ssl_key_file={tls}/server.key -c ssl_ca_file={tls}/ca.pem",
            tls = server.certificates().display()
        );
        let log = server.folder.join("log");
        let log = log.to_str().context("the folder for temporary files has a name in letters")?;
        server.run("pg_ctl", &["--pgdata", &data, "--log", log, "--options", &options, "--wait", "start"])?;
        let port = port.to_string();
        server
            .run("psql", &["--host=127.0.0.1", "--port", &port, "--username=teeka", "--command", ROLES, "postgres"])?;
        Ok(server)
    }

    /// Where its certificates are, and those of whoever comes in: PEM files.
    pub(crate) fn certificates(&self) -> PathBuf {
        self.folder.join("tls")
    }

    /// An authority with a certificate for the server, which is known as 127.0.0.1 and db.example, and one for `shown`; and
    /// another authority, of which nobody is.
    fn certify(&self) -> Result<()> {
        let folder = self.certificates();
        fs::create_dir(&folder)?;
        let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
        let openssl = |name: &str, more: &[&str]| {
            let files = ["-keyout".into(), format!("{name}.key"), "-out".into(), format!("{name}.pem")];
            Program::new("openssl", &folder).args(new).args(files).args(more).quiet()
        };
        let signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:false"];
        openssl("ca", &["-subj", "/CN=ours"])?;
        openssl("other", &["-subj", "/CN=theirs"])?;
        openssl(
            "server",
            &[&["-subj", "/CN=server", "-addext", "subjectAltName=IP:127.0.0.1,DNS:db.example"], &signed[..]].concat(),
        )?;
        openssl("shown", &[&["-subj", "/CN=shown"], &signed[..]].concat())?;
        let doors = Path::new(&self.data()).join("pg_hba.conf");
        let theirs = fs::read_to_string(&doors)?;
        fs::write(&doors, format!("{DOORS}{theirs}"))?;
        if is_root(&self.root)? {
            Program::new("chown", &self.root).args(["--recursive", "postgres"]).args([&folder]).must()?;
        }
        Ok(())
    }

    /// Makes an empty database of this name; answers where it is.
    pub(crate) fn database(&self, name: &str) -> Result<String> {
        self.run("createdb", &["--host=127.0.0.1", &format!("--port={}", self.port), "--username=teeka", name])?;
        Ok(format!("postgres://teeka@127.0.0.1:{}/{name}", self.port))
    }

    fn data(&self) -> String {
        self.folder.join("data").to_string_lossy().into_owned()
    }

    /// Runs one of its programs, under an account that is not root's.
    fn run(&self, name: &str, args: &[&str]) -> Result<()> {
        let program = self.programs.join(name);
        let command = if is_root(&self.root)? {
            let account = ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];
            Program::new("setpriv", &self.folder).args(account).args([&program])
        } else {
            Program::new(&program, &self.folder)
        };
        command.args(args).quiet().map(|_| ())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // What is left when this fails is a process that the machine's owner sees.
        let stopped = self.run("pg_ctl", &["--pgdata", &self.data(), "--mode=immediate", "--wait", "stop"]);
        if let Err(error) = stopped.and_then(|()| Ok(fs::remove_dir_all(&self.folder)?)) {
            println!("PostgreSQL did not end: {error:#}");
        }
    }
}

fn is_root(root: &Path) -> Result<bool> {
    Ok(Program::new("id", root).args(["-u"]).quiet()?.trim() == "0")
}
