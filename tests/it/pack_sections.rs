//! The pages of an audit pack over the sample's signed history: approvals, changes, and names that must not leave.
#![allow(clippy::disallowed_methods, reason = "stock git is the oracle")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use smsctl::catalog::Stages;
use smsctl::history::{Oid, Repository};
use smsctl::pack::{Block, CommitFacts, Facts, Section, Sheet, Since, Table, cover, populations, sections, sheets};
use smsctl::readiness::{Readiness, Yardstick, assess};
use smsctl::report::RunReport;
use smsctl::rules::{self, Ctx};
use smsctl::source::{MemoryTree, Source as _, WorkTree};
use smsctl::trust::{Control, Options, Record};
use smsctl::workspace::{self, Workspace};

use crate::example::{EXAMPLE, RECORD, record};

fn git(args: &[&str]) -> String {
    let folder: &Path = EXAMPLE.folder.path();
    let mut command = Command::new("git");
    command.args(args).current_dir(folder).env("HOME", folder).env("TZ", "UTC");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let out = command.output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// What a test wants of the facts.
#[derive(Default)]
struct Wanted {
    names: bool,
    since: Option<Since>,
    pinned: bool,
    /// Alters the files that are shown; what was judged stays.
    shown: Option<fn(&mut MemoryTree)>,
}

/// The example as it is, with what is said of it.
struct Seen {
    tree: MemoryTree,
    ws: Workspace,
    report: RunReport,
    readiness: Readiness,
}

impl Seen {
    fn with(record: &Record) -> Self {
        let repository = Repository::discover(EXAMPLE.folder.path()).unwrap().unwrap();
        let tree = MemoryTree::copy_of(&WorkTree::open(EXAMPLE.folder.path()));
        let ws = workspace::load(&tree, &|_, _| {}).unwrap();
        let today = ws.config.today.unwrap();
        let ctx = Ctx::new(&ws, today).with_record(record, Some(&repository));
        let verdict = rules::run(&ctx);
        let questions = ws.catalog.questions();
        let readiness = assess(&ctx, &verdict, Yardstick::new(&ws.catalog, &questions));
        let report = RunReport::new(&ws, verdict, ".".into(), today);
        Self { tree, ws, report, readiness }
    }
}

/// Judged once for all tests, from a root that was pinned and from one that was not.
static PINNED: LazyLock<Seen> = LazyLock::new(|| Seen::with(&RECORD));
static UNPINNED: LazyLock<(Record, Seen)> = LazyLock::new(|| {
    let record = record(Options::default());
    let seen = Seen::with(&record);
    (record, seen)
});

fn with<T>(wanted: Wanted, make: impl FnOnce(&Facts<'_>) -> T) -> T {
    let (record, seen) = if wanted.pinned { (&*RECORD, &*PINNED) } else { (&UNPINNED.0, &UNPINNED.1) };
    let altered = wanted.shown.map(|alter| {
        let mut tree = seen.tree.clone();
        alter(&mut tree);
        workspace::load(&tree, &|_, _| {}).unwrap()
    });
    let stages = Stages::built_in();
    let commit =
        CommitFacts { oid: Oid::from_str(&EXAMPLE.made.tip).unwrap(), at: "2026-11-20T12:00:00Z".parse().unwrap() };
    make(&Facts {
        ws: altered.as_ref().unwrap_or(&seen.ws),
        report: &seen.report,
        record,
        readiness: &seen.readiness,
        stage: stages.stages.iter().find(|s| s.id == "surveillance").unwrap(),
        stages,
        today: seen.ws.config.today.unwrap(),
        commit,
        since: wanted.since,
        names: wanted.names,
    })
}

fn printed(facts: &Facts<'_>) -> Vec<Sheet> {
    sheets(facts, &facts.ws.artifacts().map(|a| a.path().to_owned()).collect())
}

fn tables(section: &Section) -> Vec<&Table> {
    section.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None }).collect()
}

