//! What never comes out: seeded people's secrets in any encoding, over every route, principal and file without a grant.

use crate::partner::{ALL, HOUR, Partner, arrived, ask, noticed};
use crate::street::{Answer, empty, table};
use crate::world::{CENTRE, World};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use drill::world::scan::{Scanner, Secret};
use drill::world::{PersonPlan, World as Plans};
use portal::routes::Access;
use portal::{Portal, router};
use registry::case::Claim;
use registry::{AppointmentId, BirthYear, Gender, IdDocument, IdKind, Role, TransactionId};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;
use vault::{BookingRequest, Message, NewPerson};

const PEOPLE: u32 = 30;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Seeded people, registered and booked through the same verbs as anybody.
struct Town {
    world: World,
    app: Router,
    /// The operators' listener over the same portal.
    operators: Router,
    scanner: Scanner,
    /// Of each family its phone, its token, an appointment.
    families: Vec<(String, String, AppointmentId)>,
    references: Vec<String>,
    /// What a partner asked of the first family, and nobody answered.
    asked: TransactionId,
    /// The number of a case in which somebody wrote her own name.
    case: String,
}

fn new_person(plan: &PersonPlan) -> NewPerson {
    let kind = IdKind::ALL.into_iter().find(|kind| IdDocument::parse(*kind, &plan.document.number).is_ok());
    NewPerson {
        name: plan.name.parse().unwrap(),
        born: BirthYear::new(u16::try_from(plan.birth_year).unwrap()).unwrap(),
        gender: Gender::Others,
        id_document: kind.map(|kind| IdDocument::parse(kind, &plan.document.number).unwrap()),
        comorbidity: false,
        language: "en".into(),
        notice: None,
        once: None,
    }
}

async fn town() -> Town {
    let world = World::new().await;
    let plans: Vec<PersonPlan> = Plans::generate(7, crate::world::DAY, PEOPLE).people().collect();
    let mut secrets: Vec<Secret> = plans.iter().flat_map(PersonPlan::secrets).collect();
    let (mut families, mut references) = (Vec::new(), Vec::new());
    for family in plans.chunk_by(|one, next| one.family == next.family) {
        let phone = family[0].phone.clone();
        let token = world.signs_in(&phone).await.token;
        let mut adults = Vec::new();
        for plan in family {
            let citizen = world.citizen(&token).await;
            let registered = world.vault.register(&citizen, new_person(plan)).await.unwrap();
            secrets.push(Secret { person: plan.index, what: "reference", text: registered.reference.digits() });
            references.push(registered.reference.digits());
            if plan.birth_year <= 2008 {
                adults.push(registered);
            }
        }
        if let Some(first) = adults.first() {
            let appointment = world.books(&token, vec![first.person()]).await;
            if families.len() % 2 == 0 {
                world.vaccinates(&token, first).await;
            }
            families.push((phone, token, appointment));
        }
    }
    let citizen = world.citizen(&families[0].1).await;
    let claim = Claim::Name(plans[0].name.parse().unwrap());
    let case = world.vault.file_case(&citizen, citizen.members()[0], &claim, &plans[0].name, &[7; 16]).await.unwrap();
    world.hire("omar", Role::Officer).await;
    world.vault.send_notices().await.unwrap();
    let phones = [0, 1, 2].map(|family: usize| families[family].0.clone());
    let asked = partner(&world, &phones, &plans[0].name).await;
    let (portal, case) = (Portal::new(Arc::clone(&world.vault), None, false), case.to_string());
    let operators = portal::operators::router(portal.clone(), Arc::new(|| Duration::ZERO), Arc::new(|| Some(1)));
    let app = router(portal);
    Town { app, operators, scanner: Scanner::new(secrets).unwrap(), families, references, asked, case, world }
}

