//! People who are nobody, in their many: what a registration leaves of each, put into the tables in the order of its keys, past
//! commands and batches. They are only there to make tables as large as they are some day.

use crate::StoreError;
use crate::sql::{Connection, Value, params};
use ledger::LEAF_BYTES;

/// Sealed fields of a registration.
pub const FIELDS: u8 = 6;

/// Bytes of a sealed entry, of a sealed field and of a wrapped tag key, as they commonly are.
pub const ENTRY_BYTES: usize = 180;
/// See [`ENTRY_BYTES`].
pub const FIELD_BYTES: usize = 40;
/// See [`ENTRY_BYTES`].
pub const TAG_KEY_BYTES: usize = 60;

/// How many come at once.
const AT_ONCE: usize = 4_096;

type Rows = Vec<Vec<Value>>;

/// The tables of somebody without a phone, with their columns.
pub(super) const TABLES: [(&str, &str); 6] = [
    ("person", "id, standing, entries, tag_key, reference_last_four, language, registered_ms, notice"),
    ("sealed", "person, field, version, salt, body"),
    ("reference_index", "reference, person"),
    ("card", "person, hash"),
    ("log_stage", "position, leaf, sealed"),
    ("log_tag", "tag, position"),
];

/// Where chance comes from.
struct Chance<'a>(&'a mut dyn FnMut(&mut [u8]));

impl Chance<'_> {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    fn blob(&mut self, many: usize) -> Value {
        let mut bytes = vec![0; many];
        (self.0)(&mut bytes);
        Value::Blob(bytes)
    }

    /// A key by chance between the keys of those before and after, so that an index grows at its end.
    fn key<const N: usize>(&mut self, number: u64, of: u64) -> [u8; N] {
        let mut key = self.bytes();
        let (step, within): (u64, [u8; 8]) = (u64::MAX / of, self.bytes());
        key[..8].copy_from_slice(&(number * step + u64::from_be_bytes(within) % step).to_be_bytes());
        key
    }
}

/// Puts so many people into stores that have nobody, the same into each; `progress` hears how many are there.
pub(super) fn settle(
    stores: &[Connection],
    many: usize,
    now_ms: i64,
    draw: &mut dyn FnMut(&mut [u8]),
    progress: &mut dyn FnMut(usize),
) -> Result<(), StoreError> {
    for store in stores {
        if store.any("SELECT 1 FROM person", params![])? || store.any("SELECT 1 FROM log_tag", params![])? {
            return Err(StoreError::because("somebody lives here: nobody is put beside them"));
        }
    }
    let mut chance = Chance(draw);
    for from in (0..many).step_by(AT_ONCE) {
        let to = many.min(from + AT_ONCE);
        let mut rows: [Rows; TABLES.len()] = Default::default();
        for number in from..to {
            somebody(number as u64, many as u64, now_ms, &mut chance, &mut rows);
        }
        for store in stores {
            for ((table, columns), rows) in TABLES.iter().zip(&rows) {
                store.put(table, columns, rows)?;
            }
            store.run("UPDATE log_head SET next = ?1", params![to])?;
        }
        progress(to);
    }
    Ok(())
}

fn somebody(number: u64, of: u64, now_ms: i64, chance: &mut Chance<'_>, rows: &mut [Rows; TABLES.len()]) {
    let text = |text: &str| Value::Text(text.to_owned());
    let position = Value::Int(i64::try_from(number).expect("no count of ours reaches so far"));
    let [people, sealed, references, cards, stage, tags] = rows;
    let id = Value::Blob(chance.key::<16>(number, of).to_vec());
    let (key, registered, notice) = (chance.blob(TAG_KEY_BYTES), Value::Int(now_ms), text("2026-11-22 hi"));
    people.push(vec![id.clone(), text("registered"), Value::Int(1), key, text("1234"), text("hi"), registered, notice]);
    for field in 0..FIELDS {
        let (field, version) = (Value::Int(field.into()), Value::Int(1));
        sealed.push(vec![id.clone(), field, version, chance.blob(16), chance.blob(FIELD_BYTES)]);
    }
    references.push(vec![Value::Blob(chance.key::<32>(number, of).to_vec()), id.clone()]);
    cards.push(vec![id, chance.blob(32)]);
    let mut leaf: [u8; LEAF_BYTES] = chance.bytes();
    leaf[8..40].copy_from_slice(&chance.key::<32>(number, of));
    tags.push(vec![Value::Blob(ledger::leaf::tag_of(&leaf).to_vec()), position.clone()]);
    stage.push(vec![position, Value::Blob(leaf.to_vec()), chance.blob(ENTRY_BYTES)]);
}
