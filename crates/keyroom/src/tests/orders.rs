//! A look by a lawful order: what it must rest on, and what it opens of someone who has left.

use super::*;
use ledger::order::{Filed, LegalGround, Order};

const DAY: i64 = 24 * 3_600_000;
const ID: [u8; 16] = [5; 16];

fn order() -> Order {
    Order {
        authority: "high-court".into(),
        number: "W.P. 17/2026".into(),
        dated_day: 20_400,
        ground: LegalGround::Court,
        fields: Fields::of(&[Field::Name]),
        until_ms: NOW,
        document: [9; 32],
    }
}

/// An officer's step: filing and confirming are alike but for who does it.
fn step(actor: &str, at_ms: i64, order: &Order) -> Entry {
    Entry {
        at_ms,
        grant: GrantKind::Case,
        evidence: ID,
        actor: actor.into(),
        role: "officer".into(),
        purpose: Purpose::LawfulOrder,
        openings: Vec::new(),
        statement: order.to_cbor(),
        ..entry(Kind::Case)
    }
}

fn stated(order: &Order) -> Entry {
    Entry {
        grant: GrantKind::None,
        purpose: Purpose::LawfulOrder,
        openings: Vec::new(),
        statement: Filed::of(&ID, order).to_text().into_bytes(),
        ..entry(Kind::Config)
    }
}

fn look(actor: &str) -> Entry {
    Entry { kind: Kind::Reveal, openings: vec![NAME], statement: Vec::new(), ..step(actor, NOW, &order()) }
}

/// The entries of an order and a look by it, of which a case changes what it likes.
#[derive(Clone)]
struct Story {
    filed: Entry,
    stated: Entry,
    confirmed: Entry,
    look: Entry,
    /// Whose tags the filing and the confirming bear, if not hers.
    under: [Option<TagKey>; 2],
    has_order: bool,
    wanted: Opening,
}

impl Story {
    fn of(order: &Order) -> Self {
        Self {
            filed: step("OMAR", NOW - DAY, order),
            stated: stated(order),
            confirmed: step("OLGA", NOW - DAY, order),
            look: look("OLGA"),
            under: [None, None],
            has_order: true,
            wanted: NAME,
        }
    }

    /// Plays it on a log after `before` entries of hers, and shows the room the receipt.
    async fn told(
        &self,
        room: &KeyRoom<Drawer>,
        log: &mut Log,
        tag: &TagKey,
        before: &mut Vec<u64>,
    ) -> Result<(), Refused> {
        let first = before.len() as u64;
        let [one, two] = self.under.each_ref().map(|key| key.as_ref().unwrap_or(tag));
        let filed = log.enter(&self.filed, one, first);
        let public = log.push(self.stated.leaf(0, [0xee; 32], [0; 32], &SALT).encode());
        let confirmed = log.enter(&self.confirmed, two, first + 1);
        before.extend([filed, confirmed]);
        if self.under.iter().any(Option::is_some) {
            // Her own counts go on below, whatever stands under another's.
            let last = before.len() - 2;
            before[last] = log.enter(&step("OMAR", NOW, &order()), tag, first);
            before[last + 1] = log.enter(&step("OLGA", NOW, &order()), tag, first + 1);
        }
        let at = log.enter(&self.look, tag, first + 2);
        before.push(at);
        let beside = ByOrder {
            confirmed: log.ground(first + 1, confirmed, &self.confirmed),
            stated: Stated { leaf: log.proven(public), salt: SALT, entry: self.stated.to_cbor() },
        };
        let receipt = Receipt {
            ground: Some(log.ground(first, filed, &self.filed)),
            by_order: self.has_order.then(|| Box::new(beside)),
            ..log.receipt(&self.look, first + 2, before, keys(self.wanted))
        };
        // As it comes from a vault in another process.
        let receipt = postcard::from_bytes(&postcard::to_stdvec(&receipt).unwrap()).unwrap();
        asked(room, log, receipt, NOW).await.map(|_| ())
    }
}