/// A partner that was allowed to look, and looked; that was let know a status; and that asks and gets no answer.
async fn partner(world: &World, phones: &[String; 3], name: &str) -> TransactionId {
    let clinic = Partner::new(world, "clinic").await;
    let (vault, asked) = (&world.vault, world.vault.asked(vault::Channel::Page));
    let client = clinic.client(world).await;
    let request = vault.ask_consent(&client, ask(&phones[0], ALL, 5, HOUR)).await.unwrap();
    let chooser = vault.try_consent_code(asked, request, &arrived(world, &phones[0]).await).await.unwrap();
    vault.give_consent(asked, request, &chooser.proof, 0, &noticed()).await.unwrap();
    let token = vault.consent_token(&client, request).await.unwrap().unwrap().0;
    vault.shared(&vault.consented(clinic.client(world).await, &token).await.unwrap()).await.unwrap();
    let status = vault.ask_status(&client, &phones[1].parse().unwrap(), &name.parse().unwrap(), "en").await.unwrap();
    vault.confirm_status(&client, status, &arrived(world, &phones[1]).await).await.unwrap();
    vault.ask_consent(&client, ask(&phones[2], ALL, 5, HOUR)).await.unwrap()
}

impl Town {
    async fn for_operators(&self, path: &str) -> Answer {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let (parts, body) = self.operators.clone().oneshot(request).await.unwrap().into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    async fn call(&self, method: &Method, path: &str, token: Option<&str>, body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .header(header::COOKIE, format!("teeka={token}"));
        }
        let kind = if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" };
        let request = request.header(header::CONTENT_TYPE, kind).body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn look_into(&self, place: &str, bytes: &[u8]) {
        let hits = self.scanner.scan(bytes);
        assert!(
            hits.is_empty(),
            "{place} shows {:?}",
            hits.iter().map(|hit| (hit.what, hit.encoding)).collect::<Vec<_>>()
        );
    }

    fn paths(&self, route: &str) -> String {
        let (_, _, appointment) = &self.families[0];
        let id = if route.starts_with("/appointments") {
            appointment.to_string()
        } else if route.starts_with("/manager/staff") {
            self.world.id_of("meera").to_string()
        } else if route.starts_with("/manager/centres") {
            CENTRE.to_string()
        } else {
            self.world.session.to_string()
        };
        let session = self.world.session.to_string();
        [
            ("{session}", session.as_str()),
            ("{appointment}", &appointment.to_string()),
            ("{nth}", "0"),
            ("{number}", &self.case),
            ("{what}", "wrong-name"),
            ("{id}", &id),
            ("{n}", "0"),
            ("{state_id}", "9"),
            ("{kind}", "staff"),
            ("{mobile}", "6000000000"),
            ("{request}", &self.asked.to_string()),
        ]
        .iter()
        .fold(route.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

/// Someone who is signed in and has nobody, the staff of another session, a manager, and nobody.
async fn principals(town: &Town) -> Vec<(&'static str, Option<String>)> {
    let stranger = town.world.signs_in("6123456789").await.token;
    vec![
        ("nobody", None),
        ("a stranger", Some(stranger)),
        ("a vaccinator elsewhere", Some(town.world.staff_token("farida").await)),
        ("a manager", Some(town.world.staff_token("manager").await)),
        ("an officer", Some(town.world.staff_token("omar").await)),
    ]
}

#[tokio::test]
async fn nothing_of_anybody_comes_out_without_a_grant() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let town = town().await;
    let session = town.world.session;
    for (who, token) in principals(&town).await {
        for route in table().iter().filter(|route| route.path != "/sign-out") {
            // An officer who takes a case has a right to look by it.
            if route.path == "/desk/{number}/take" && who == "an officer" {
                continue;
            }
            // Whoever is let in by her role may move what is hers; this test only looks.
            if route.method == Method::POST && route.access == Access::Manager && who == "a manager" {
                continue;
            }
            let path = town.paths(route.path);
            let (phone, reference) = (&town.families[0].0, &town.references[0]);
            let query =
                format!("{path}?beneficiary_reference_id={}&appointment_id={}", "12345678901234", town.families[0].2);
            let bodies = if route.path.starts_with("/api/") {
                vec![
                    empty(route).to_owned(),
                    "{".to_owned(),
                    format!(
                        r#"{{"mobile":"{phone}","beneficiary_reference_id":"{reference}","beneficiaries":["{reference}"],
                        "session_id":"{session}","slot":"09:00AM-01:00PM","dose":1,"appointment_id":"{}","login":"{phone}",
                        "password":"x","code":"1","otp":"{phone}","name":"x y","birth_year":"1900"}}"#,
                        town.families[0].2
                    ),
                ]
            } else {
                vec![empty(route).to_owned()]
            };
            for (address, body) in bodies.iter().map(|body| (&path, body)).chain([(&query, &bodies[0])]) {
                let answer = town.call(&route.method, address, token.as_deref(), body).await;
                assert!(!answer.status.is_server_error(), "{address} for {who}: {}", answer.status);
                let place = format!("{} {} for {who} ({})", route.method, route.path, answer.status);
                town.look_into(&place, &answer.body);
                town.look_into(&format!("a header of {place}"), format!("{:?}", answer.headers).as_bytes());
            }
        }
    }
    // A right that cannot be honoured is an error on the way out: that line is looked into as well.
    let token = &town.world.signs_in(&town.families[0].0).await.token;
    let citizen = town.world.citizen(token).await;
    town.world.keys().erase(citizen.members()[0]).await.unwrap();
    let failed = town.call(&Method::GET, "/family", Some(token), "").await;
    assert_eq!(failed.status.as_u16(), 503);
    town.look_into("a failure", &failed.body);
    // What operators see of all this names nobody either: counted was everything that was asked above.
    for path in portal::operators::PATHS {
        let answer = town.for_operators(path).await;
        assert!(answer.status.is_success() || path == "/health/ready", "{path}: {}", answer.status);
        assert!(!answer.body.is_empty(), "{path}");
        town.look_into(path, &answer.body);
        town.look_into(&format!("a header of {path}"), format!("{:?}", answer.headers).as_bytes());
    }
    drop(guard);
    let lines = log.0.lock().unwrap().clone();
    assert!(!lines.is_empty(), "the log is captured");
    town.look_into("the log", &lines);
}

#[tokio::test]
async fn no_message_says_who_it_is_for_or_what_she_was_given() {
    let town = town().await;
    let sent = town.world.outbox.sent.lock().unwrap().clone();
    assert!(sent.iter().any(|(_, message)| matches!(message, Message::Appointment { .. })));
    for (_, message) in sent {
        let text = portal::sms::compose(portal::words::Words::new(portal::words::Language::default()), &message).text;
        town.look_into("a message", text.as_bytes());
        assert!(!text.to_uppercase().contains("COVAXIN"), "{text}");
    }
}

#[tokio::test]
async fn whoever_carries_the_files_away_reads_nobody() {
    let town = town().await;
    // Half of a booking under way, so that the write-ahead log holds fresh rows of every kind.
    let (_, token, _) = &town.families[1];
    let citizen = town.world.citizen(token).await;
    let wish =
        BookingRequest { people: citizen.members(), session: town.world.session, slot: crate::world::slot(), dose: 2 };
    let _ = town.world.vault.book(&citizen, wish).await;
    let folder = town.world.folder().to_owned();
    town.world.publishes().await;
    let mut looked = Vec::new();
    // A server writes down, copies and sends to its standbys the bytes of these rows; its own tools make its backups.
    let rows = town.world.rows();
    let wanted: &[&str] = if rows.is_empty() {
        town.world.vault.backup(Some(&folder.join("copy.db")), "keys").await.unwrap();
        &["teeka.db", "teeka.db-wal", "keys.db", "copy.db", "copies/keys/keys.db", "log/checkpoint"]
    } else {
        &["person", "sealed", "member", "appointment", "dose", "log_stage", "keys.db", "log/checkpoint"]
    };
    for (table, bytes) in rows {
        town.look_into(&table, &bytes);
        looked.push((table, bytes.len()));
    }
    let mut folders = vec![folder.clone()];
    while let Some(inner) = folders.pop() {
        for path in std::fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            town.look_into(&name, &bytes);
            looked.push((name, bytes.len()));
        }
    }
    for name in wanted {
        assert!(
            looked.iter().any(|(file, bytes)| file == name && *bytes > 0),
            "{name} was not looked into: {looked:?}"
        );
    }
}

#[tokio::test]
async fn the_scanner_finds_what_is_there() {
    let town = town().await;
    // Her own page shows her: the same scanner must see it, or its silence above says nothing.
    let (_, token, _) = &town.families[0];
    let family = town.call(&Method::GET, "/family", Some(token), "").await;
    assert!(!town.scanner.scan(&family.body).is_empty());
    assert!(!town.scanner.scan(format!("{{\"mobile\":\"{}\"}}", town.families[0].0).as_bytes()).is_empty());
}
