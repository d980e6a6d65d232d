//! Rules about source text. Forbidden words are put together at compile time, so that this file does not hold them.

use super::{File, Rule};

/// No file of code may be longer, and those longer than the second are named as a note.
const MOST_LINES: usize = 1_000;
const MANY_LINES: usize = 400;
const CODE: [&str; 6] = ["rs", "mjs", "js", "py", "css", "sh"];

/// Words that begin a statement to a database.
const SQL: [&str; 7] = [
    concat!("SELE", "CT "),
    concat!("INSE", "RT INTO "),
    concat!("INSE", "RT OR "),
    concat!("DELE", "TE FROM "),
    concat!("UPD", "ATE OR "),
    concat!("CREATE ", "TABLE "),
    concat!("PRAG", "MA "),
];
/// Names of engines and their drivers. Outside the store nothing may depend on one: an address is handed on as it was given.
const ENGINES: [&str; 2] = [concat!("post", "gres"), concat!("sql", "ite")];
/// The drill that starts servers of its own and kills them: it names their programs, and asks no store which engine it has.
const STARTS_SERVERS: &str = "crates/teeka/src/trial/failover/cluster.rs";
/// Endings of type names that say nothing about what the type is.
const EMPTY_NAMES: [&str; 6] = [
    concat!("Mana", "ger"),
    concat!("Help", "er"),
    concat!("Help", "ers"),
    concat!("Ut", "il"),
    concat!("Ut", "ils"),
    concat!("Serv", "ice"),
];
/// Types named after the people whose office bears one of these words.
const PEOPLE: [&str; 1] = [concat!("PageMana", "ger")];
/// What would tie the text to one machine or one supplier of packages.
const PLACES: [&str; 8] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/."),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("registry.", "npmjs.org"),
    concat!("pypi", ".org"),
    concat!("files.python", "hosted.org"),
    concat!("index.crates", ".io"),
];

/// The rules about source text.
pub(super) fn rules(files: &[File]) -> Vec<Rule> {
    vec![
        Rule::new("no file of code is longer than 1,000 lines", too_long(files)),
        Rule::new(
            "no module file hides behind its folder's name",
            in_rust(files, |file| file.name() == concat!("mod", ".rs")),
        ),
        Rule::new("nothing is unwrapped outside tests", unwrapped(files)),
        Rule::new("specimens hold nobody, and are read beside no person", specimens(files)),
        Rule::new("no test is skipped and nothing is left to do", left_undone(files)),
        Rule::new("no statement to a database outside the store", statements(files)),
        Rule::new("no room but the store knows an engine", engines(files)),
        Rule::new("type names say what the type is", empty_names(files)),
        Rule::new("every crate obeys the workspace's lints", without_lints(files)),
        Rule::new("no machine's path and no supplier's host in the text", places(files)),
    ]
}

/// Files that are longer than most should be; a note, not a breach.
pub(super) fn long_files(files: &[File]) -> Vec<String> {
    let long = files.iter().filter(|file| is_code(file)).map(|file| (file.text.lines().count(), &file.path));
    let mut long: Vec<_> = long.filter(|(lines, _)| *lines > MANY_LINES).collect();
    long.sort_unstable();
    long.iter().rev().map(|(lines, path)| format!("{path} has {lines} lines")).collect()
}

fn is_code(file: &File) -> bool {
    CODE.contains(&file.extension())
}

fn too_long(files: &[File]) -> Vec<String> {
    let code = files.iter().filter(|file| is_code(file));
    code.filter(|file| file.text.lines().count() > MOST_LINES).map(|file| file.path.clone()).collect()
}

/// A specimen is opened without an entry: so its room opens nothing else, nobody else opens one, and its tables are named in
/// the store alone.
fn specimens(files: &[File]) -> Vec<String> {
    const ROOM: &str = "crates/vault/src/specimen.rs";
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && !file.is_test()) {
        for (line, text) in file.shipped_lines() {
            let in_store = file.path.starts_with("crates/store/src/");
            let opens = [concat!("store.speci", "men("), concat!("keyroom::Speci", "mens")]
                .iter()
                .any(|word| text.contains(word));
            let reads = ["store.person(", "self.people(", "self.redeem(", "field_keys("];
            let breach = match file.path.as_str() {
                ROOM => {
                    reads.iter().any(|word| text.contains(word)).then_some("reads a person where specimens are read")
                }
                _ => {
                    (opens || !in_store && text.contains(concat!("specimen_", "sealed"))).then_some("opens a specimen")
                }
            };
            breaches.extend(breach.map(|what| file.at(line, what)));
        }
    }
    breaches
}

fn in_rust(files: &[File], breach: impl Fn(&File) -> bool) -> Vec<String> {
    files.iter().filter(|file| file.is_rust() && breach(file)).map(|file| file.path.clone()).collect()
}

/// Lines that ship and satisfy `breach`, in Rust files that satisfy `applies`.
fn lines(files: &[File], applies: impl Fn(&File) -> bool, breach: impl Fn(&str) -> bool) -> Vec<String> {
    let rust = files.iter().filter(|file| file.is_rust() && !file.is_test() && applies(file));
    rust.flat_map(|file| {
        file.shipped_lines().filter(|(_, line)| breach(line)).map(|(number, line)| file.at(number, line.trim()))
    })
    .collect()
}

fn unwrapped(files: &[File]) -> Vec<String> {
    lines(files, |_| true, |line| line.contains(concat!(".unw", "rap()")))
}

