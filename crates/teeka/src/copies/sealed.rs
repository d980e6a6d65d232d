//! Copies as files that only the holder of an age identity opens: a tar of the folder, sealed while it is written
//! (age-encryption.org/v1), so that `age --decrypt` and `tar` open it without us.

use crate::keys;
use age::x25519::Recipient;
use age::{Decryptor, Encryptor, IdentityFile};
use anyhow::{Context, anyhow, ensure};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

/// Whom copies are sealed to, by their names `age1…`.
pub(super) fn recipients(names: &[String]) -> anyhow::Result<Vec<Recipient>> {
    let one = |name: &String| name.parse().map_err(|why| anyhow!("{name} is no recipient of age: {why}"));
    names.iter().map(one).collect()
}

/// A sealed copy under way. It stands under its name when it is whole, and not before.
pub(super) struct Sealed {
    tar: tar::Builder<age::stream::StreamWriter<BufWriter<File>>>,
    half: PathBuf,
    path: PathBuf,
}

impl Sealed {
    pub(super) fn begin(path: PathBuf, recipients: &[Recipient]) -> anyhow::Result<Self> {
        let half = path.with_extension("half");
        keys::write_private(&half, &[])?;
        let file = File::options().write(true).open(&half)?;
        let sealed = Encryptor::with_recipients(recipients.iter().map(|one| one as &dyn age::Recipient))?;
        Ok(Self { tar: tar::Builder::new(sealed.wrap_output(BufWriter::new(file))?), half, path })
    }

    /// Adds a file under a name; false if it has gone away meanwhile.
    pub(super) fn file(&mut self, name: &str, from: &Path) -> anyhow::Result<bool> {
        match File::open(from) {
            Ok(mut file) => Ok(self.tar.append_file(name, &mut file).map(|()| true)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", from.display())),
        }
    }

    /// Adds a file of these bytes.
    pub(super) fn text(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len())?);
        header.set_mode(0o600);
        header.set_cksum();
        Ok(self.tar.append_data(&mut header, name, bytes)?)
    }

    /// Ends it: it is on the disk when this returns.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let file = self.tar.into_inner()?.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&self.half, &self.path)?;
        let folder = self.path.parent().context("it lies in a folder")?;
        Ok(File::open(folder)?.sync_all()?)
    }
}

/// Opens a sealed copy into a new folder.
///
/// # Errors
/// When the identity does not open it, it was changed or cut short, or it cannot be written.
pub(super) fn open(file: &Path, identity: &Path, to: &Path) -> anyhow::Result<()> {
    let about = || format!("the sealed copy {}", file.display());
    let name = identity.to_str().context("the file of the identity needs a name in letters")?;
    let identities = IdentityFile::from_file(name.to_owned()).with_context(|| format!("the identity {name}"))?;
    let identities = identities.into_identities().with_context(|| format!("the identity {name}"))?;
    ensure!(!identities.is_empty(), "{name} holds no identity");
    let sealed = BufReader::new(File::open(file).with_context(about)?);
    let opened = Decryptor::new_buffered(sealed).with_context(about)?;
    let opened = opened.decrypt(identities.iter().map(|one| one.as_ref() as &dyn age::Identity));
    keys::make_private_folder(to)?;
    let mut tar = tar::Archive::new(opened.with_context(about)?);
    tar.unpack(to).with_context(about)?;
    // Only whoever reads it to its end knows that nothing was cut off.
    io::copy(&mut tar.into_inner(), &mut io::sink()).with_context(about)?;
    Ok(())
}