fn table(facts: &Facts<'_>, name: &str) -> Vec<Vec<String>> {
    let all = sections::all(facts);
    let found = all.iter().flat_map(tables).find(|t| t.name == name).unwrap_or_else(|| panic!("{name}"));
    found.rows.iter().map(|r| r.iter().map(smsctl::pack::Cell::plain).collect()).collect()
}

fn control(sheet: &Sheet, label: &str) -> String {
    let rows = sheet.control.iter().filter(|(l, _)| l == label);
    rows.flat_map(|(_, p)| p).map(|p| p.text.as_str()).collect::<Vec<_>>().join("; ")
}

#[test]
fn an_approval_names_role_day_key_and_the_digest_that_sha256sum_gives() {
    let rows = with(Wanted { pinned: true, ..Wanted::default() }, |facts| table(facts, "approvals-register"));
    let row = rows.iter().find(|r| r[0] == "SMS-POL-01" && r[2] == "2.0").unwrap();
    let sum = Command::new("sha256sum")
        .arg(EXAMPLE.folder.path().join("policies/service-management-policy.md"))
        .output()
        .unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    assert_eq!(row[9], sum.split(' ').next().unwrap());
    assert_eq!((row[3].as_str(), row[6].as_str()), ("Chief information officer", "approved, in force"));
    assert!(row[5].starts_with("SHA256:") && row[7].contains("; time "), "{row:?}");
    let older = rows.iter().find(|r| r[0] == "SMS-POL-01" && r[2] == "1.2").unwrap();
    assert_eq!(older[6], "approved, earlier version");
    assert!(rows.len() > 55, "{}", rows.len());
}

/// Everyone the commits and the statements name, as stock Git tells it.
fn people() -> BTreeSet<String> {
    let mut out: BTreeSet<String> = git(&["log", "--format=%an%n%cn%n%ae%n%ce"]).lines().map(str::to_owned).collect();
    out.retain(|n| n != "Northwind Git" && !n.starts_with("git@"));
    // A statement is called after its signer.
    let statements = git(&["ls-files", "approvals/*.approval"]);
    out.extend(statements.lines().filter_map(|p| p.rsplit('/').next()?.strip_suffix(".approval").map(str::to_owned)));
    out
}

#[test]
fn no_name_leaves_unless_names_may() {
    let people = people();
    assert!(people.len() > 5, "{people:?}");
    let all = |names: bool| {
        with(Wanted { names, pinned: true, ..Wanted::default() }, |facts| {
            // The texts of documents are the organization's own; everything else is worked out here.
            let sheets: Vec<Sheet> = printed(facts).into_iter().map(|s| Sheet { body: String::new(), ..s }).collect();
            format!("{:?} {:?} {:?} {sheets:?}", cover(facts), sections::all(facts), populations(facts))
        })
    };
    let without = all(false);
    let found: Vec<&String> = people.iter().filter(|n| without.contains(n.as_str())).collect();
    assert!(found.is_empty(), "{found:?}");
    let with_names = all(true);
    assert!(people.iter().any(|n| with_names.contains(n.as_str())));
}

#[test]
fn a_sheet_tells_who_prepared_and_approved_it_and_on_what_that_rests() {
    with(Wanted { names: true, pinned: true, ..Wanted::default() }, |facts| {
        let sheets = printed(facts);
        let policy = sheets.iter().find(|s| s.id == "SMS-POL-01").unwrap();
        assert!(control(policy, "Approval").starts_with("Approved by "), "{}", control(policy, "Approval"));
        let by = control(policy, "Approved by");
        assert!(by.contains("(Chief information officer) on 2026-") && by.contains("key SHA256:"), "{by}");
        assert!(!control(policy, "Prepared by").is_empty());
        assert_eq!(control(policy, "SHA-256 of the approved text").len(), 64);
        let versions = policy.versions.as_ref().unwrap();
        let first = &versions.rows[0];
        assert!(first[3].plain().contains("(Chief information officer)") && !first[4].plain().is_empty(), "{first:?}");
    });
}

