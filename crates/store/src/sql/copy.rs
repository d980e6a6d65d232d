//! A copy of an embedded database, page by page: what did not change between two copies is the same bytes at the same place in both.

use super::{Broken, Result};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Writes what `source` sees now to a new file, without live sessions and one-time codes, nor anything that was deleted.
pub(super) fn write(source: &Connection, file: &Path) -> Result<()> {
    let mut copy = Connection::open(file)?;
    // All at once, in one read transaction of the source: nobody who writes waits for it, or has it begin anew.
    let step = Backup::new(source, &mut copy)?.step(-1)?;
    drop(copy);
    if step != StepResult::Done {
        return Err(Broken::Engine("the database is held by another, and cannot be copied".into()));
    }
    let copy = Connection::open(file)?;
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.pragma_update(None, "secure_delete", true)?;
    copy.execute_batch(
        "DELETE FROM sign_in; DELETE FROM otp; DELETE FROM client_token; DELETE FROM consent_request;
         UPDATE claim SET token = NULL, sealed = NULL WHERE token IS NOT NULL OR sealed IS NOT NULL;",
    )?;
    drop(copy);
    empty_free_pages(file).map_err(|error| Broken::Engine(error.to_string()))
}

/// Overwrites the pages that are in nobody's use, in which what was deleted may lie still. SQLite's header names the first page of the
/// list of them; each page of the list names the next, and how many others it lists.
fn empty_free_pages(file: &Path) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).open(file)?;
    let mut header = [0; 100];
    file.read_exact(&mut header)?;
    let length = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        length => usize::from(length),
    };
    let mut list = vec![0; length];
    let mut next = number(&header, 32)?;
    while next != 0 {
        let begin = start(next, length);
        file.seek(SeekFrom::Start(begin))?;
        file.read_exact(&mut list)?;
        let many = usize::try_from(number(&list, 4)?).map_err(io::Error::other)?;
        for at in 0..many {
            let free = number(&list, 8 + 4 * at)?;
            file.seek(SeekFrom::Start(start(free, length)))?;
            file.write_all(&vec![0; length])?;
        }
        list.get_mut(8 + 4 * many..).ok_or_else(no_list)?.fill(0);
        file.seek(SeekFrom::Start(begin))?;
        file.write_all(&list)?;
        next = number(&list, 0)?;
    }
    file.sync_all()
}

/// The number that stands at a place of a page.
fn number(page: &[u8], at: usize) -> io::Result<u32> {
    let bytes = page.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).ok_or_else(no_list)?;
    Ok(u32::from_be_bytes(bytes))
}

/// Where a page begins; they are counted from one.
fn start(page: u32, length: usize) -> u64 {
    u64::from(page.saturating_sub(1)) * length as u64
}

fn no_list() -> io::Error {
    io::Error::other("the list of the database's free pages is none")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables that a copy takes rows out of, and one of which the middle is deleted.
    const TABLES: &str = "CREATE TABLE sign_in (a TEXT); CREATE TABLE otp (a TEXT); CREATE TABLE client_token (a TEXT);
        CREATE TABLE consent_request (a TEXT); CREATE TABLE claim (token TEXT, sealed TEXT);
        CREATE TABLE kept (id INTEGER PRIMARY KEY, a TEXT);
        INSERT INTO sign_in VALUES ('a live session');
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO kept SELECT i, 'row ' || i || ' of one who left' FROM n;";

    #[test]
    fn a_copy_is_the_source_page_by_page_and_has_nothing_that_was_deleted() {
        let folder = std::env::temp_dir().join(format!("teeka-copy-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let (file, first, second) = (folder.join("source"), folder.join("first"), folder.join("second"));
        let source = Connection::open(&file).unwrap();
        super::super::tune(&source).unwrap();
        source.execute_batch(TABLES).unwrap();
        source.execute_batch("DELETE FROM kept WHERE id BETWEEN 1000 AND 4000").unwrap();
        write(&source, &first).unwrap();
        let bytes = std::fs::read(&first).unwrap();
        let holds = |what: &str| bytes.windows(what.len()).any(|window| window == what.as_bytes());
        assert!(holds("row 999 of") && holds("row 4001 of"), "what is there is copied");
        for gone in ["row 1000 of", "row 2500 of", "row 4000 of", "a live session"] {
            assert!(!holds(gone), "{gone}");
        }
        let copy = Connection::open(&first).unwrap();
        let sound: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        // One row is changed: a few pages are others, and all others stand where they stood.
        source.execute_batch("UPDATE kept SET a = 'changed' WHERE id = 4500").unwrap();
        write(&source, &second).unwrap();
        let again = std::fs::read(&second).unwrap();
        let others = bytes.chunks(4096).zip(again.chunks(4096)).filter(|(one, other)| one != other).count();
        assert!(again.len() == bytes.len() && (1..5).contains(&others), "{others} of {}", bytes.len() / 4096);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
