use super::*;
use crate::{BirthYear, DoseId, Gender, Vaccine, Wrong};
use jiff::civil::date;

#[test]
fn numbers_read_back_and_catch_every_slip_of_one_sign_and_every_swap() {
    for seed in 0..60_u64 {
        let number = CaseNumber::from_random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
        let text = number.to_string();
        assert_eq!((text.len(), &text[..2]), (11, "C-"));
        assert_eq!(text.parse(), Ok(number));
        assert_eq!(text.to_lowercase().replace('-', " ").parse(), Ok(number));
        let signs: Vec<u8> = text.bytes().skip(2).filter(|sign| *sign != b'-').collect();
        let with = |signs: &[u8]| format!("C{}", String::from_utf8_lossy(signs)).parse::<CaseNumber>();
        for place in 0..signs.len() {
            for other in b"0123456789ABCDEFGHJKMNPQRSTVWXY".iter().filter(|sign| **sign != signs[place]) {
                let mut slip = signs.clone();
                slip[place] = *other;
                assert_eq!(with(&slip), Err(Wrong::CheckDigit.of("case")));
            }
            for later in place + 1..signs.len() {
                let mut swapped = signs.clone();
                swapped.swap(place, later);
                assert_eq!(with(&swapped).is_ok(), signs[place] == signs[later]);
            }
        }
    }
    for (text, wrong) in
        [("", Wrong::Missing), ("C-1234", Wrong::Form), ("X-0000-0000", Wrong::Form), ("C-ZZZZ-0000", Wrong::Form)]
    {
        assert_eq!(text.parse::<CaseNumber>(), Err(wrong.of("case")), "{text}");
    }
}

#[test]
fn what_each_kind_allows() {
    let said: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| {
            let codes = |reasons: &[Reason]| reasons.iter().map(|one| one.code()).collect::<Vec<_>>().join(",");
            let details = kind.details().iter().map(|one| one.code()).collect::<Vec<_>>().join(",");
            let (accept, refuse) = (codes(kind.reasons(Verdict::Accept)), codes(kind.reasons(Verdict::Refuse)));
            format!("{} {} [{details}] +{accept} -{refuse}", kind.code(), kind.days())
        })
        .collect();
    assert_eq!(
        said,
        [
            "wrong-name 15 [name,id-document] +document,register -document-differs,unclear",
            "wrong-birth-year 15 [name,birth-year,id-document] +document,register -document-differs,unclear",
            "wrong-gender 15 [name,gender,id-document] +document,register -document-differs,unclear",
            "not-mine 15 [name,doses] +register,nothing-against -register-differs,unclear",
            "missing 30 [name,birth-year,gender,doses] +register -register-differs,unclear",
            "aefi 3 [name,birth-year,gender,doses] +nothing-against -unclear",
            "duplicate 30 [name,birth-year,gender,id-document,doses] +document,nothing-against -document-differs,unclear",
            "number-lost 3 [name,id-document] +document,nothing-against -document-differs,holder-objects,unclear",
            "of-age 3 [name,birth-year,id-document] +document,nothing-against -document-differs,holder-objects,unclear",
        ]
    );
    for kind in Kind::ALL {
        assert!(kind.days() < OPEN_DAYS, "{}", kind.code());
        assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        assert_eq!(kind.begins() == State::Joining, *kind == Kind::Duplicate);
        assert!(kind.moves() || !kind.waits_after_objection());
    }
}

