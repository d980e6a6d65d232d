//! `teeka verify FILE`: whether a certificate is genuine, offline.

use anyhow::{Context, bail};
use clap::Args;
use credential::{Certificate, IssuerKey};
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Check a certificate: our PDF, a picture of its code, or its text.
#[derive(Args)]
pub(crate) struct Verify {
    /// The file, or `-` for standard input.
    file: PathBuf,
    /// The issuer's public key, as `/verify/key` shows it. May be given more than once.
    #[arg(long, value_name = "TEXT")]
    key: Vec<String>,
    /// A file with issuers' public keys, one a line.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl Verify {
    /// Says what the certificate says; fails unless it is genuine.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let keys = self.keys()?;
        let certificate = credential::verify(&read_input(&self.file)?, &keys).context("not accepted")?;
        say!("{}", described(&certificate).trim_end());
        Ok(())
    }

    fn keys(&self) -> anyhow::Result<Vec<IssuerKey>> {
        let mut texts = self.key.clone();
        if let Some(file) = &self.key_file {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            texts.extend(
                text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(String::from),
            );
        }
        if texts.is_empty() {
            bail!(
                "whose certificate is it? Give the issuer's public key with --key or --key-file; it stands at /verify/key"
            );
        }
        texts.iter().map(|text| text.parse().with_context(|| format!("not an issuer's key: {text}"))).collect()
    }
}

/// A file's bytes; `-` is what comes in on standard input.
pub(crate) fn read_input(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// What a genuine certificate says, in plain words.
fn described(certificate: &Certificate) -> String {
    let mut text = format!(
        "Genuine.\n  Name        {}\n  Born        {}\n  Reference   …{}\n  Version     {}\n",
        certificate.name, certificate.birth_year, certificate.reference_last4, certificate.version
    );
    for dose in &certificate.doses {
        writeln!(
            text,
            "  Dose {}/{}    {}, batch {}, on {}, at {}, {}, {}",
            dose.number, dose.total, dose.vaccine, dose.batch, dose.date, dose.centre, dose.district, dose.state
        )
        .expect("text takes text");
    }
    text + "Whether a newer certificate supersedes it, the /verify page of the issuer says.\n"
}
