//! The stages of `cargo xtask test`, in order, each timed and counted; a failed one does not stop the next.

use std::env;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use crate::demo::{self, Demo, MONDAY_MORNING};
use crate::postgres::Postgres;
use crate::program::{self, Program};
use crate::scratch::Scratch;
use crate::tally::Tally;
use crate::{licences, setup, tidy};

/// One stage, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// House rules.
    Tidy,
    /// Licences of everything we stand on.
    Licences,
    /// The form of the code, and lints with warnings as errors.
    Clippy,
    /// `cargo test` over the workspace.
    Rust,
    /// What must never fail, and a short measurement, by the binary itself.
    Drills,
    /// CoWIN clients from the registries, and a strict one of ours.
    Clients,
    /// Generated requests against our own `OpenAPI` document.
    Openapi,
    /// Public test suites and data, where they are at hand.
    Vectors,
    /// Journeys in a real browser.
    Browser,
}

/// How a stage went.
struct Row {
    stage: &'static str,
    tally: Tally,
    took: Duration,
}

/// Runs the named stages, or all, prints minutes and counts, and answers whether all passed.
pub(crate) fn run_all(root: &Path, named: &[Stage]) -> bool {
    let mut rows = Vec::new();
    let wanted: Vec<Stage> =
        Stage::value_variants().iter().copied().filter(|stage| named.is_empty() || named.contains(stage)).collect();
    let mut built = false;
    for stage in wanted {
        if stage.needs_binary() && !built {
            rows.push(timed("build", || build(root)));
            built = true;
        }
        rows.push(timed(stage.name(), || stage.run(root)));
    }
    close(&rows)
}

/// Prints what ended badly, the table and the closing line.
fn close(rows: &[Row]) -> bool {
    let mut total = Tally::default();
    program::say_what_ended_badly();
    println!("\n{:<10}{:>8}{:>8}{:>10}", "stage", "passed", "failed", "minutes");
    for Row { stage, tally, took } in rows {
        println!("{stage:<10}{:>8}{:>8}{:>10.2}", tally.passed, tally.failed, took.as_secs_f64() / 60.0);
        total += *tally;
    }
    let took: Duration = rows.iter().map(|row| row.took).sum();
    println!("{:<10}{:>8}{:>8}{:>10.2}\n", "all", total.passed, total.failed, took.as_secs_f64() / 60.0);
    println!("{total}");
    total.failed == 0
}

/// Runs one stage; one that could not run has failed once.
fn timed(stage: &'static str, body: impl FnOnce() -> Result<Tally>) -> Row {
    println!("\n== {stage}");
    let start = Instant::now();
    let tally = body().unwrap_or_else(|error| {
        println!("FAILED  {stage}: {error:#}");
        Tally::one(false)
    });
    Row { stage, tally, took: start.elapsed() }
}

/// Builds the binary that the stages drive, once, in the profile that `cargo test` uses too.
fn build(root: &Path) -> Result<Tally> {
    let ended = Program::new("cargo", root).args(["build", "--quiet", "--package", "teeka"]).minutes(40).run()?;
    Ok(Tally::one(ended.success))
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Tidy => "tidy",
            Self::Licences => "licences",
            Self::Clippy => "clippy",
            Self::Rust => "rust",
            Self::Drills => "drills",
            Self::Clients => "clients",
            Self::Openapi => "openapi",
            Self::Vectors => "vectors",
            Self::Browser => "browser",
        }
    }

    fn needs_binary(self) -> bool {
        matches!(self, Self::Drills | Self::Clients | Self::Openapi | Self::Vectors | Self::Browser)
    }

    fn run(self, root: &Path) -> Result<Tally> {
        match self {
            Self::Tidy => tidy::run(root),
            Self::Licences => licences::run(root),
            Self::Clippy => clippy(root),
            Self::Rust => rust(root),
            Self::Drills => drills(root),
            Self::Clients => clients(root),
            Self::Openapi => openapi(root),
            Self::Vectors => vectors(root),
            Self::Browser => browser(root),
        }
    }
}

fn clippy(root: &Path) -> Result<Tally> {
    let formatted = Program::new("cargo", root).args(["fmt", "--check"]).run()?;
    let cargo = Program::new("cargo", root).args(["clippy", "--quiet", "--workspace", "--all-targets"]);
    let linted = cargo.args(["--", "--deny", "warnings"]).minutes(40).run()?;
    let mut tally = Tally::one(formatted.success);
    tally += Tally::one(linted.success);
    Ok(tally)
}

