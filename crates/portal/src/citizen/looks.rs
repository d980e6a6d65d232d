//! Who looked at my data: a plain list, newest first, with her own looks of one minute folded into one line.

use super::member::download;
use super::{Desk, Pairs, form};
use crate::Failure;
use crate::page::{Script, Table, card, link_button, look_recorded, moment, quiet_link_button, table};
use crate::words::Words;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::{CentreId, PersonId, Role};
use std::collections::BTreeMap;
use vault::{Channel, Disclosed, Field, Kind, Look, Looks, Purpose};

/// Entries shown at first, and at most.
const FIRST: u64 = 50;
const MOST: u64 = 2_000;

/// Whose list? With one member there is nothing to ask.
pub(super) async fn choose(desk: Desk) -> Result<Response, Failure> {
    match desk.citizen.places()[..] {
        [] => return Ok(Redirect::to("/family").into_response()),
        [place] => return Ok(Redirect::to(&format!("/family/{place}/looks")).into_response()),
        _ => {}
    }
    let (w, cards) = (desk.w, desk.cards().await?);
    let page = desk.shell(w.t("looks-title"), "/looks").page(html! {
        p.lead { (w.t("looks-choose")) }
        @for (place, one) in desk.citizen.places().into_iter().zip(&cards) {
            (card(html! {
                h2 { (one.name) }
                (quiet_link_button(
                    &format!("/family/{place}/looks"),
                    &w.with("looks-choose-go", [("name", one.name.as_str().into())]),
                ))
            }))
        }
        p { (look_recorded(w)) }
    });
    Ok(page.into_response())
}

pub(super) async fn show(desk: Desk, Path(place): Path<String>, Query(query): Query<Pairs>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let most = form(query).value("most").parse().unwrap_or(FIRST).clamp(FIRST, MOST);
    let looks = looks(&desk, person, most).await?;
    let centres = centres(&desk, &looks).await?;
    let (w, path) = (desk.w, format!("/family/{place}/looks"));
    let back = if desk.citizen.members().len() > 1 { "/looks" } else { "/family" };
    let shown = looks.looks.len();
    let count = i64::try_from(looks.count).unwrap_or(i64::MAX);
    Ok(desk.shell(w.t("looks-title"), &path).back(back).wide().page(html! {
        @if desk.citizen.members().len() > 1 {
            p.lead { (w.with("looks-of", [("place", (place + 1).to_string().into())])) }
        }
        p { (w.with("looks-count", [("count", count.into())])) " " (look_recorded(w)) }
        (list(w, &looks.looks, &centres))
        @if u64::try_from(shown).is_ok_and(|shown| shown < looks.count) && most < MOST {
            (link_button(&format!("{path}?most={MOST}"), &w.t("looks-more")))
        }
        p { (w.t("looks-question")) }
        p { a href="/permissions" { (w.t("permissions-title")) } }
        (check(w, &format!("/family/{place}/looks-proof.json")))
        p { a href={ "/family/" (place) "/looks.json" } download { (w.t("member-download-looks")) } }
    }))
}

