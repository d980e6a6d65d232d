//! What the tests need on a fresh machine: Debian packages, npm packages from the lock file, Python environments.
//!
//! Each step looks first and does nothing when the thing is there, so that a second run costs nothing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::program::{self, Program};

/// A Debian package, and what shows that it is there.
struct Debian {
    package: &'static str,
    proof: Proof,
}

/// What shows that a package is installed.
enum Proof {
    /// A program that can be found.
    Program(&'static str),
    /// A Python module that can be imported.
    Module(&'static str),
    /// A file.
    File(&'static str),
}

const BROWSER: [Debian; 2] = [
    Debian { package: "chromium", proof: Proof::Program("chromium") },
    // Pictures show Hindi; the pages themselves use whatever font the reader has.
    Debian {
        package: "fonts-noto-core",
        proof: Proof::File("/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf"),
    },
];
const NODE: [Debian; 2] = [
    Debian { package: "nodejs", proof: Proof::Program("node") },
    Debian { package: "npm", proof: Proof::Program("npm") },
];
const PDF: [Debian; 1] = [Debian { package: "poppler-utils", proof: Proof::Program("pdftotext") }];
const PYTHON: [Debian; 2] = [
    Debian { package: "python3", proof: Proof::Program("python3") },
    Debian { package: "python3-venv", proof: Proof::Module("ensurepip") },
];

/// Node with the packages of `tests/package-lock.json`, and the PDF tools that scripts call.
pub(crate) fn node(root: &Path) -> Result<()> {
    debian(root, NODE.iter().chain(&PDF))?;
    let tests = root.join("tests");
    let lock = fs::read_to_string(tests.join("package-lock.json")).context("tests/package-lock.json")?;
    let stamp = tests.join("node_modules/.installed-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    Program::new("npm", &tests).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).must()?;
    Ok(fs::write(stamp, lock)?)
}

/// A browser with fonts for both languages, besides Node. Answers the browser's path.
pub(crate) fn browser(root: &Path) -> Result<PathBuf> {
    debian(root, BROWSER.iter())?;
    node(root)?;
    let path = Program::new("sh", root).args(["-c", "command -v chromium"]).quiet()?;
    Ok(PathBuf::from(path.trim()))
}

/// A Python environment with exactly what `tests/<suite>/requirements.txt` names. Answers its folder of programs.
pub(crate) fn python(root: &Path, suite: &str) -> Result<PathBuf> {
    debian(root, PYTHON.iter())?;
    let list = root.join("tests").join(suite).join("requirements.txt");
    let wanted = fs::read_to_string(&list).with_context(|| format!("{}", list.display()))?;
    let folder = root.join("target/xtask/python").join(suite);
    let stamp = folder.join("installed-requirements.txt");
    if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        Program::new("python3", root).args(["-m", "venv", "--clear"]).args([&folder]).must()?;
        let pip = Program::new(folder.join("bin/pip"), root).args(["install", "--quiet", "--no-deps"]);
        pip.args(["--disable-pip-version-check", "--requirement"]).args([&list]).must()?;
        fs::write(stamp, wanted)?;
    }
    Ok(folder.join("bin"))
}

/// A PostgreSQL server's programs, of the newest version there is, and what makes its certificates. Answers their folder.
pub(crate) fn postgres(root: &Path) -> Result<PathBuf> {
    let programs = || {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
        folders.retain(|folder| folder.join("initdb").is_file());
        folders.sort();
        folders.pop()
    };
    let openssl = Debian { package: "openssl", proof: Proof::Program("openssl") };
    let server = Debian { package: "postgresql", proof: Proof::Program("initdb") };
    debian(root, std::iter::once(&openssl).chain(programs().is_none().then_some(&server)))?;
    programs().context("the package postgresql brings no server")
}

/// Installs those packages that are missing, in one go.
fn debian<'a>(root: &Path, wanted: impl Iterator<Item = &'a Debian>) -> Result<()> {
    let missing: Vec<&str> = wanted.filter(|one| !one.present(root)).map(|one| one.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !program::exists("apt-get") || Program::new("id", root).args(["-u"]).quiet()?.trim() != "0" {
        bail!("these Debian packages are needed and only root can install them: {}", missing.join(" "));
    }
    println!("installing {}", missing.join(" "));
    let apt =
        |args: &[&str]| Program::new("apt-get", root).env("DEBIAN_FRONTEND", "noninteractive").args(args.to_vec());
    apt(&["update", "-q"]).must()?;
    apt(&["install", "-q", "-y", "--no-install-recommends"]).args(missing).minutes(20).must()?;
    Ok(())
}

impl Debian {
    fn present(&self, root: &Path) -> bool {
        match self.proof {
            Proof::Program(name) => program::exists(name),
            Proof::Module(name) => {
                Program::new("python3", root).args(["-c", &format!("import {name}")]).quiet().is_ok()
            }
            Proof::File(path) => Path::new(path).is_file(),
        }
    }
}