#[test]
fn which_step_follows_which() {
    use State::{Filed, First, Holding, Joining, Proposed, Refused, Second, Settled, Withdrawn};
    let judge = |proposed, agrees| Step::Judge { proposed, agrees };
    let steps = [
        Step::Join,
        Step::Take,
        Step::PutBack,
        Step::Propose,
        judge(Verdict::Accept, true),
        judge(Verdict::Accept, false),
        judge(Verdict::Refuse, true),
        judge(Verdict::Refuse, false),
        Step::Withdraw,
        Step::Object,
        Step::End { done: true },
        Step::End { done: false },
    ];
    let no = None;
    #[rustfmt::skip]
    let table = [
        (Joining,   [Some(Filed), no,          no,             no,             no,            no,            no,            no,          Some(Withdrawn), no,          no,            no]),
        (Holding,   [no,          no,          no,             no,             no,            no,            no,            no,          Some(Withdrawn), Some(Filed), Some(Settled), Some(Refused)]),
        (Filed,     [no,          Some(First), no,             no,             no,            no,            no,            no,          Some(Withdrawn), no,          Some(Settled), Some(Refused)]),
        (First,     [no,          no,          Some(Filed),    Some(Proposed), no,            no,            no,            no,          Some(Withdrawn), no,          Some(Settled), Some(Refused)]),
        (Proposed,  [no,          Some(Second), no,            no,             no,            no,            no,            no,          Some(Withdrawn), no,          Some(Settled), Some(Refused)]),
        (Second,    [no,          no,          Some(Proposed), no,             Some(Settled), Some(Refused), Some(Refused), Some(Filed), Some(Withdrawn), no,          Some(Settled), Some(Refused)]),
        (Settled,   [no; 12]),
        (Refused,   [no; 12]),
        (Withdrawn, [no; 12]),
    ];
    assert_eq!(table.len(), State::ALL.len());
    for (state, row) in table {
        assert_eq!(steps.map(|step| state.after(step)), row, "{}", state.code());
        assert_eq!(state.is_open(), row[8].is_some());
    }
}

#[test]
fn what_she_claims_is_sealed_and_read_back() {
    let dose = DoseId::from_random([3; 16]);
    let missing = MissingDose::new(Vaccine::Covaxin, 2, date(2026, 11, 3), " Town  hall | Pune ", date(2026, 11, 24));
    let claims = [
        (Claim::Name("Asha Devi".parse().unwrap()), "Asha Devi"),
        (Claim::BirthYear(BirthYear::new(1961).unwrap()), "1961"),
        (Claim::Gender(Gender::Others), "3"),
        (Claim::NotMine(dose), ""),
        (Claim::Missing(missing.unwrap()), "COVAXIN|2|2026-11-03|Town hall | Pune"),
        (Claim::Aefi, ""),
        (Claim::Duplicate, ""),
        (Claim::NumberLost, ""),
        (Claim::OfAge, ""),
    ];
    assert_eq!(claims.len(), Kind::ALL.len());
    for (claim, line) in claims {
        let text = claim.sealed_with("first\nsecond");
        assert_eq!(text, format!("{line}\nfirst\nsecond"));
        let (again, words) = Claim::opened(claim.kind(), claim.dose(), &text).unwrap();
        assert_eq!((again.kind(), again.dose(), words.as_str()), (claim.kind(), claim.dose(), "first\nsecond"));
        assert_eq!(again.sealed_with("first\nsecond"), text);
        assert!(Claim::opened(claim.kind(), claim.dose(), "no second line").is_err());
    }
    assert!(Claim::opened(Kind::NotMine, None, "\n").is_err());
}

#[test]
fn a_dose_is_remembered_within_what_can_be() {
    let today = date(2026, 11, 24);
    let wrong = |number, day, place: &str| {
        MissingDose::new(Vaccine::Covaxin, number, day, place, today)
            .err()
            .map(|malformed| (malformed.field, malformed.wrong))
    };
    assert_eq!(wrong(1, today, "x"), None);
    assert_eq!(wrong(0, today, "x"), Some(("dose", Wrong::Range)));
    assert_eq!(wrong(4, today, "x"), Some(("dose", Wrong::Range)));
    assert_eq!(wrong(1, date(2026, 11, 25), "x"), Some(("date", Wrong::Range)));
    assert_eq!(wrong(1, today, " "), Some(("place", Wrong::Missing)));
    assert_eq!(wrong(1, today, &"x".repeat(201)), Some(("place", Wrong::TooLong)));
    assert_eq!(words(" fine "), Ok("fine"));
    assert_eq!(words(&"x".repeat(WORDS_MOST + 1)), Err(Wrong::TooLong.of("words")));
}
