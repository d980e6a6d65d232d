//! A street in front of the whole site: families, staff, their tokens, and every route with a path filled in.

use crate::partner::{ALL, HOUR, Partner, arrived, ask, noticed};
use crate::world::{CENTRE, DAY, MINUTE, World, person};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use portal::routes::{Access, Route, routes};
use portal::{Connected, Portal, router};
use registry::case::Claim;
use registry::order::{Authorities, OrderNumber};
use registry::{AppointmentId, Role, StaffId, TransactionId};
use std::sync::Arc;
use tower::ServiceExt;
use vault::{About, CodeFor, Evidence, Field, LegalGround, NewOrder, Registered};

pub(crate) const ASHA: &str = "9876543210";
pub(crate) const SITA: &str = "9876543211";

/// Who stands at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Nobody,
    /// The family of Asha, Ravi and Lila, whom the paths name.
    Asha,
    /// Another family.
    Sita,
    /// Asha's phone, by a code for the certificate alone.
    CertificateOnly,
    /// The vaccinator on the roster.
    Meera,
    /// A vaccinator who works at another session.
    Farida,
    Manager,
    /// A partner that Asha allowed it, signing with its key.
    Clinic,
    /// A partner that nobody allowed anything, with the other one's token.
    Stranger,
    /// The officer who has Asha's case.
    Omar,
    /// An officer without a case.
    Olga,
}

impl Who {
    pub(crate) const ALL: [Self; 11] = [
        Self::Nobody,
        Self::Asha,
        Self::Sita,
        Self::CertificateOnly,
        Self::Meera,
        Self::Farida,
        Self::Manager,
        Self::Clinic,
        Self::Stranger,
        Self::Omar,
        Self::Olga,
    ];

    /// Whether the table lets her in by her role.
    pub(crate) fn may(self, access: Access) -> bool {
        match access {
            Access::Anyone => true,
            Access::CertificateHolder => matches!(self, Self::Asha | Self::Sita | Self::CertificateOnly),
            Access::Citizen => matches!(self, Self::Asha | Self::Sita),
            Access::CitizenOrClient => matches!(self, Self::Asha | Self::Sita | Self::Clinic),
            Access::Client => matches!(self, Self::Clinic | Self::Stranger),
            Access::Vaccinator => matches!(self, Self::Meera | Self::Farida),
            Access::Manager => self == Self::Manager,
            Access::Officer => matches!(self, Self::Omar | Self::Olga),
        }
    }
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Turned away: to the sign-in, or with a refusal; never with data and never with a crash.
    pub(crate) fn is_refusal(&self) -> bool {
        let door = self.headers.get(header::LOCATION).and_then(|place| place.to_str().ok());
        match self.status {
            StatusCode::SEE_OTHER => door.is_some_and(|place| place.starts_with("/sign-in") || place == "/staff"),
            status => matches!(status.as_u16(), 400 | 401 | 403 | 404 | 409 | 415 | 422),
        }
    }
}

pub(crate) struct Street {
    pub(crate) world: World,
    pub(crate) app: Router,
    tokens: Vec<(Who, String)>,
    pub(crate) asha: Registered,
    pub(crate) ravi: Registered,
    pub(crate) sita: Registered,
    /// Where Asha had her dose, and her place in it.
    pub(crate) given: (AppointmentId, usize),
    /// Ravi's place, still to come.
    pub(crate) booked: AppointmentId,
    /// Lila's place, who is checked in.
    pub(crate) there: (AppointmentId, usize),
    pub(crate) staff: StaffId,
    clinic: Partner,
    stranger: Partner,
    /// What the clinic asked Asha's phone once more, and nobody answered.
    pub(crate) asked: TransactionId,
    /// What Asha allowed the clinic.
    pub(crate) allowed: TransactionId,
    /// The number of Asha's case.
    pub(crate) case: String,
    /// The number of an order about Sita, which Omar filed and Otto confirmed.
    pub(crate) order: String,
}

