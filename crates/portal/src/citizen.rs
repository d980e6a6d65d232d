//! What the holder of a phone does: signs in, keeps her family, books, shows her certificate, sees who looked.

mod add;
mod appointment;
mod book;
mod cases;
mod certificate;
mod download;
mod family;
mod file;
mod fresh;
mod joining;
mod leave;
pub(crate) mod looks;
mod member;
mod moving;
mod orders;
mod permissions;
mod search;
mod sign_in;
mod standing;

pub(crate) use add::{born_of, gender_of, genders, name_of, name_problem};
pub(crate) use looks::{field, purpose_key};

use crate::caller::{Dress, PageCitizen, Turned};
use crate::page::{Form, Shell};
use crate::routes::{Access, Entry, Shows, get, post};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Redirect;
use registry::PersonId;
use vault::{Card, Citizen, Disclosed, Vault};

/// What a form or a query sends.
type Pairs = Vec<(String, String)>;

#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Entry> {
    use Access::{Anyone, Citizen};
    use Shows::{NoOne, People};
    vec![
        get("/sign-in", Anyone, NoOne, sign_in::ask_phone),
        post("/sign-in", Anyone, NoOne, sign_in::send_code),
        post("/sign-in/resend", Anyone, NoOne, sign_in::resend_code),
        post("/sign-in/code", Anyone, NoOne, sign_in::try_code),
        post("/sign-in/proof", Anyone, NoOne, sign_in::try_proof),
        post("/sign-out", Anyone, NoOne, sign_in::sign_out),
        post("/session/extend", Anyone, NoOne, sign_in::extend),
        get("/family", Citizen, People, family::show),
        post("/family/confirm", Citizen, People, family::confirm),
        get("/family/add", Citizen, NoOne, add::start),
        post("/family/add", Citizen, NoOne, add::answer),
        post("/family/add/save", Citizen, NoOne, add::save),
        get("/family/{n}", Citizen, People, member::show),
        get("/family/{n}/registered", Citizen, People, member::registered),
        post("/family/{n}/attest", Citizen, NoOne, member::attest),
        get("/family/{n}/book", Citizen, People, search::show),
        get("/family/{n}/book/{session}", Citizen, People, book::show),
        post("/family/{n}/book/{session}", Citizen, People, book::take),
        get("/book/{session}", Citizen, People, book::choose_person),
        get("/appointments/{id}", Citizen, People, appointment::show),
        get("/appointments/{id}/slip.pdf", Citizen, People, appointment::slip_pdf),
        get("/appointments/{id}/change", Citizen, NoOne, appointment::change),
        get("/appointments/{id}/cancel", Citizen, NoOne, appointment::ask_cancel),
        post("/appointments/{id}/cancel", Citizen, NoOne, appointment::cancel),
        get("/family/{n}/certificate", Citizen, People, certificate::show),
        get("/family/{n}/certificate.pdf", Citizen, People, certificate::pdf),
        get("/family/{n}/certificate.json", Citizen, People, certificate::json),
        get("/family/{n}/data", Citizen, NoOne, cases::show),
        get("/family/{n}/orders", Citizen, NoOne, orders::show),
        get("/family/{n}/cases/which-dose", Citizen, People, file::which_dose),
        get("/family/{n}/cases/join", Citizen, NoOne, joining::ask_join),
        post("/family/{n}/cases/join", Citizen, NoOne, joining::join),
        get("/family/{n}/cases/part", Citizen, NoOne, joining::ask_part),
        post("/family/{n}/cases/part", Citizen, NoOne, joining::part),
        get("/family/{n}/cases/new/{what}", Citizen, NoOne, file::start),
        post("/family/{n}/cases/new/{what}", Citizen, NoOne, file::answered),
        post("/family/{n}/cases/new/{what}/save", Citizen, NoOne, file::save),
        get("/family/{n}/cases/{number}", Citizen, NoOne, cases::one),
        get("/family/{n}/cases/{number}/withdraw", Citizen, NoOne, cases::ask_withdraw),
        post("/family/{n}/cases/{number}/withdraw", Citizen, NoOne, cases::withdraw),
        get("/looks", Citizen, People, looks::choose),
        get("/family/{n}/looks", Citizen, People, looks::show),
        get("/family/{n}/looks.json", Citizen, People, looks::json),
        get("/family/{n}/looks-proof.json", Citizen, People, looks::proof),
        get("/my-data", Citizen, People, member::my_data),
        get("/permissions", Citizen, People, permissions::show),
        post("/permissions/{id}/stop", Citizen, NoOne, permissions::stop),
        get("/family/{n}/leave", Citizen, People, leave::show),
        post("/family/{n}/leave", Citizen, NoOne, leave::send),
        post("/family/{n}/leave/code", Citizen, NoOne, leave::take),
        get("/family/{n}/download", Citizen, NoOne, download::show),
        post("/family/{n}/download", Citizen, NoOne, download::send),
        post("/family/{n}/download/code", Citizen, People, download::take),
        get("/family/{n}/move", Citizen, People, moving::ask),
        post("/family/{n}/move", Citizen, NoOne, moving::send),
        post("/family/{n}/move/here", Citizen, NoOne, moving::prove),
        post("/family/{n}/move/away", Citizen, NoOne, moving::start),
        get("/moves", Citizen, NoOne, moving::list),
        post("/moves/stop", Citizen, NoOne, moving::stop),
    ]
}

