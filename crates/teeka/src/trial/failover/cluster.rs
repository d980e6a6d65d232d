//! Three servers, who says which of them leads, and a door that leads there: from the files of `deploy/`, on loopback, in a
//! folder that goes at the end. Every process is ended by its own id.

use crate::ambient;
use anyhow::{Context, bail, ensure};
use data_encoding::HEXLOWER;
use drill::client::Connection;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

const ETCD: &str = include_str!("../../../../../deploy/etcd/etcd.yml");
const PATRONI: &str = include_str!("../../../../../deploy/patroni/patroni.yml");
const HAPROXY: &str = include_str!("../../../../../deploy/haproxy/haproxy.cfg");
const ACCOUNT: &str = include_str!("../../../../../deploy/patroni/teeka.sql");

/// The nodes, by their names.
pub(super) const NODES: [&str; 3] = ["db1", "db2", "db3"];

/// The account that root hands the servers to, for they refuse to be root's.
const OWNER: &str = "postgres";

/// The longest that a cluster may take to be whole: a first copy for each standby, or what a killed leader has to give up.
const WHOLE: Duration = Duration::from_mins(3);

/// Programs of the machine's.
pub(super) struct Programs {
    folder: PathBuf,
    wrapped: Vec<String>,
}

impl Programs {
    /// Looks whether all of them are installed.
    pub(super) fn find() -> anyhow::Result<Self> {
        let said = |program: &str, word: &str| Command::new(program).arg(word).output().is_ok();
        let wanted =
            [("etcd", "--version", "etcd-server"), ("patroni", "--version", "patroni"), ("haproxy", "-v", "haproxy")];
        let mut missing: Vec<&str> =
            wanted.iter().filter(|(program, word, _)| !said(program, word)).map(|(_, _, package)| *package).collect();
        let folder = newest_server();
        if folder.is_none() || !said("psql", "--version") {
            missing.push("postgresql");
        }
        match folder {
            Some(folder) if missing.is_empty() => {
                let is_root = fs::metadata("/proc/self")?.uid() == 0;
                let wrapped = if is_root {
                    format!("setpriv --reuid={OWNER} --regid={OWNER} --clear-groups --")
                } else {
                    String::new()
                };
                Ok(Self { folder, wrapped: wrapped.split_whitespace().map(str::to_owned).collect() })
            }
            _ => bail!(
                "this drill starts a cluster of its own, and needs what is not installed here: apt-get install {}\n\
                 Their services need not run: systemctl disable --now etcd patroni haproxy",
                missing.join(" ")
            ),
        }
    }

    /// Starts one of them, under an account that is not root's; what it says goes to a file.
    fn start(&self, words: &[&str], says: &Path) -> anyhow::Result<Running> {
        let mut all = self.wrapped.iter().map(String::as_str).chain(words.iter().copied());
        let said = File::options().create(true).append(true).open(says)?;
        let process = Command::new(all.next().context("a command has a name")?)
            .args(all)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(said.try_clone()?)
            .stderr(said)
            .spawn()
            .with_context(|| format!("cannot start {}", words.join(" ")))?;
        Ok(Running(process))
    }

    fn owns(&self, path: &Path) -> anyhow::Result<()> {
        if !self.wrapped.is_empty() {
            ensure!(Command::new("chown").arg(OWNER).arg(path).status()?.success(), "chown refused {}", path.display());
        }
        Ok(())
    }
}

/// The folder of the newest server of version 15 or later.
fn newest_server() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let numbered = versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let (_, newest) = numbered.filter(|(version, path)| *version >= 15 && path.join("bin/initdb").exists()).max()?;
    Some(newest.join("bin"))
}

/// A process of ours.
struct Running(Child);

impl Running {
    fn kill(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The values of a template; a later one of a name wins.
type Values = BTreeMap<&'static str, String>;

/// A file of `deploy/` with its values.
fn filled(template: &str, values: &Values) -> anyhow::Result<String> {
    let text = values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value));
    let left = text.lines().find(|line| line.contains('@'));
    left.map_or(Ok(text.clone()), |line| bail!("a value is missing: {line}"))
}

/// One server, with the Patroni that started it.
struct Node {
    patroni: Option<Running>,
    rest: SocketAddr,
}

/// The cluster.
pub(super) struct Cluster {
    programs: Programs,
    folder: PathBuf,
    nodes: Vec<Node>,
    values: Values,
    others: Vec<Running>,
}