impl Street {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let (token, asha) = world.family(ASHA, "Asha Devyani").await;
        let citizen = world.citizen(&token).await;
        let ravi = world.vault.register(&citizen, person("Ravi Kumaresan", 1950)).await.unwrap();
        let citizen = world.citizen(&token).await;
        let lila = world.vault.register(&citizen, person("Lila Chandrika", 1990)).await.unwrap();
        let given_at = world.vaccinates(&token, &asha).await;
        let booked = world.books(&token, vec![ravi.person()]).await;
        world.books(&token, vec![lila.person()]).await;
        let evidence = Evidence::Code(world.slip_code(&token, lila.person()).await);
        let meera = world.staff("meera").await;
        let there = world.vault.check_in(&meera, world.session, &lila.reference, &evidence).await.unwrap();
        // Mohan waits at Asha's phone until she confirms him.
        world
            .vault
            .register_at(&meera, CENTRE, Some(ASHA.parse().unwrap()), person("Mohan Raghunath", 1948))
            .await
            .unwrap();
        let claim = Claim::Name("Asha Devyani Rao".parse().unwrap());
        let citizen = world.citizen(&token).await;
        let case = world.vault.file_case(&citizen, asha.person(), &claim, "", &[7; 16]).await.unwrap();
        world.hire("omar", Role::Officer).await;
        world.hire("olga", Role::Officer).await;
        let omar = world.staff_token("omar").await;
        let Ok(vault::Caller::Staff(officer)) = world.vault.caller(&omar, vault::Channel::Page).await else {
            panic!("no officer")
        };
        world.vault.take_case(&officer, case).await.unwrap();
        let (other, sita) = world.family(SITA, "Sita Narayanan").await;
        let order = confirmed(&world, &officer, &sita).await;
        world.vault.send_notices().await.unwrap();
        world.publishes().await;
        let (transaction, code) = world.code(ASHA, CodeFor::Certificate).await;
        let asked = world.vault.asked(vault::Channel::Api);
        let public = world.vault.sign_in(asked, transaction, CodeFor::Certificate, &code).await.unwrap().token;
        let (farida, manager) = (world.staff_token("farida").await, world.staff_token("manager").await);
        let (meera, olga) = (world.staff_token("meera").await, world.staff_token("olga").await);
        let tokens = vec![
            (Who::Asha, token),
            (Who::Sita, other),
            (Who::CertificateOnly, public),
            (Who::Meera, meera),
            (Who::Farida, farida),
            (Who::Manager, manager),
            (Who::Omar, omar),
            (Who::Olga, olga),
        ];
        let (clinic, stranger) = (Partner::new(&world, "clinic").await, Partner::new(&world, "stranger").await);
        let (allowed, given) = allows(&world, &clinic, &asha.reference.last_four()).await;
        let asked = clinic.asks(&world, ASHA, ALL).await;
        let tokens = tokens.into_iter().chain([(Who::Clinic, given.clone()), (Who::Stranger, given)]).collect();
        let app = router(Portal::connected(Arc::clone(&world.vault), None, false, listed()));
        let staff = world.id_of("meera");
        Self {
            app,
            tokens,
            asha,
            ravi,
            sita,
            given: given_at,
            booked,
            there,
            staff,
            clinic,
            stranger,
            asked,
            allowed,
            case: case.to_string(),
            order,
            world,
        }
    }

    pub(crate) fn token(&self, who: Who) -> Option<&str> {
        self.tokens.iter().find(|(one, _)| *one == who).map(|(_, token)| token.as_str())
    }

    /// A path with everything in it filled in: people and places of Asha's family.
    pub(crate) fn path(&self, route: &str) -> String {
        let appointment = if route.ends_with("/done")
            || route.contains("/correct")
            || route.contains("/aefi")
            || route.contains("/ask")
            || route.contains("/phone")
            || route.contains("{nth}/cases")
            || route.ends_with(".pdf")
        {
            self.given
        } else {
            self.there
        };
        let id = if route.starts_with("/appointments") {
            self.booked.to_string()
        } else if route.starts_with("/permissions") {
            self.allowed.to_string()
        } else if route.starts_with("/manager/staff") {
            self.staff.to_string()
        } else if route.starts_with("/manager/centres") {
            CENTRE.to_string()
        } else {
            self.world.session.to_string()
        };
        route
            .replace("{session}", &self.world.session.to_string())
            .replace("{appointment}", &appointment.0.to_string())
            .replace("{nth}", &appointment.1.to_string())
            .replace("{id}", &id)
            .replace("{n}", "0")
            .replace("{number}", if route.contains("/desk/orders/") { &self.order } else { &self.case })
            .replace("{what}", "wrong-name")
            .replace("{state_id}", "9")
            .replace("{kind}", "centres")
            .replace("{request}", &self.asked.to_string())
            .replace("{mobile}", ASHA)
    }

    pub(crate) async fn call(&self, method: &Method, path: &str, who: Who, body: &str) -> Answer {
        self.send(method, path, who, body.as_bytes().to_vec()).await
    }

    pub(crate) async fn send(&self, method: &Method, path: &str, who: Who, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        let is_get = method == Method::GET;
        let is_api = path.starts_with("/api/");
        if let Some(token) = self.token(who) {
            request = match is_api {
                true => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
                false => request.header(header::COOKIE, format!("teeka={token}")),
            };
        }
        let partner = match who {
            Who::Clinic => Some(&self.clinic),
            Who::Stranger => Some(&self.stranger),
            _ => None,
        };
        if let Some(partner) = partner {
            let headers = partner.headers(&self.world, method.as_str(), path, if is_get { b"" } else { &body });
            request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        }
        if method == Method::POST {
            let kind = if is_api { "application/json" } else { "application/x-www-form-urlencoded" };
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let response = self.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Calls a route of the table as it stands there.
    pub(crate) async fn at(&self, route: &Route, who: Who) -> Answer {
        self.call(&route.method, &self.path(route.path), who, empty(route)).await
    }

    /// Everything that says anything of somebody.
    pub(crate) fn names(&self) -> [&'static str; 7] {
        ["Devyani", "Kumaresan", "Chandrika", "Raghunath", "Narayanan", ASHA, SITA]
    }

    /// Rows that a refused call must not move: entries of the log, people's doses and bookings.
    pub(crate) async fn standing(&self) -> String {
        let people = [self.asha.person(), self.ravi.person(), self.sita.person()];
        let session = self.world.session;
        let read = move |store: &store::Reader| {
            let mut told = String::new();
            for person in people {
                let row = store.person(person)?;
                let row = row.map(|row| {
                    (
                        row.doses.len(),
                        row.appointments.iter().map(|a| a.status.code()).collect::<Vec<_>>(),
                        row.fields.len(),
                    )
                });
                told += &format!("{row:?}");
            }
            Ok(format!("{told}{:?}", store.session(session)?.map(|offer| offer.session.places)))
        };
        self.world.store.read(read).await.unwrap()
    }
}

/// Whose orders are taken in this street.
pub(crate) fn listed() -> Connected {
    let authorities = Authorities::new([("high-court".to_owned(), "High Court of Delhi".to_owned())]).unwrap();
    Connected { authorities, ..Connected::default() }
}

/// An order about somebody, filed by this officer and confirmed by another who does nothing else here.
async fn confirmed(world: &World, officer: &vault::Staff, about: &Registered) -> String {
    world.hire("otto", Role::Officer).await;
    let number: OrderNumber = "W.P. 17/2026".parse().unwrap();
    let order = NewOrder {
        authority: listed().authorities.named("high-court").unwrap(),
        number: number.clone(),
        dated: DAY,
        ground: LegalGround::Court,
        about: About::Reference(about.reference),
        fields: vec![Field::Name, Field::Phone],
        until: DAY,
        document: [9; 32],
    };
    let case = world.vault.file_order(officer, &order, &[8; 16]).await.unwrap();
    world.vault.confirm_order(&world.staff("otto").await, case, &number).await.unwrap();
    case.to_string()
}

/// Asha allows a partner all that it may ask for, for a day; returns the request and the token.
async fn allows(world: &World, partner: &Partner, ending: &str) -> (TransactionId, String) {
    let (vault, asked) = (&world.vault, world.vault.asked(vault::Channel::Page));
    world.pass(MINUTE + 1);
    let client = partner.client(world).await;
    let request = vault.ask_consent(&client, ask(ASHA, ALL, 5, 24 * HOUR)).await.unwrap();
    let chooser = vault.try_consent_code(asked, request, &arrived(world, ASHA).await).await.unwrap();
    let place = chooser.endings.iter().position(|one| one == ending).unwrap();
    vault.give_consent(asked, request, &chooser.proof, place, &noticed()).await.unwrap();
    (request, vault.consent_token(&client, request).await.unwrap().unwrap().0)
}

pub(crate) fn empty(route: &Route) -> &'static str {
    if route.path.starts_with("/api/") { "{}" } else { "" }
}

/// Every route of the table.
pub(crate) fn table() -> Vec<Route> {
    let table = routes();
    assert!(table.len() > 100, "the table is the whole site");
    table
}