/// A message with holes, which the script fills in by their names.
fn say<const N: usize>(w: Words, key: &str, holes: [&'static str; N]) -> String {
    w.with(key, holes.map(|hole| (hole, format!("{{{hole}}}").into())))
}

/// The check of this list in her own browser; without a script the same button hands her the file, for a check elsewhere.
fn check(w: Words, file: &str) -> Markup {
    html! {
        h2 { (w.t("check-title")) }
        p { (w.t("check-text")) }
        div {
            a.button.secondary href=(file) download data-check=(file)
                data-checking=(w.t("check-checking")) data-failed=(w.t("check-failed")) data-unable=(w.t("check-unable"))
                data-good=(say(w, "check-good", ["rows", "size"])) data-complete=(say(w, "check-complete", ["until"]))
                data-first=(w.t("check-first")) data-later=(say(w, "check-later", ["rows"]))
                data-waiting=(say(w, "check-waiting", ["rows"])) data-signed=(say(w, "check-signed", ["names", "at"]))
                data-unsigned=(w.t("check-unsigned")) data-own=(w.t("check-own")) data-key=(say(w, "check-key", ["key"]))
                data-bad=(say(w, "check-bad", ["place", "code"])) data-row=(say(w, "check-row", ["number"]))
                data-index=(say(w, "check-index", ["number"])) { (w.t("check-go")) }
            div role="status" {}
        }
        (Script::Check)
    }
}

async fn looks(desk: &Desk, person: PersonId, most: u64) -> Result<Disclosed<Looks>, Failure> {
    Ok(desk.vault().looks(&desk.citizen, person, most).await?)
}

/// Names of the centres that stand in the list.
async fn centres(desk: &Desk, looks: &Looks) -> Result<BTreeMap<String, String>, Failure> {
    let mut names = BTreeMap::new();
    for look in &looks.looks {
        if names.contains_key(&look.organisation) {
            continue;
        }
        if let Ok(id) = look.organisation.parse::<CentreId>() {
            names.insert(look.organisation.clone(), desk.vault().centre(id).await?.name);
        }
    }
    Ok(names)
}

/// One line of the list: a look, or several of her own alike.
struct Line<'a> {
    look: &'a Look,
    count: usize,
}

/// Her own looks of the same minute and purpose become one line; everybody else's stand one by one.
fn folded(looks: &[Look]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for look in looks {
        let alike = |line: &&mut Line<'_>| {
            let other = line.look;
            let same_minute = other.at_ms / 60_000 == look.at_ms / 60_000;
            let same_act = (other.kind, other.purpose, other.channel, &other.role)
                == (look.kind, look.purpose, look.channel, &look.role);
            look.actor == "self" && other.actor == "self" && same_minute && same_act
        };
        match lines.last_mut().filter(alike) {
            Some(line) => line.count += 1,
            None => lines.push(Line { look, count: 1 }),
        }
    }
    lines
}

fn list(w: Words, looks: &[Look], centres: &BTreeMap<String, String>) -> Table {
    let heads = ["looks-who", "looks-what"];
    let table = heads.into_iter().fold(table(w.t("looks-caption")), |table, head| table.column(w.t(head)));
    table.rows(folded(looks).into_iter().map(|line| row(w, &line, centres)))
}

/// Who and when, and what for with the opened fields below it: two columns, which fit a small phone.
fn row(w: Words, line: &Line<'_>, centres: &BTreeMap<String, String>) -> Vec<Markup> {
    let look = line.look;
    let times = i64::try_from(line.count).unwrap_or(i64::MAX);
    let fields: Vec<String> = look.fields.iter().map(|one| field(w, *one)).collect();
    let through = w.with("looks-through", [("channel", channel(w, look.channel).into())]);
    vec![
        html! { (who(w, look, centres)) br; span.quiet { (moment(w, look.at_ms)) } },
        html! {
            (kind(w, look.kind)) ": " (purpose(w, look.purpose))
            @if line.count > 1 { " " (w.with("looks-times", [("count", times.into())])) }
            @if !fields.is_empty() {
                br; span.quiet { (w.with("looks-opened", [("fields", fields.join(", ").into())])) }
            }
            br; span.quiet { (through) }
        },
    ]
}

fn who(w: Words, look: &Look, centres: &BTreeMap<String, String>) -> Markup {
    let name = match (look.actor.as_str(), Role::from_code(&look.role)) {
        ("self", _) if look.role == "guardian" => w.t("looks-guardian"),
        ("self", _) => w.t("looks-you"),
        (code, Some(role)) => {
            let values = [("role", self::role(w, role).into()), ("code", code.to_owned().into())];
            w.with("looks-staff", values)
        }
        ("nobody", None) => w.t("looks-nobody"),
        (_, None) if look.role == "client" => w.with("looks-client", [("name", look.organisation.as_str().into())]),
        _ => w.t("looks-platform"),
    };
    // A partner may be called by a number, too.
    let centre = centres.get(&look.organisation).filter(|_| look.role != "client");
    html! { (name) @if let Some(centre) = centre { br; span.quiet { (centre) } } }
}