impl Cluster {
    /// Starts everything, and waits until one leads and one may take over.
    pub(super) async fn start(programs: Programs) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("teeka-failover-{}-cluster", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let nodes = Vec::new();
        let mut cluster = Self { programs, folder, nodes, values: Values::new(), others: Vec::new() };
        cluster.programs.owns(&cluster.folder)?;
        cluster.choose()?;
        cluster.write("etcd.yml", ETCD)?;
        cluster.run_beside("etcd", &["etcd", "--config-file"], "etcd.yml")?;
        cluster.write("haproxy.cfg", HAPROXY)?;
        cluster.run_beside("haproxy", &["haproxy", "-db", "-f"], "haproxy.cfg")?;
        for node in 0..NODES.len() {
            cluster.revive(node)?;
        }
        cluster.whole().await.map_err(|cause| cause.context(cluster.last_words()))?;
        cluster.make_database().await?;
        Ok(cluster)
    }

    /// Draws free ports and passwords: all that a file of `deploy/` leaves open.
    fn choose(&mut self) -> anyhow::Result<()> {
        let held: Vec<TcpListener> = (0..9).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<Result<_, _>>()?;
        let addresses: Vec<SocketAddr> = held.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
        let at = |n: usize| addresses[n].to_string();
        self.values.extend([
            ("ETCD_PEER", at(0)),
            ("ETCD_CLIENT", at(1)),
            ("ETCD_HOSTS", at(1)),
            ("ETCD_CLUSTER", format!("etcd=http://{}", at(0))),
            ("ETCD_DATA", self.folder.join("etcd").display().to_string()),
            ("STORE", at(2)),
            ("NETWORK", "127.0.0.1/32".to_owned()),
            ("BIN", self.programs.folder.display().to_string()),
            ("WATCHDOG", "\"off\"".to_owned()),
            ("NODE", "etcd".to_owned()),
        ]);
        let names = [("DB1", "DB1_REST"), ("DB2", "DB2_REST"), ("DB3", "DB3_REST")];
        for (n, (server, rest)) in names.into_iter().enumerate() {
            self.values.extend([(server, at(3 + 2 * n)), (rest, addresses[4 + 2 * n].port().to_string())]);
            self.nodes.push(Node { patroni: None, rest: addresses[4 + 2 * n] });
        }
        for name in ["REST_PASSWORD", "SUPERUSER_PASSWORD", "REPLICATION_PASSWORD", "TEEKA_PASSWORD"] {
            let mut bytes = [0; 16];
            ambient::random()(&mut bytes);
            self.values.insert(name, HEXLOWER.encode(&bytes));
        }
        Ok(())
    }

    fn write(&self, name: &str, template: &str) -> anyhow::Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, filled(template, &self.values)?)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        self.programs.owns(&path)
    }

    fn run_beside(&mut self, name: &str, words: &[&str], file: &str) -> anyhow::Result<()> {
        let file = self.folder.join(file);
        let words: Vec<&str> = words.iter().copied().chain(file.to_str()).collect();
        let running = self.programs.start(&words, &self.folder.join(format!("{name}.log")))?;
        self.others.push(running);
        Ok(())
    }

    /// Starts a node, for the first time or again.
    pub(super) fn revive(&mut self, node: usize) -> anyhow::Result<()> {
        let name = NODES[node];
        let data = self.folder.join(name);
        if !data.exists() {
            fs::create_dir(&data)?;
            fs::set_permissions(&data, fs::Permissions::from_mode(0o700))?;
            self.programs.owns(&data)?;
        }
        let server = self.values[["DB1", "DB2", "DB3"][node]].clone();
        self.values.extend([
            ("NODE", name.to_owned()),
            ("DATA", data.display().to_string()),
            ("POSTGRES", server),
            ("REST", self.nodes[node].rest.to_string()),
        ]);
        let file = format!("{name}.yml");
        self.write(&file, PATRONI)?;
        let file = self.folder.join(file);
        let words = ["patroni", file.to_str().context("a path of ours is text")?];
        self.nodes[node].patroni = Some(self.programs.start(&words, &self.folder.join(format!("{name}.log")))?);
        Ok(())
    }

    /// Waits until one leads, one may take over and all run; answers the number of the leader.
    pub(super) async fn whole(&self) -> anyhow::Result<usize> {
        let begun = Instant::now();
        loop {
            let members = self.members().await;
            let runs = |(_, state): &&(String, String)| ["running", "streaming"].contains(&state.as_str());
            let running = members.values().filter(runs).count();
            let may_take_over = members.values().any(|(role, _)| role == "sync_standby");
            let leader = NODES.iter().position(|name| members.get(*name).is_some_and(|(role, _)| role == "leader"));
            if let (Some(leader), true, true) = (leader, may_take_over, running == NODES.len()) {
                return Ok(leader);
            }
            ensure!(begun.elapsed() < WHOLE, "the cluster is not whole after {} s: {members:?}", WHOLE.as_secs());
            sleep(Duration::from_millis(250)).await;
        }
    }

    /// Role and state of each member, as any of them tells.
    async fn members(&self) -> BTreeMap<String, (String, String)> {
        for node in self.nodes.iter().filter(|node| node.patroni.is_some()) {
            let asked = async { Connection::open(node.rest).await?.get("/cluster", None).await };
            let Ok(Ok(answer)) = timeout(Duration::from_secs(2), asked).await else { continue };
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let json = answer.json();
            let members = json["members"].as_array().into_iter().flatten();
            return members.map(|one| (text(&one["name"]), (text(&one["role"]), text(&one["state"])))).collect();
        }
        BTreeMap::new()
    }

    /// Ends a node as a power cut would: Patroni first, which would start its server again.
    pub(super) fn kill(&mut self, node: usize) -> anyhow::Result<()> {
        self.nodes[node].patroni = None;
        end_server(&self.folder.join(NODES[node]).join("data"))
    }

    async fn make_database(&self) -> anyhow::Result<()> {
        let door = format!("host=127.0.0.1 port={} user={OWNER} dbname={OWNER}", self.port());
        // The door asks once a second who leads.
        for _ in 0..60 {
            let mut process = Command::new("psql")
                .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", &door])
                .env("PGPASSWORD", &self.values["SUPERUSER_PASSWORD"])
                .env("PGCONNECT_TIMEOUT", "5")
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            let mut asked = process.stdin.take().context("its input is ours")?;
            asked.write_all(filled(ACCOUNT, &self.values)?.as_bytes()).ok();
            drop(asked);
            if process.wait()?.success() {
                return Ok(());
            }
            sleep(Duration::from_millis(500)).await;
        }
        bail!("the account and the database cannot be made")
    }

    fn port(&self) -> &str {
        self.values["STORE"].rsplit(':').next().unwrap_or_default()
    }

    /// Where the leader's database is, whoever leads.
    pub(super) fn url(&self) -> String {
        format!("postgres://teeka:{}@127.0.0.1:{}/teeka", self.values["TEEKA_PASSWORD"], self.port())
    }

    /// What each process said last, for whoever wants to know why nothing started.
    fn last_words(&self) -> String {
        let last = |name: &str| {
            let said = fs::read_to_string(self.folder.join(format!("{name}.log"))).unwrap_or_default();
            let lines: Vec<&str> = said.lines().collect();
            format!("{name}: {}", lines[lines.len().saturating_sub(3)..].join("\n  "))
        };
        ["etcd", "haproxy"].into_iter().chain(NODES).map(last).collect::<Vec<_>>().join("\n")
    }
}