/// Who is at the page and in which language: what every handler here begins with.
struct Desk {
    portal: Portal,
    citizen: Citizen,
    w: Words,
}

impl FromRequestParts<Portal> for Desk {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Turned> {
        let Ok(w) = Words::from_request_parts(parts, portal).await;
        let path = parts.uri.path().to_owned();
        match PageCitizen::from_request_parts(parts, portal).await {
            // A sign-in for the certificate alone opens no page.
            Ok(PageCitizen(citizen)) if citizen.public => Err(Turned::Away(Redirect::to("/sign-in"))),
            Ok(PageCitizen(citizen)) => Ok(Self { portal: portal.clone(), citizen, w }),
            // Whoever chose a session before signing in goes on with it afterwards.
            Err(Turned::Away(door)) => Err(Turned::Away(match path.strip_prefix("/book/") {
                Some(session) => Redirect::to(&format!("/sign-in?session={session}")),
                None => door,
            })),
            Err(down) => Err(down),
        }
    }
}

impl Desk {
    fn vault(&self) -> &Vault {
        self.portal.vault()
    }

    /// A page of hers.
    fn shell<'a>(&self, title: impl Into<String>, path: &'a str) -> Shell<'a> {
        self.citizen.dress(&self.portal, Shell::new(self.w, title, path))
    }

    /// The member at a place of the family, as the address says it.
    fn member(&self, place: &str) -> Result<(usize, PersonId), Failure> {
        let place: usize = place.parse().map_err(|_| Failure::not_found())?;
        Ok((place, self.citizen.member(place)?))
    }

    /// Opens a member's card: one look, recorded.
    async fn card(&self, person: PersonId) -> Result<Disclosed<Card>, Failure> {
        Ok(self.vault().disclose(&self.citizen, &self.citizen.grant(person)?, person).await?)
    }

    /// Opens the card of every confirmed member: one look each.
    async fn cards(&self) -> Result<Vec<Disclosed<Card>>, Failure> {
        let grants = self.citizen.members().into_iter().map(|person| self.citizen.grant(person));
        let grants = grants.collect::<Result<Vec<_>, _>>()?;
        Ok(self.vault().disclose_each(&self.citizen, &grants).await?)
    }
}

/// A part of the address that names something: what has not its form names nothing.
fn named<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

pub(crate) fn gender(w: Words, gender: registry::Gender) -> String {
    w.t(match gender {
        registry::Gender::Male => "add-gender-male",
        registry::Gender::Female => "add-gender-female",
        registry::Gender::Others => "add-gender-others",
    })
}

/// The kind of an identity document, in words.
pub(crate) fn document(w: Words, kind: registry::IdKind) -> String {
    add::document(w, kind)
}

/// A form filled from what was sent.
fn form(pairs: Pairs) -> Form {
    Form::from(pairs)
}