fn role(w: Words, role: Role) -> String {
    w.t(match role {
        Role::Vaccinator => "looks-role-vaccinator",
        Role::Manager => "looks-role-manager",
        Role::ColdChainHandler => "looks-role-cold-chain",
        Role::Auditor => "looks-role-auditor",
        Role::Operator => "looks-role-operator",
        Role::Officer => "looks-role-officer",
    })
}

fn kind(w: Words, kind: Kind) -> String {
    w.t(match kind {
        Kind::Reveal => "looks-kind-reveal",
        Kind::Use => "looks-kind-use",
        Kind::Write => "looks-kind-write",
        Kind::Lookup => "looks-kind-lookup",
        Kind::Refused => "looks-kind-refused",
        Kind::Notice => "looks-kind-notice",
        Kind::OtpSend | Kind::OtpVerify => "looks-kind-code",
        Kind::Erase => "looks-kind-erase",
        Kind::AuditOpen => "looks-kind-audit",
        Kind::Consent => "looks-kind-consent",
        Kind::Revoke => "looks-kind-revoke",
        Kind::Case => "looks-kind-case",
        _ => "looks-kind-other",
    })
}

fn purpose(w: Words, purpose: Purpose) -> String {
    w.t(purpose_key(purpose))
}

/// The key of the words for a purpose.
pub(crate) fn purpose_key(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "looks-purpose-sign-in",
        Purpose::Family => "looks-purpose-family",
        Purpose::Register => "looks-purpose-register",
        Purpose::Booking => "looks-purpose-booking",
        Purpose::Slip => "looks-purpose-slip",
        Purpose::Certificate => "looks-purpose-certificate",
        Purpose::AccessList => "looks-purpose-access-list",
        Purpose::CheckIn => "looks-purpose-check-in",
        Purpose::Screening => "looks-purpose-screening",
        Purpose::Dose => "looks-purpose-dose",
        Purpose::Correction => "looks-purpose-correction",
        Purpose::Aefi => "looks-purpose-aefi",
        Purpose::Card => "looks-purpose-card",
        Purpose::BookingNotice => "looks-purpose-booking-notice",
        Purpose::CancelledNotice => "looks-purpose-cancelled-notice",
        Purpose::Reminder => "looks-purpose-reminder",
        Purpose::Leaving => "looks-purpose-leaving",
        Purpose::Membership => "looks-purpose-membership",
        Purpose::Planning => "looks-purpose-planning",
        Purpose::Audit => "looks-purpose-audit",
        Purpose::Consent => "looks-purpose-consent",
        Purpose::Case => "looks-purpose-case",
        Purpose::Download => "looks-purpose-download",
        Purpose::LetterNotice => "looks-purpose-letter-notice",
        Purpose::Move => "looks-purpose-move",
        Purpose::Watching => "looks-purpose-watching",
        Purpose::LawfulOrder => "looks-purpose-lawful-order",
    }
}

/// The words for a field.
pub(crate) fn field(w: Words, field: Field) -> String {
    w.t(match field {
        Field::Name => "looks-field-name",
        Field::BirthYear => "looks-field-birth-year",
        Field::Gender => "looks-field-gender",
        Field::Phone => "looks-field-phone",
        Field::IdDocument => "looks-field-id-document",
        Field::Reference => "looks-field-reference",
        Field::BookingCode => "looks-field-booking-code",
        Field::Screening => "looks-field-screening",
        Field::Aefi => "looks-field-aefi",
        Field::Comorbidity => "looks-field-comorbidity",
        Field::Case => "looks-field-case",
    })
}

