//! Keys that are older than the data: who would be there and could not be read, said before anything opens.

use anyhow::ensure;
use std::collections::HashSet;
use std::path::Path;
use store::{KeyFile, Store};

/// Keys that are read at once.
const PAGE: u32 = 4096;

/// References of whom are named; of the others, how many.
const NAMED: usize = 50;

/// Refuses the keys of a folder where somebody has data and no key, and was not erased, unless that is accepted.
///
/// # Errors
/// When somebody is unreadable and that is not accepted, with how many and the ends of their references.
pub(super) async fn check(store: &Store, folder: &Path, is_accepted: bool) -> anyhow::Result<()> {
    let keys = KeyFile::open(folder)?;
    let (mut known, mut last): (HashSet<_>, _) = (keys.erased()?.into_iter().collect(), None);
    loop {
        let page = keys.page(last, PAGE)?;
        known.extend(page.iter().map(|one| one.person));
        match page.last() {
            Some(one) => last = Some(one.person),
            None => break,
        }
    }
    let people = store.read(store::Reader::threads).await?;
    let mut unreadable: Vec<_> = people.iter().map(|one| one.0).filter(|person| !known.contains(person)).collect();
    if unreadable.is_empty() {
        return Ok(());
    }
    let (many, all) = (unreadable.len(), people.len());
    unreadable.truncate(NAMED);
    let ends = store.read(move |store| {
        let ends = unreadable.into_iter().map(|person| Ok(store.person(person)?.map(|row| row.reference_last_four)));
        ends.collect::<Result<Vec<_>, store::StoreError>>()
    });
    let ends: Vec<String> = ends.await?.into_iter().flatten().collect();
    let more = if many > ends.len() { format!(" and {} more", many - ends.len()) } else { String::new() };
    let said = format!(
        "the keys are older than the data: {many} of {all} people cannot be read. Their references end in {}{more}",
        ends.join(", ")
    );
    ensure!(is_accepted, "{said}. Look for newer keys first; --accept-unreadable brings the data back without them");
    say!("Accepted: {said}.");
    Ok(())
}