/// Ends the server that works on a data folder, if one does: by SIGKILL to its first process, which its others do not outlive.
fn end_server(data: &Path) -> anyhow::Result<()> {
    let Ok(noted) = fs::read_to_string(data.join("postmaster.pid")) else { return Ok(()) };
    let process = noted.lines().next().unwrap_or_default().trim();
    // The file outlives its process: whoever has the number now may be somebody else.
    let works_here = fs::read_link(format!("/proc/{process}/cwd")).is_ok_and(|place| place == data);
    if works_here {
        ensure!(Command::new("kill").args(["-KILL", process]).status()?.success(), "process {process} cannot be ended");
    }
    Ok(())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (node, name) in NODES.iter().enumerate().take(self.nodes.len()) {
            if let Err(error) = self.kill(node) {
                say!("{name} did not end: {error:#}");
            }
        }
        self.others.clear();
        // The last of a killed server's processes end when they notice, and may write until then.
        for _ in 0..50 {
            if fs::remove_dir_all(&self.folder).is_ok() || !self.folder.exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        say!("{} is left behind", self.folder.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the folder `deploy/` gives as an example, by their names.
    fn example() -> BTreeMap<&'static str, &'static str> {
        let lines = include_str!("../../../../../deploy/values.sed").lines();
        lines.filter_map(|line| line.strip_prefix("s|@")?.strip_suffix("|g")?.split_once("@|")).collect()
    }

    #[test]
    fn every_file_has_a_value_for_whatever_it_leaves_open() {
        let example = example();
        let values: Values = example.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let copies = include_str!("../../../../../deploy/pgbackrest/pgbackrest.conf");
        for (name, template) in
            [("etcd", ETCD), ("patroni", PATRONI), ("haproxy", HAPROXY), ("account", ACCOUNT), ("pgbackrest", copies)]
        {
            assert!(template.contains('@'), "{name} leaves nothing open");
            filled(template, &values).unwrap();
        }
        let all = [ETCD, PATRONI, HAPROXY, ACCOUNT, copies].concat();
        for name in example.keys() {
            assert!(all.contains(&format!("@{name}@")), "nobody asks for {name}");
        }
    }

    #[test]
    fn what_is_acknowledged_lies_on_two_machines_and_the_promises_of_the_handbook_are_the_files() {
        for promise in ["synchronous_mode: true", "synchronous_commit: \"on\"", "ttl: 30", "use_pg_rewind: true"] {
            assert!(PATRONI.lines().any(|line| line.trim() == promise), "{promise}");
        }
        assert!(HAPROXY.contains("OPTIONS /primary") && HAPROXY.contains("on-marked-down shutdown-sessions"));
    }
}