fn channel(w: Words, channel: Channel) -> String {
    w.t(match channel {
        Channel::Page => "looks-channel-page",
        Channel::Api => "looks-channel-api",
        Channel::Worker => "looks-channel-worker",
        Channel::Command => "looks-channel-command",
    })
}

/// The list with the proofs that each row is in the log and that none is missing: to be checked by whoever has it.
pub(super) async fn proof(desk: Desk, Path(place): Path<String>) -> Result<Response, Failure> {
    let (_, person) = desk.member(&place)?;
    let file = desk.vault().looks_file(&desk.citizen, person).await?;
    let file = serde_json::to_value(&*file).expect("it is plain data");
    Ok(download("teeka-looks-proof", &file))
}

pub(super) async fn json(desk: Desk, Path(place): Path<String>) -> Result<Response, Failure> {
    let (_, person) = desk.member(&place)?;
    let looks = looks(&desk, person, MOST).await?;
    let rows = looks.looks.iter().map(|look| {
        serde_json::json!({
            "at": vault::at(look.at_ms).timestamp().to_string(), "kind": look.kind.code(), "by_right": look.grant.code(),
            "actor": look.actor, "organisation": look.organisation, "role": look.role, "purpose": look.purpose.code(),
            "fields": look.fields.iter().map(|field| field.code()).collect::<Vec<_>>(),
            "channel": look.channel.code(), "position": look.position,
        })
    });
    let value = serde_json::json!({ "count": looks.count, "looks": rows.collect::<Vec<_>>() });
    Ok(download("who-looked", &value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault::GrantKind;

    fn look(at_ms: i64, actor: &str, role: &str) -> Look {
        Look {
            at_ms,
            kind: Kind::Reveal,
            grant: GrantKind::CitizenOtp,
            actor: actor.into(),
            organisation: if actor == "self" { String::new() } else { "7".into() },
            role: role.into(),
            purpose: Purpose::CheckIn,
            fields: vec![Field::Name, Field::Gender],
            channel: Channel::Page,
            position: 1,
        }
    }

    #[test]
    fn own_looks_of_a_minute_are_one_line_and_others_stand_alone() {
        let looks = [
            look(180_000, "self", "citizen"),
            look(125_000, "self", "citizen"),
            look(121_000, "self", "citizen"),
            look(120_500, "AB12CD34", "vaccinator"),
            look(120_400, "AB12CD34", "vaccinator"),
        ];
        let counts: Vec<usize> = folded(&looks).iter().map(|line| line.count).collect();
        assert_eq!(counts, [1, 2, 1, 1]);
    }

    #[test]
    fn a_partner_is_named_as_an_organisation_even_if_it_has_a_centres_number_for_a_name() {
        let centres = BTreeMap::from([("7".to_owned(), "Primary Health Centre".to_owned())]);
        let by = |organisation: &str| {
            let look = Look { organisation: organisation.into(), ..look(0, "client clinic", "client") };
            who(Words::default(), &look, &centres).0
        };
        assert_eq!(by("City Clinic"), "City Clinic (partner)");
        assert_eq!(by("7"), "7 (partner)");
    }

    #[test]
    fn a_line_says_who_where_what_and_which_fields_in_words() {
        let centres = BTreeMap::from([("7".to_owned(), "Primary Health Centre".to_owned())]);
        let looks = [look(0, "AB12CD34", "vaccinator")];
        let text: Vec<String> = row(Words::default(), &folded(&looks)[0], &centres).into_iter().map(|m| m.0).collect();
        assert_eq!(
            text,
            [
                "Vaccinator, staff code AB12CD34<br><span class=\"quiet\">Primary Health Centre</span><br>\
                 <span class=\"quiet\"><time datetime=\"1970-01-01T00:00:00Z\">Thu 1 Jan 1970, 5:30 am</time></span>",
                "Looked: check-in at your session<br><span class=\"quiet\">Opened: name, gender</span>\
                 <br><span class=\"quiet\">Through: this website</span>",
            ]
        );
    }
}
