//! Root keys in files that only their owner may read.

use crate::ambient;
use crate::room::Link;
use anyhow::{Context, bail, ensure};
use credential::Issuer;
use data_encoding::HEXLOWER_PERMISSIVE;
use keyroom::Root;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The three files, each 32 random bytes in hex.
pub(crate) const NAMES: [&str; 3] = ["keyroom.key", "vault.key", "issuer.key"];

/// The old root of the key room, until nothing lies under it any more.
const OLD_ROOT: &str = "keyroom.old.key";

/// The keys of an installation. The key room's root is read apart: it may be another's.
pub(crate) struct Keys {
    folder: PathBuf,
    vault: [u8; 32],
    issuer: [u8; 32],
}

impl Keys {
    /// The folder in which they lie.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The way to a key room of another process that has the same folder of keys.
    pub(crate) fn link(&self, socket: PathBuf) -> anyhow::Result<Link> {
        let log = self.secrets().log_key();
        let cosigner = roots(&self.folder)?.0.cosigner(log.verifier().name());
        Ok(Link::local(cosigner.verifier().to_string(), socket))
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

/// The root of the key room in a folder, and the one before while a change is under way.
pub(crate) fn roots(folder: &Path) -> anyhow::Result<(Root, Option<Root>)> {
    let old = folder.join(OLD_ROOT);
    let before = old.exists().then(|| root(&old)).transpose()?;
    Ok((root(&folder.join(NAMES[0]))?, before))
}

/// Which files of keys belong to an installation with this folder: all three, and the old root while there is one; where
/// the key room is apart, not its root.
pub(crate) fn files(folder: &Path) -> Vec<&'static str> {
    let mut files = NAMES[1..].to_vec();
    files.extend([NAMES[0], OLD_ROOT].into_iter().filter(|name| folder.join(name).exists()));
    files
}

/// Takes the old root away: nothing lies under it any more.
pub(crate) fn forget_old_root(folder: &Path) -> anyhow::Result<()> {
    fs::remove_file(folder.join(OLD_ROOT))?;
    Ok(File::open(folder)?.sync_all()?)
}

/// Makes a new root for the key room, beside the old one: the process that works with it goes over by itself.
pub(crate) fn rotate(folder: &Path) -> anyhow::Result<()> {
    let (path, old) = (folder.join(NAMES[0]), folder.join(OLD_ROOT));
    ensure!(!old.exists(), "{} is still needed: a running teeka takes it away when it is over", old.display());
    let text = read_private(&path).with_context(|| format!("the key {}", path.display()))?;
    let (key, legacy) = (drawn(), root(&path)?.legacy());
    let hex = |bytes: &[u8]| HEXLOWER_PERMISSIVE.encode(bytes);
    let new = folder.join("keyroom.new.key");
    // The old beside the new first: whoever reads in between finds the old one twice.
    write_private(&old, text.as_bytes())?;
    write_anew(&new, format!("{}\n{}\n", hex(&key), hex(legacy.as_ref())).as_bytes())?;
    fs::rename(&new, &path)?;
    Ok(File::open(folder)?.sync_all()?)
}

/// A root: its own 32 bytes, and in a second line what the first root left it.
fn root(path: &Path) -> anyhow::Result<Root> {
    let about = || format!("the key {} (make keys with `teeka keys init`)", path.display());
    let text = read_private(path).with_context(about)?;
    let mut lines = text.lines();
    let key = thirty_two(lines.next().unwrap_or_default()).with_context(about)?;
    let Some(legacy) = lines.next() else { return Ok(Root::new(&key)) };
    let legacy = HEXLOWER_PERMISSIVE.decode(legacy.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    Ok(Root::next(&key, &legacy.with_context(about)?))
}

/// Makes keys in `folder`, new: all three, or some of them where the key room is apart.
pub(crate) fn init(folder: &Path, names: &[&str]) -> anyhow::Result<()> {
    for name in names {
        ensure!(
            !folder.join(name).exists(),
            "there is a key already: {}; it is never overwritten",
            folder.join(name).display()
        );
    }
    make_private_folder(folder)?;
    for name in names {
        write_private(&folder.join(name), format!("{}\n", HEXLOWER_PERMISSIVE.encode(&drawn())).as_bytes())?;
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

fn drawn() -> [u8; 32] {
    let mut key = [0; 32];
    ambient::random()(&mut key);
    key
}

/// Reads the keys in `folder`; refuses files that others may read.
pub(crate) fn load(folder: &Path) -> anyhow::Result<Keys> {
    let [_, vault, issuer] = NAMES.map(|name| folder.join(name));
    if folder.join(NAMES[0]).exists() {
        roots(folder)?;
    }
    Ok(Keys { folder: folder.to_owned(), vault: read(&vault)?, issuer: read(&issuer)? })
}

fn read(path: &Path) -> anyhow::Result<[u8; 32]> {
    let about = || format!("the key {} (make keys with `teeka keys init`)", path.display());
    thirty_two(&read_private(path).with_context(about)?).with_context(about)
}

fn thirty_two(text: &str) -> anyhow::Result<[u8; 32]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes())?;
    bytes.try_into().map_err(|_| anyhow::anyhow!("it does not hold 32 bytes in hex"))
}

/// Reads a file that only its owner may read; refuses it otherwise.
pub(crate) fn read_private(path: &Path) -> anyhow::Result<String> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!("others may read {}; run: chmod 600 {}", path.display(), path.display());
    }
    Ok(fs::read_to_string(path)?)
}
