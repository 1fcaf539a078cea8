//! Speed of reading Git history, and a generator of long histories.
//!
//! `cargo bench --bench history` measures the walk and the lineages over 1,000 and 10,000 commits, and the verdicts of the
//! sample of `init --example`, of all documents and of one.
//! `cargo bench --bench history -- generate 50000 DIR` makes a bare repository of that many commits (with `git
//! fast-import`) that touch 500 artifacts, `-- measure DIR` reads it once, to measure with `time`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use smsctl::history::{Lineages, Repository, Walk};
use smsctl::scaffold::make_example;
use smsctl::trust::{Options, Record};

const ARTIFACTS: usize = 500;
const FOLDERS: usize = 10;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |word: &str| arguments.iter().position(|a| a == word).map(|at| &arguments[at + 1..]);
    if let Some([count, folder, ..]) = after("generate") {
        generate(count.parse().unwrap(), Path::new(folder));
    } else if let Some([folder, ..]) = after("measure") {
        let (walk, lineages) = read(Path::new(folder));
        println!("{} commits, {} rows, {} ids", walk.commits.len(), walk.rows.len(), lineages.0.len());
    } else {
        divan::main();
    }
}

fn read(folder: &Path) -> (Walk, Lineages) {
    let repository = Repository::discover(folder).unwrap().unwrap();
    let walk = walk(&repository);
    let lineages = Lineages::of(&repository, &walk).unwrap();
    (walk, lineages)
}

fn walk(repository: &Repository) -> Walk {
    Walk::run(repository, repository.head().unwrap().unwrap(), &|_| {}).unwrap()
}

#[allow(clippy::disallowed_methods, reason = "stock Git makes the repository")]
fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// A first commit of all artifacts, then one or two artifacts a commit; each tenth commit merges a side line of three.
fn generate(commits: usize, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    assert!(git(&["init", "-q", "--bare", "-b", "main"]).arg(folder).status().unwrap().success());
    let mut import = git(&["fast-import", "--quiet"]).current_dir(folder).stdin(Stdio::piped()).spawn().unwrap();
    let mut out = BufWriter::new(import.stdin.take().unwrap());
    let mut state = 1_u64;
    let mut dice = move |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut main = 0;
    for number in 1..=commits {
        let place = number % 10;
        let side = number > 1 && number + 4 < commits && (7..=9).contains(&place);
        let merge = number > 1 && place == 0 && number + 4 < commits;
        write!(out, "commit refs/heads/{}\nmark :{number}\n", if side { "side" } else { "main" }).unwrap();
        writeln!(out, "committer Ada Holm <ada@example.org> {} +0000", 1_500_000_000 + 600 * number).unwrap();
        write!(out, "data 21\nChange number {number:>7}\n").unwrap();
        if number > 1 {
            let first = if side && place > 7 { number - 1 } else { main };
            writeln!(out, "from :{first}").unwrap();
        }
        if merge {
            writeln!(out, "merge :{}", number - 1).unwrap();
        }
        let touched =
            if number == 1 { (0..ARTIFACTS).collect() } else { (0..=dice(2)).map(|_| dice(ARTIFACTS)).collect() };
        for artifact in if merge { Vec::new() } else { touched } {
            let text = artifact_text(artifact, number);
            let path = format!("{:02}-documents/artifact-{artifact:03}.md", artifact % FOLDERS);
            write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
        if !side {
            main = number;
        }
    }
    drop(out);
    assert!(import.wait().unwrap().success());
}

fn artifact_text(artifact: usize, number: usize) -> String {
    let body = "The service desk records each request, tells the customer when it is done, and reviews the record each month.\n";
    format!(
        "---\nid: SMS-DOC-{artifact:03}\nkind: procedure\ntitle: Procedure number {artifact}\nversion: {number}.0\n\
         status: approved\nowner: service-manager\napprovers: [chief-information-officer]\neffective_on: 2026-05-04\n\
         review_interval: P1Y\nclauses: [8.3.3, 8.7.1]\nchanges:\n  - version: {number}.0\n    on: 2026-05-04\n    \
         why: Review of the year.\n    summary: Terms made clearer.\n---\n\n# Procedure\n\n{}",
        body.repeat(12)
    )
}

fn with(commits: usize, bencher: divan::Bencher<'_, '_>, run: impl Fn(&Repository) -> usize + Sync) {
    let folder = tempfile::tempdir().unwrap();
    generate(commits, folder.path());
    let repository = Repository::discover(folder.path()).unwrap().unwrap();
    bencher.bench(|| run(&repository));
}

#[divan::bench(args = [1_000, 10_000], sample_count = 5, sample_size = 1)]
fn commits(bencher: divan::Bencher<'_, '_>, count: usize) {
    with(count, bencher, |repository| walk(repository).rows.len());
}

#[divan::bench(args = [1_000, 10_000], sample_count = 5, sample_size = 1)]
fn lineages(bencher: divan::Bencher<'_, '_>, count: usize) {
    with(count, bencher, |repository| Lineages::of(repository, &walk(repository)).unwrap().0.len());
}

#[divan::bench(args = [None, Some("SMS-POL-01")], sample_count = 5, sample_size = 1)]
fn verdicts(bencher: divan::Bencher<'_, '_>, only: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    make_example(folder.path()).unwrap();
    let options = Options { only: only.map(str::to_owned), now: i64::MAX, ..Options::default() };
    bencher.bench(|| {
        // A repository that was just opened has nothing in memory.
        let repository = Repository::discover(folder.path()).unwrap().unwrap();
        Record::evaluate(&repository, &options, &|_| {}).unwrap().issues.len()
    });
}