/// What is withheld changes the text that is shown, not what was approved.
#[test]
fn withheld_places_leave_the_verdict_as_it_is() {
    let hide = |tree: &mut MemoryTree| {
        let path = "policies/service-management-policy.md";
        let text = std::fs::read_to_string(EXAMPLE.folder.path().join(path)).unwrap();
        tree.put(path, Some(text.replace("Northwind", "[withheld]").into_bytes()));
    };
    with(Wanted { pinned: true, shown: Some(hide), ..Wanted::default() }, |facts| {
        let sheets = printed(facts);
        let policy = sheets.iter().find(|s| s.id == "SMS-POL-01").unwrap();
        assert!(policy.withheld > 0 && policy.body.contains("[withheld]"));
        assert!(control(policy, "Approval").starts_with("Approved by Chief information officer on "));
        let committed = git(&["show", "HEAD:policies/service-management-policy.md"]);
        let digest = smsctl::trust::statement::digest(committed.as_bytes());
        assert_eq!(format!("sha256:{}", control(policy, "SHA-256 of the approved text")), digest);
    });
}

/// Id and version of every document of a commit, as stock Git checks it out.
fn documents_at(commit: &str) -> BTreeMap<String, (String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    git(&["clone", "-q", "--no-checkout", ".", place]);
    git(&["-C", place, "checkout", "-q", commit]);
    let mut out = BTreeMap::new();
    for entry in WorkTree::open(folder.path()).entries().iter().filter(|e| smsctl::source::is_markdown(&e.path)) {
        let text = std::fs::read_to_string(folder.path().join(&entry.path)).unwrap();
        if let Some(control) = Control::read(text.as_bytes()) {
            out.insert(control.id, (control.version, text));
        }
    }
    out
}

#[test]
fn the_change_log_agrees_with_what_stock_git_shows_of_both_commits() {
    let commit = git(&["rev-list", "-1", "--first-parent", "--before=2026-06-01T00:00:00Z", "HEAD"]).trim().to_owned();
    let (then, now) = (documents_at(&commit), documents_at(&EXAMPLE.made.tip));
    let since = Since {
        label: "tag audit/2026".into(),
        commit: Some(Oid::from_str(&commit).unwrap()),
        on: jiff::civil::date(2026, 6, 1),
    };
    let names = ["change-log-first", "change-log-new", "change-log-changed", "change-log-retired"];
    let rows: Vec<Vec<String>> = with(Wanted { pinned: true, since: Some(since), ..Wanted::default() }, |facts| {
        names.iter().flat_map(|n| table(facts, n)).collect()
    });
    let told: BTreeMap<&str, (&str, &str)> =
        rows.iter().map(|r| (r[0].split(' ').next().unwrap(), (r[2].as_str(), r[3].as_str()))).collect();
    let ids: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let mut expected: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for id in ids.into_iter().filter(|id| then.get(*id) != now.get(*id)) {
        let version = |side: &BTreeMap<String, (String, String)>| side.get(id).map(|(v, _)| v.clone());
        let (old, new) = (version(&then).unwrap_or_default(), version(&now).unwrap_or_default());
        expected.insert(id, (old.leak(), new.leak()));
    }
    assert!(expected.len() > 30, "{}", expected.len());
    assert_eq!(told, expected);
    let approved = rows.iter().filter(|r| !r[7].is_empty()).count();
    assert!(approved > 20, "{approved}");
}

#[test]
fn the_cover_says_whether_the_root_was_pinned() {
    let said = |pinned: bool| with(Wanted { pinned, ..Wanted::default() }, |facts| format!("{:?}", cover(facts)));
    assert!(said(true).contains(&EXAMPLE.made.root) && !said(true).contains("not pinned"));
    assert!(said(false).contains("The trust root was not pinned"), "{}", said(false));
}