/// Suites that stand on a store, and are run once more with PostgreSQL.
const ON_A_STORE: [&str; 4] = ["conformance", "store", "stories", "walls"];

/// The coordinator of a Citus cluster, and how one of its workers is stopped and started: `docs/citus.md`.
const CITUS: &str = "TEEKA_CITUS_URL";
const CITUS_STOP: &str = "TEEKA_CITUS_STOP";

fn rust(root: &Path) -> Result<Tally> {
    let scratch = Scratch::new(root, "suites")?;
    let cargo_test = |server: &str| cargo_test(root, server).env("TMPDIR", scratch.folder());
    let embedded = counted(cargo_test(""))?;
    let server = Postgres::start(root)?;
    let cargo = cargo_test(&server.database("teeka")?).env("TEEKA_POSTGRES_TLS", server.certificates());
    // A test over a server waits as often as it computes: two for each core.
    let threads = (2 * thread::available_parallelism()?.get()).to_string();
    let cargo = cargo.env("RUST_TEST_THREADS", threads);
    let on_a_server = counted(cargo.args(ON_A_STORE.iter().flat_map(|suite| ["--test", suite])))?;
    let on_citus = told(CITUS).map(|url| on_citus(root, &url)).transpose()?;
    println!("SQLite: {embedded}");
    println!("PostgreSQL ({}): {on_a_server}", ON_A_STORE.join(", "));
    match on_citus {
        Some(on_citus) => println!("Citus (conformance): {on_citus}"),
        None => println!("Citus: not run, no coordinator"),
    }
    Ok([embedded, on_a_server].into_iter().chain(on_citus).sum())
}

/// The conformance suite over a cluster's schemas; and then, while nothing else runs, a worker of it is stopped.
fn on_citus(root: &Path, url: &str) -> Result<Tally> {
    let suite = || cargo_test(root, "").args(["--test", "conformance"]).env(CITUS, url);
    let mut tally = counted(suite())?;
    match told(CITUS_STOP) {
        Some(stop) => tally += counted(suite().args(["--", "a_worker_that_stops"]).env(CITUS_STOP, stop))?,
        None => println!("Citus: no worker is stopped, {CITUS_STOP} is not set"),
    }
    Ok(tally)
}

/// `cargo test` with a server, or none. What our own environment says of a cluster is meant for one run of all.
fn cargo_test(root: &Path, server: &str) -> Program {
    let cargo = Program::new("cargo", root).args(["test", "--quiet", "--workspace", "--no-fail-fast"]);
    cargo.env("TEEKA_POSTGRES_URL", server).env(CITUS, "").env(CITUS_STOP, "").minutes(60)
}

fn counted(program: Program) -> Result<Tally> {
    let ended = program.run()?;
    Ok(Tally::of_cargo_test(&ended.output).with_status(ended.success))
}

fn told(name: &str) -> Option<String> {
    env::var(name).ok().filter(|told| !told.is_empty())
}

/// Each ends with a status of 0 only if every invariant of its own held.
fn drills(root: &Path) -> Result<Tally> {
    let mut tally = Tally::default();
    let server = Postgres::start(root)?;
    let mut tries = |words: String| -> Result<()> {
        println!("teeka {words}");
        let drill = Program::new(demo::binary(root)?, root).args(words.split(' ')).minutes(15);
        tally += Tally::one(drill.run()?.success);
        Ok(())
    };
    for words in [
        "drill fight",
        "drill kill --rounds 100",
        "drill disk-full",
        "drill fsync",
        "drill read-only-log",
        "drill restore --people 200",
        "drill old-keystore",
        "drill crash",
        "bench skeleton --seconds 1",
    ] {
        tries(words.to_owned())?;
    }
    for words in [
        "nodes --rounds 2",
        "fight",
        "kill --rounds 20",
        "crash --rounds 3",
        "disk-full --rounds 1",
        "fsync --rounds 1",
    ] {
        let name = words.split(' ').next().unwrap_or(words);
        tries(format!("drill {words} --store {}", server.database(name)?))?;
    }
    Ok(tally)
}

fn clients(root: &Path) -> Result<Tally> {
    setup::node(root)?;
    let python = setup::python(root, "clients")?.join("python");
    let mut demo = Demo::start(root, "clients", &[])?;
    let mut tally = Tally::default();
    for script in ["npm-cowin.mjs", "npm-cowin-api-client.mjs", "strict.mjs"] {
        tally += suite(Program::new("node", &root.join("tests/clients")).args([script]), &demo)?;
    }
    let partner = Program::new("node", &root.join("tests/clients")).args(["partner.mjs"]);
    tally += suite(partner.env("TEEKA_PARTNER", demo.partner()), &demo)?;
    tally += suite(Program::new(python, &root.join("tests/clients")).args(["pypi_cowin.py"]), &demo)?;
    tally += Tally::one(demo.still_running()?);
    Ok(tally)
}