fn stories() -> Vec<(&'static str, Story, Result<(), Refused>)> {
    let good = Story::of(&order());
    let with = |change: &dyn Fn(&mut Story)| {
        let mut story = good.clone();
        change(&mut story);
        story
    };
    let over = Order { until_ms: NOW - 1, ..order() };
    let long = Order { until_ms: NOW + 90 * DAY, ..order() };
    let none = Err(Refused::Groundless);
    vec![
        ("by the officer who confirmed it", good.clone(), Ok(())),
        ("by the officer who filed it", with(&|s| s.look.actor = "OMAR".into()), Ok(())),
        ("by a third", with(&|s| s.look.actor = "OTTO".into()), none),
        ("by somebody of another role", with(&|s| s.look.role = "vaccinator".into()), none),
        ("no order shown", with(&|s| s.has_order = false), none),
        ("one officer alone", with(&|s| s.confirmed = entry(Kind::Reveal)), none),
        ("the same officer twice", with(&|s| s.confirmed.actor = "OMAR".into()), none),
        ("confirmed before it was filed", with(&|s| s.confirmed.at_ms = NOW - DAY - 1), none),
        ("confirmed after the look", with(&|s| s.confirmed.at_ms = NOW + 1), none),
        ("confirmed in other words", with(&|s| s.confirmed.statement = over.to_cbor()), none),
        ("wider fields", with(&|s| (s.look.openings, s.wanted) = (vec![YEAR], YEAR)), none),
        ("after its end", with(&|s| s.clone_from(&Story::of(&over))), none),
        ("longer than ninety days", with(&|s| s.clone_from(&Story::of(&long))), none),
        ("another order", with(&|s| s.look.evidence = [6; 16]), none),
        ("filed about another person", with(&|s| s.under[0] = Some(TagKey([8; 32]))), none),
        ("confirmed about another person", with(&|s| s.under[1] = Some(TagKey([8; 32]))), none),
        ("not said in public", with(&|s| s.stated.kind = Kind::Write), none),
        ("another order said in public", with(&|s| s.stated.statement = b"teeka/order/v1\n".to_vec()), none),
        ("filed by nobody of ours", with(&|s| s.filed.grant = GrantKind::CitizenOtp), none),
        ("called a case of hers", with(&|s| s.look.purpose = Purpose::Case), none),
    ]
}

#[tokio::test]
async fn a_look_by_order_rests_on_two_officers_and_a_public_word() {
    let (room, mut log, tag) = room().await;
    let mut hers = vec![0];
    for (case, story, expected) in stories() {
        assert_eq!(story.told(&room, &mut log, &tag, &mut hers).await, expected, "{case}");
    }
}

#[tokio::test]
async fn what_is_held_opens_to_an_order_and_to_nothing_else() {
    for (case, story, expected) in stories() {
        let (room, mut log, tag) = room().await;
        let salt = room.sealing_keys(HER, &[NAME]).await.unwrap().remove(0).salt;
        room.leave(HER, &[(NAME, salt)], NOW + DAY).await.unwrap();
        // What is called something else does not get as far as the hold.
        let expected = if case == "called a case of hers" { Err(Refused::NoKeys) } else { expected };
        assert_eq!(story.told(&room, &mut log, &tag, &mut vec![0]).await, expected, "{case}");
    }
}

#[tokio::test]
async fn the_hold_gives_the_versions_it_has_until_its_year_is_over() {
    let both = Order { fields: Fields::of(&[Field::Name, Field::BirthYear]), ..order() };
    for (wanted, held_ms, expected) in
        [(NAME, NOW + 1, Ok(())), (YEAR, NOW + 1, Err(Refused::NoKeys)), (NAME, NOW, Err(Refused::NoKeys))]
    {
        let (room, mut log, tag) = room().await;
        let sealing = room.sealing_keys(HER, &[NAME]).await.unwrap().remove(0);
        room.leave(HER, &[(NAME, sealing.salt)], held_ms).await.unwrap();
        let mut story = Story::of(&both);
        (story.look.openings, story.wanted) = (vec![wanted], wanted);
        assert_eq!(story.told(&room, &mut log, &tag, &mut vec![0]).await, expected);
    }
}

#[tokio::test]
async fn tags_of_who_left_are_told_only_for_what_comes() {
    let (room, mut log, tag) = room().await;
    let tags = |from, to, now_ms| room.held_tags(HER, from, to, now_ms);
    assert_eq!(tags(1, 2, NOW).await, Err(Refused::NoKeys), "she is here");
    room.leave(HER, &[], NOW + DAY).await.unwrap();
    assert_eq!(tags(1, 3, NOW).await, Ok(vec![subject_tag(&tag, 1), subject_tag(&tag, 2)]));
    assert_eq!(tags(1, 2, NOW + DAY).await, Err(Refused::NoKeys), "her year is over");
    let mut story = Story::of(&order());
    story.look.openings = Vec::new();
    let mut hers = vec![0];
    assert_eq!(story.told(&room, &mut log, &tag, &mut hers).await, Err(Refused::WiderThanEntry));
    assert!(Story::of(&order()).told(&room, &mut log, &tag, &mut hers).await.is_err(), "no key of hers is held");
    assert_eq!(tags(1, 2, NOW).await, Err(Refused::Behind { count: 7 }));
    assert_eq!(tags(7, 8, NOW).await, Ok(vec![subject_tag(&tag, 7)]));
}
