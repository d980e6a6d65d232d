//! A file in blocks that are known by their hashes: which of them are not as they were, and how they are put in their place.
//!
//! A block is as long as a page of the store. The hashes are plain: every page holds ids that were drawn by chance, so no hash of one
//! can be guessed at, and they lie beside the data themselves.

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// The length of a block, bytes; the last of a file may be shorter.
const BLOCK: u64 = 4096;

/// What is read and written at once, bytes.
const AT_ONCE: usize = 1 << 20;

/// The SHA-256 of a block.
pub(super) type Hash = [u8; 32];

/// The hashes of a file's blocks. Those blocks that are not as `known` go to `changed`, each behind its number.
pub(super) fn compare(file: &Path, known: &[Hash], changed: impl Write) -> anyhow::Result<Vec<Hash>> {
    let mut file = BufReader::with_capacity(AT_ONCE, File::open(file)?);
    let mut changed = BufWriter::with_capacity(AT_ONCE, changed);
    let (mut hashes, mut block) = (Vec::new(), Vec::new());
    while next(&mut file, &mut block)? {
        let hash = Sha256::digest(&block).into();
        if known.get(hashes.len()) != Some(&hash) {
            changed.write_all(&u64::try_from(hashes.len())?.to_be_bytes())?;
            changed.write_all(&block)?;
        }
        hashes.push(hash);
    }
    changed.flush()?;
    Ok(hashes)
}

/// Puts the blocks of `changed` into a file whose blocks have these hashes, and makes it so many bytes long.
pub(super) fn put(changed: &Path, file: &Path, hashes: &mut Vec<Hash>, bytes: u64) -> anyhow::Result<()> {
    let mut changed = BufReader::with_capacity(AT_ONCE, File::open(changed)?);
    let mut file = File::options().write(true).open(file)?;
    let (mut number, mut block) = ([0; 8], Vec::new());
    while is_read(changed.read_exact(&mut number))? {
        let at = u64::from_be_bytes(number);
        ensure!(next(&mut changed, &mut block)?, "a block has a number and no bytes");
        file.seek(SeekFrom::Start(at.checked_mul(BLOCK).context("a block lies beyond every file")?))?;
        file.write_all(&block)?;
        let hash = Sha256::digest(&block).into();
        let at = usize::try_from(at)?;
        ensure!(at <= hashes.len(), "a block lies beyond the end of the file");
        match hashes.get_mut(at) {
            Some(known) => *known = hash,
            None => hashes.push(hash),
        }
    }
    file.set_len(bytes)?;
    hashes.truncate(usize::try_from(bytes.div_ceil(BLOCK))?);
    Ok(file.sync_all()?)
}

/// Reads the next block; false at the end.
fn next(from: &mut impl Read, block: &mut Vec<u8>) -> std::io::Result<bool> {
    block.clear();
    from.take(BLOCK).read_to_end(block)?;
    Ok(!block.is_empty())
}

fn is_read(read: std::io::Result<()>) -> std::io::Result<bool> {
    match read {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Numbers that look drawn, the same in every run.
    fn draw(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).unwrap()
    }

    #[test]
    fn whatever_is_written_a_file_and_its_increments_are_the_file() {
        let folder = std::env::temp_dir().join(format!("teeka-blocks-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let (source, copy, changed) = (folder.join("source"), folder.join("copy"), folder.join("changed"));
        for seed in 0..40 {
            let mut chance = seed;
            let mut bytes: Vec<u8> =
                (0..draw(&mut chance) % 90_000).map(|_| draw(&mut chance).to_le_bytes()[0]).collect();
            fs::write(&source, &bytes).unwrap();
            fs::copy(&source, &copy).unwrap();
            let mut known = compare(&source, &[], std::io::sink()).unwrap();
            let mut restored = known.clone();
            for _ in 0..6 {
                match draw(&mut chance) % 4 {
                    0 => bytes.truncate(draw(&mut chance) % (bytes.len() + 1)),
                    1 => bytes.extend(std::iter::repeat_n(7, draw(&mut chance) % 20_000)),
                    _ => {
                        for _ in 0..draw(&mut chance) % 9 {
                            let at = draw(&mut chance) % bytes.len().max(1);
                            bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1);
                        }
                    }
                }
                fs::write(&source, &bytes).unwrap();
                let now = compare(&source, &known, File::create(&changed).unwrap()).unwrap();
                let differs = now.iter().enumerate().filter(|(at, hash)| known.get(*at) != Some(hash)).count();
                let most = u64::try_from(differs).unwrap() * (BLOCK + 8);
                assert!(fs::metadata(&changed).unwrap().len() <= most, "seed {seed}: only what changed is in it");
                put(&changed, &copy, &mut restored, u64::try_from(bytes.len()).unwrap()).unwrap();
                assert!(fs::read(&copy).unwrap() == bytes, "seed {seed}");
                assert_eq!(restored, now, "seed {seed}");
                known = now;
            }
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
