//! A log of three days with everyone who watches it.

use super::operator::{self, SALT, Tree};
use super::{Finding, Party};
use crate::outside::{broken, checkpoint, cosigned, now_s};
use crate::world::{SECRET, World};
use keyroom::{Receipt, Wanted};
use ledger::note::{Algorithm, Note, Signer, Verifier};
use ledger::witness::Request;
use ledger::{Field, Kind, Opening, TagKey, subject_tag};
use registry::PersonId;
use std::path::PathBuf;
use vault::{Card, Secrets};
use watch::check::{Looks, check};
use watch::witness::Witness;

pub(super) const DAY: i64 = 86_400_000;

/// A copy of the keys as they were on the first day.
pub(super) const OLD_KEYS: &str = "keys-old.db";

const PHONE: &str = "9876543210";
pub(super) const HIS_PHONE: &str = "9876543211";

/// A world of three days with two witnesses, of whom one must cosign; two people are in it, and everything is published.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) witnesses: Vec<Witness>,
    pub(super) her: PersonId,
    /// The checkpoint that an auditor kept from the second day.
    pub(super) kept: Note,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let signers: Vec<Signer> = (1..=2).map(signer).collect();
        let world = World::watched_by_one_of(signers.iter().map(|one| one.verifier().clone())).await;
        let open = |(n, signer): (usize, Signer)| {
            Witness::open(&world.folder().join(format!("witness-{n}")), signer, [log_key()]).unwrap()
        };
        let witnesses = signers.into_iter().enumerate().map(open).collect();
        let (kept, her) = (Note { text: String::new(), signatures: Vec::new() }, PersonId::from_random([0; 16]));
        let mut stage = Self { world, witnesses, her, kept };
        stage.publishes().await;
        stage.her = stage.world.family(PHONE, "Asha Devi").await.1.person();
        stage.world.keys().backup(&stage.world.folder().join(OLD_KEYS)).unwrap();
        stage.world.family(HIS_PHONE, "Ravi Kumar").await;
        stage.tomorrow().await;
        stage.kept = checkpoint(&stage.world).unwrap();
        stage.tomorrow().await;
        stage
    }

    pub(super) async fn reads(&self) {
        let token = self.world.signs_in(PHONE).await.token;
        let citizen = self.world.citizen(&token).await;
        let grant = citizen.grant(self.her).unwrap();
        self.world.vault.disclose::<Card>(&citizen, &grant, self.her).await.unwrap();
    }

    /// A day passes; somebody looks, and everything is published.
    pub(super) async fn tomorrow(&self) {
        self.world.pass(DAY);
        self.publishes().await;
        self.reads().await;
        self.publishes().await;
    }

    /// The log is shown to both witnesses, who cosign.
    pub(super) async fn publishes(&self) {
        let fresh = self.world.vault.fresh_checkpoint().await.unwrap();
        let mut cosignatures = Vec::new();
        for witness in &self.witnesses {
            cosignatures.extend(cosigned(&self.world, &fresh, witness).await.unwrap());
        }
        assert!(self.world.vault.publish(fresh, cosignatures).await.unwrap());
    }

    pub(super) fn now_s(&self) -> u64 {
        now_s(&self.world)
    }

    pub(super) fn log(&self) -> PathBuf {
        self.world.folder().join("log")
    }

    /// What a witness says to a tree.
    pub(super) fn witness(&self, nth: usize, request: &Request) -> Finding {
        let answer = self.witnesses[nth].add_checkpoint(&request.to_string(), self.now_s());
        (Party::Witness, (answer.status != 200).then(|| format!("{}: {}", answer.status, answer.body)))
    }

    /// What an auditor finds broken in the files, who kept the second day's checkpoint.
    pub(super) fn auditor(&self) -> Finding {
        (Party::Auditor, broken(&self.world, Some(&self.kept)))
    }

    /// Her list as she is given it.
    pub(super) async fn list(&self) -> Looks {
        self.list_of(PHONE).await
    }

    pub(super) async fn list_of(&self, phone: &str) -> Looks {
        let token = self.world.signs_in(phone).await.token;
        let citizen = self.world.citizen(&token).await;
        let file = self.world.vault.looks_file(&citizen, citizen.member(0).unwrap()).await.unwrap();
        serde_json::from_value(serde_json::to_value(&*file).unwrap()).unwrap()
    }

    /// What her own check says of a list that she is given.
    pub(super) fn citizen(&self, list: &Looks) -> Finding {
        let policy = self.world.vault.watch().text().parse().unwrap();
        (Party::Citizen, check(list, Some(&policy)).err().map(|fault| fault.to_string()))
    }

    /// What the key room says to one receipt under a tree.
    pub(super) async fn key_room(&self, tree: &Tree, receipts: &[Receipt]) -> Finding {
        let seen = self.world.keys().seen().unwrap().map_or(0, |(size, _)| size);
        let answer = self.world.room.exchange(&tree.shown_to(seen), receipts, self.world.vault.now_ms()).await;
        let refused = match answer {
            Err(refused) => Some(refused),
            Ok((_, mut answers)) => answers.pop().and_then(Result::err),
        };
        (Party::KeyRoom, refused.map(|refused| refused.to_string()))
    }

    /// A look at her name that is logged under a tag of the operator's choice, and the receipt for it: it says her next
    /// count, and shows every leaf of hers that the key room has not followed, and this one.
    pub(super) async fn look(&self, tag: impl Fn(&TagKey, u64) -> [u8; 32], skipped: u64) -> (Tree, Receipt) {
        let (key, her) = (TagKey(self.list().await.tag_key), self.her);
        let row = self.world.store.read(move |store| store.person(her)).await.unwrap().unwrap();
        let name = row.fields.iter().find(|field| field.field == Field::Name.wire()).unwrap();
        let opening = Opening { field: Field::Name, version: name.version };
        let look = operator::entry(self.world.vault.now_ms(), Kind::Use, vec![opening]);
        let (count, followed) = (row.entries + skipped, self.world.keys().find(her).unwrap().unwrap().1);
        let tags = (followed..row.entries).map(|count| subject_tag(&key, count)).collect::<Vec<_>>();
        let before = self.world.store.read(move |store| store.log_positions(&tags)).await.unwrap();
        let mut tree = Tree::whole(&self.world).await;
        let own = tree.push(operator::leaf(&look, tag(&key, count)));
        let leaves = before.into_iter().chain([own]).map(|position| tree.proven(position)).collect();
        let receipt = Receipt {
            salt: SALT,
            entry: look.to_cbor(),
            subject: Some((*her.bytes(), count)),
            leaves,
            ground: None,
            by_order: None,
            wanted: Wanted::Keys(vec![(opening, name.salt)]),
        };
        (tree, receipt)
    }

    /// Changes a file of the log.
    pub(super) fn bend(&self, path: &str, how: impl FnOnce(&mut Vec<u8>)) {
        let path = self.log().join(path);
        let mut bytes = std::fs::read(&path).unwrap();
        how(&mut bytes);
        std::fs::write(path, bytes).unwrap();
    }

    pub(super) fn bundle(&self) -> String {
        format!("tile/entries/000.p/{}", self.world.vault.log_standing().published)
    }

    /// The day that is over last.
    pub(super) fn yesterday(&self) -> u32 {
        u32::try_from(self.world.vault.now_ms() / DAY).unwrap() - 1
    }
}

pub(super) fn log_key() -> Verifier {
    Secrets::new(&SECRET).log_key().verifier().clone()
}

pub(super) fn signer(n: u8) -> Signer {
    Signer::new(&format!("witness.example/{n}"), Algorithm::Cosignature, &[10 + n; 32]).unwrap()
}
