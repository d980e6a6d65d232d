//! Root keys in files that only their owner may read.

use crate::ambient;
use anyhow::{Context, bail, ensure};
use credential::Issuer;
use data_encoding::HEXLOWER_PERMISSIVE;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The three files, each 32 random bytes in hex.
pub(crate) const NAMES: [&str; 3] = ["keyroom.key", "vault.key", "issuer.key"];

/// The three keys of an installation.
pub(crate) struct Keys {
    keyroom: [u8; 32],
    vault: [u8; 32],
    issuer: [u8; 32],
}

impl Keys {
    /// The root of the key room.
    pub(crate) fn root(&self) -> keyroom::Root {
        keyroom::Root::new(&self.keyroom)
    }

    /// The vault's own keys.
    pub(crate) fn secrets(&self) -> vault::Secrets {
        vault::Secrets::new(&self.vault)
    }

    /// Who signs certificates.
    pub(crate) fn issuer(&self, name: &str) -> anyhow::Result<Issuer> {
        Ok(Issuer::from_seed(&self.issuer, name)?)
    }
}

/// Makes the three keys in `folder`, new.
pub(crate) fn init(folder: &Path) -> anyhow::Result<()> {
    for name in NAMES {
        ensure!(
            !folder.join(name).exists(),
            "there is a key already: {}; it is never overwritten",
            folder.join(name).display()
        );
    }
    make_private_folder(folder)?;
    for name in NAMES {
        let mut key = [0; 32];
        ambient::random()(&mut key);
        write_private(&folder.join(name), format!("{}\n", HEXLOWER_PERMISSIVE.encode(&key)).as_bytes())?;
    }
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Makes a folder that only its owner may enter.
pub(crate) fn make_private_folder(folder: &Path) -> anyhow::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make {}", folder.display()))
}

/// Writes a new file that only its owner may read, and waits until it is on the disk.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = open.with_context(|| format!("cannot make {}", path.display()))?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// Writes a file that only its owner may read, in the place of one that is there.
pub(crate) fn write_anew(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    write_private(path, bytes)
}

/// Reads the keys in `folder`; refuses files that others may read.
pub(crate) fn load(folder: &Path) -> anyhow::Result<Keys> {
    let [keyroom, vault, issuer] = NAMES.map(|name| read(&folder.join(name)));
    Ok(Keys { keyroom: keyroom?, vault: vault?, issuer: issuer? })
}

fn read(path: &Path) -> anyhow::Result<[u8; 32]> {
    let about = || format!("the key {} (make keys with `teeka keys init`)", path.display());
    let text = read_private(path).with_context(about)?;
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).with_context(about)?;
    bytes.try_into().map_err(|_| anyhow::anyhow!("{} does not hold 32 bytes in hex", path.display()))
}

/// Reads a file that only its owner may read; refuses it otherwise.
pub(crate) fn read_private(path: &Path) -> anyhow::Result<String> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!("others may read {}; run: chmod 600 {}", path.display(), path.display());
    }
    Ok(fs::read_to_string(path)?)
}
