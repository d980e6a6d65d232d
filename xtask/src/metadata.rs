//! What cargo says about our crates and everything they stand on.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::program::Program;

/// One crate of the tree.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its licence expression, when it states one.
    pub(crate) licence: Option<String>,
    /// Whether it is ours: a member of the workspace.
    pub(crate) ours: bool,
    /// What it depends on directly.
    pub(crate) needs: Vec<Need>,
}

/// One direct dependency.
#[derive(Debug)]
pub(crate) struct Need {
    /// The crate's name.
    pub(crate) name: String,
    /// Used by its tests only.
    pub(crate) tests_only: bool,
}

/// Our own crates, from their manifests alone.
pub(crate) fn ours(root: &Path) -> Result<Vec<Package>> {
    packages(root, &["--no-deps"])
}

/// Every crate in the lock file, for every platform.
pub(crate) fn all(root: &Path) -> Result<Vec<Package>> {
    packages(root, &["--locked"])
}

fn packages(root: &Path, extra: &[&str]) -> Result<Vec<Package>> {
    let cargo = Program::new("cargo", root).args(["metadata", "--format-version", "1"]).args(extra);
    let document: Value = serde_json::from_str(&cargo.quiet()?)?;
    let packages = document["packages"].as_array().context("cargo metadata lists no packages")?;
    packages.iter().map(package).collect()
}

fn package(value: &Value) -> Result<Package> {
    let needs = value["dependencies"].as_array().context("a package without a list of dependencies")?;
    Ok(Package {
        name: text(value, "name")?,
        version: text(value, "version")?,
        licence: value["license"].as_str().map(str::to_owned),
        ours: value["source"].is_null(),
        needs: needs.iter().map(need).collect::<Result<_>>()?,
    })
}

fn need(value: &Value) -> Result<Need> {
    Ok(Need { name: text(value, "name")?, tests_only: value["kind"] == "dev" })
}

fn text(value: &Value, key: &str) -> Result<String> {
    Ok(value[key].as_str().with_context(|| format!("cargo metadata without {key}"))?.to_owned())
}
