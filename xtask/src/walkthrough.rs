//! The pictures of README's walkthrough, made by the browser scripts in a world that is always the same.

use std::path::Path;

use anyhow::Result;

use crate::demo::{Demo, MONDAY_MORNING};
use crate::program::Program;
use crate::setup;

/// The seed of the walkthrough's world.
const SEED: &str = "7";

/// Makes the pictures and compares them with those in `docs/pictures`; `update` keeps the new ones.
pub(crate) fn run(root: &Path, update: bool) -> Result<bool> {
    let chromium = setup::browser(root)?;
    let built = Program::new("cargo", root).args(["build", "--quiet", "--package", "teeka"]).minutes(40).run()?;
    if !built.success {
        return Ok(false);
    }
    let demo = Demo::start(root, "walkthrough", &["--seed", SEED, "--now", MONDAY_MORNING])?;
    let mut pictures = Program::new("node", &root.join("tests/browser"))
        .args(["walkthrough.mjs"])
        .minutes(25)
        .env("CHROMIUM", chromium)
        .env("TEEKA_URL", demo.url())
        .env("TEEKA_STAFF", demo.staff())
        .env("TEEKA_NOW", MONDAY_MORNING);
    if update {
        pictures = pictures.args(["--update"]);
    }
    Ok(pictures.run()?.success)
}