fn browser(root: &Path) -> Result<Tally> {
    let chromium = setup::browser(root)?;
    let script = |name: &str| Program::new("node", &root.join("tests/browser")).args([name]).env("CHROMIUM", &chromium);
    let mut tally = Tally::default();
    for alone in ["self.mjs", "check-button.mjs"] {
        let ended = script(alone).run()?;
        tally += Tally::of_suites(&ended.output).with_status(ended.success);
    }
    // A store changes no page: over PostgreSQL one width and one language are walked, from the phone to the slip, to the second
    // dose, and without a phone; axe does not look again.
    let server = Postgres::start(root)?;
    let url = server.database("teeka")?;
    for (name, store, walked) in
        [("browser", &[][..], &[][..]), ("browser-postgres", &["--store", url.as_str()], &["1,2,4", "en-phone"])]
    {
        let mut demo = Demo::start(root, name, &[&["--now", MONDAY_MORNING], store].concat())?;
        let axe = if store.is_empty() { "yes" } else { "no" };
        let journeys = script("all.mjs").args(walked).env("TEEKA_AXE", axe);
        let journeys = journeys.env("TEEKA_STAFF", demo.staff()).env("TEEKA_NOW", MONDAY_MORNING);
        let mut walked = suite(journeys.minutes(40), &demo)?;
        walked += Tally::one(demo.still_running()?);
        println!("{name}: {} checks stood, {} did not", walked.passed, walked.failed);
        tally += walked;
    }
    Ok(tally)
}

/// Generated requests, first as nobody and then as somebody who signed in by phone.
fn openapi(root: &Path) -> Result<Tally> {
    setup::node(root)?;
    let python = setup::python(root, "openapi")?;
    let mut demo = Demo::start(root, "openapi", &[])?;
    let tests = root.join("tests/openapi");
    let token = Program::new("node", &tests).args(["token.mjs"]).env("TEEKA_URL", demo.url()).quiet()?;
    let mut tally = Tally::default();
    for (caller, headers) in [("nobody", vec![]), ("citizen", vec![format!("Authorization: Bearer {}", token.trim())])]
    {
        println!("as {caller}");
        let report = root.join("target/xtask").join(format!("openapi-{caller}.xml"));
        let mut program = Program::new(python.join("schemathesis"), &tests)
            .args(["run", &format!("{}/api/openapi.json", demo.url())])
            .args(["--generation-deterministic"])
            .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--no-color"])
            .args([
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            ])
            .args(["--report-junit-path"])
            .args([&report]);
        for header in &headers {
            program = program.args(["--header", header]);
        }
        let ended = program.minutes(10).run()?;
        let counts = std::fs::read_to_string(&report).context("schemathesis left no report")?;
        tally += Tally::of_junit(&counts).with_status(ended.success);
    }
    tally += Tally::one(demo.still_running()?);
    Ok(tally)
}

/// Public data and suites that are not part of the project: looked for beside it, or where `TEEKA_VECTORS` says. The check
/// of looks has cases of our own besides, and runs without them.
fn vectors(root: &Path) -> Result<Tally> {
    setup::node(root)?;
    let named = env::var_os("TEEKA_VECTORS").map_or_else(|| root.join("../shared/vectors"), PathBuf::from);
    let folder = named.canonicalize().unwrap_or(named);
    let script =
        |name: &str| Program::new("node", &root.join("tests/vectors")).args([name]).env("TEEKA_VECTORS", &folder);
    let looks = script("looks.mjs").run()?;
    let mut tally = Tally::of_suites(&looks.output).with_status(looks.success);
    if !folder.is_dir() {
        println!("the folder of public vectors is not there: nothing further to run");
        return Ok(tally);
    }
    let mut demo = Demo::start(root, "vectors", &[])?;
    tally += suite(script("geography.mjs"), &demo)?;
    tally += Tally::one(demo.still_running()?);
    Ok(tally)
}

/// Runs a script that prints our closing lines, against a running demo.
fn suite(program: Program, demo: &Demo) -> Result<Tally> {
    let ended = program.env("TEEKA_URL", demo.url()).run()?;
    Ok(Tally::of_suites(&ended.output).with_status(ended.success))
}