fn left_undone(files: &[File]) -> Vec<String> {
    let words = [concat!("#[ign", "ore"), concat!("tod", "o!("), concat!("unimple", "mented!(")];
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let found = file.text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        breaches.extend(found.map(|(index, line)| file.at(index + 1, line.trim())));
    }
    breaches
}

fn statements(files: &[File]) -> Vec<String> {
    lines(files, |file| !file.path.starts_with("crates/store/"), |line| SQL.iter().any(|word| line.contains(word)))
}

/// Lines that name an engine, in any case of letters, in a room beside the store: whoever names one can ask for it.
fn engines(files: &[File]) -> Vec<String> {
    let knows = |file: &File| file.path.starts_with("crates/store/") || file.path == STARTS_SERVERS;
    let elsewhere = |file: &File| file.path.starts_with("crates/") && !knows(file);
    lines(files, elsewhere, |line| ENGINES.iter().any(|engine| line.to_lowercase().contains(engine)))
}

fn empty_names(files: &[File]) -> Vec<String> {
    let empty = |name: &str| !PEOPLE.contains(&name) && EMPTY_NAMES.iter().any(|ending| name.ends_with(ending));
    lines(files, |_| true, |line| declared(line).is_some_and(empty))
}

/// The name of the type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    words.find(|word| matches!(*word, "struct" | "enum" | "trait" | "type" | "union"))?;
    words.next()?.split(|letter: char| !letter.is_alphanumeric()).next()
}

fn without_lints(files: &[File]) -> Vec<String> {
    let manifests = files.iter().filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml");
    manifests.filter(|file| !file.text.contains("[lints]\nworkspace = true")).map(|file| file.path.clone()).collect()
}

fn places(files: &[File]) -> Vec<String> {
    let written = files.iter().filter(|file| file.path != "Cargo.lock");
    let mut breaches = Vec::new();
    for file in written {
        for (index, line) in file.text.lines().enumerate() {
            let found = PLACES.iter().filter(|place| stands_alone(line, place));
            breaches.extend(found.map(|place| file.at(index + 1, place)));
        }
    }
    breaches
}

/// Whether a path or host begins a word of the line: `log/root/x` is no machine's path.
fn stands_alone(line: &str, place: &str) -> bool {
    line.match_indices(place)
        .any(|(at, _)| !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unwrap_is_found_where_it_ships_and_only_there() {
        let call = concat!("x.unw", "rap();");
        let shipped = File::new(
            "crates/a/src/lib.rs",
            &format!("fn f() {{\n    {call}\n}}\n#[cfg(test)]\nmod tests {{ {call} }}\n"),
        );
        let commented = File::new("crates/a/src/b.rs", &format!("// {call}\n"));
        let test = File::new("crates/a/tests/c.rs", call);
        assert_eq!(unwrapped(&[shipped, commented, test]), [format!("crates/a/src/lib.rs:2: {call}")]);
    }

    #[test]
    fn a_statement_is_found_outside_the_store() {
        let text = concat!("let text = \"SELE", "CT 1\";");
        let files = [File::new("crates/store/src/a.rs", text), File::new("crates/vault/src/a.rs", text)];
        assert_eq!(statements(&files).len(), 1);
    }

    #[test]
    fn an_engine_is_found_outside_the_store_and_in_words_about_it_is_not() {
        let asks = concat!("if let Place::Post", "gres(config, _) = place {");
        let text = format!("/// An address of PostgreSQL.\n{asks}\n    let a = b;\n");
        let files = [
            File::new("crates/store/src/a.rs", &text),
            File::new("crates/teeka/src/a.rs", &text),
            File::new("crates/vault/tests/a.rs", &text),
            File::new(STARTS_SERVERS, &text),
            File::new("crates/vault/src/b.rs", concat!("use rusql", "ite::Connection;\n")),
        ];
        let found = [
            format!("crates/teeka/src/a.rs:2: {asks}"),
            concat!("crates/vault/src/b.rs:1: use rusql", "ite::Connection;").to_owned(),
        ];
        assert_eq!(engines(&files), found);
    }

    #[test]
    fn an_empty_name_is_found_and_a_role_is_not() {
        let bad = concat!("pub(crate) struct BookingServ", "ice<T> {");
        let role = concat!("    Mana", "ger,");
        let files = [File::new("crates/a/src/a.rs", &format!("{bad}\n{role}\nenum Staff {{}}\n"))];
        assert_eq!(empty_names(&files), [format!("crates/a/src/a.rs:1: {bad}")]);
    }

    #[test]
    fn a_machine_path_is_found_and_a_word_inside_a_path_is_not() {
        let files = [
            File::new("a.md", concat!("see `/ho", "me/someone/x`")),
            File::new("b.md", concat!("GET /tiles/ho", "me/x")),
            File::new("c.json", concat!("\"https://registry.", "npmjs.org/x\"")),
        ];
        assert_eq!(places(&files).len(), 2);
    }

    #[test]
    fn lengths_are_lines() {
        let files = [
            File::new("a.rs", &"x\n".repeat(1_001)),
            File::new("b.rs", &"x\n".repeat(401)),
            File::new("c.csv", &"x\n".repeat(2_000)),
        ];
        assert_eq!(too_long(&files), ["a.rs"]);
        assert_eq!(long_files(&files), ["a.rs has 1001 lines", "b.rs has 401 lines"]);
    }
}
