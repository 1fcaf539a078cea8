//! Rows, order and introduction points against `git log` and `git rev-list`.

use std::collections::{BTreeMap, BTreeSet};

use smsctl::history::{Blob, Oid, Repository, Walk};

use super::random;
use super::stock::{Repo, open};

const NONE: &str = "0000000000000000000000000000000000000000";

/// `commit path new-mode new (old-mode old)*`, nothing as zeros.
fn ours(walk: &Walk) -> Vec<String> {
    let show = |blob: Option<Blob>| blob.map_or(format!(" 000000 {NONE}"), |(oid, mode)| format!(" {mode:06o} {oid}"));
    let line = |row: &smsctl::history::Row| {
        let olds = if row.old.is_empty() { vec![None] } else { row.old.clone() };
        let sides: String = std::iter::once(row.new).chain(olds).map(show).collect();
        format!("{} {}{sides}", walk.commits[row.commit as usize].oid, walk.paths[row.path as usize])
    };
    let mut lines: Vec<String> = walk.rows.iter().map(line).collect();
    lines.sort();
    lines
}

fn stock(repo: &Repo, prefix: &str) -> Vec<String> {
    let mut arguments = vec!["-c", "core.quotePath=false", "log", "--full-history", "-c", "--no-renames", "--raw"];
    arguments.extend(["--no-abbrev", "--format=%H", "HEAD", "--"]);
    let place = if prefix.is_empty() { "." } else { prefix };
    arguments.push(place);
    let mut lines = Vec::new();
    let mut commit = String::new();
    for line in repo.git(&arguments).lines().filter(|l| !l.is_empty()) {
        if !line.starts_with(':') {
            line.clone_into(&mut commit);
            continue;
        }
        let (facts, path) = line.split_once('\t').unwrap();
        let words: Vec<&str> = facts.trim_start_matches(':').split(' ').collect();
        let sides = words.len() / 2;
        let (modes, names) = (&words[..sides], &words[sides..2 * sides]);
        let old: String = (0..sides - 1).map(|i| format!(" {} {}", modes[i], names[i])).collect();
        let path = if prefix.is_empty() { path } else { path.strip_prefix(&format!("{prefix}/")).unwrap() };
        lines.push(format!("{commit} {path} {} {}{old}", modes[sides - 1], names[sides - 1]));
    }
    lines.sort();
    lines
}

fn walk(repository: &Repository, repo: &Repo) -> Walk {
    Walk::run(repository, repo.head(), &|_| {}).unwrap()
}

#[test]
fn rows_are_those_of_stock_git() {
    let (mut merges, mut octopus, mut rows) = (0, 0, 0);
    for seed in 0..24 {
        let repo = random::repository(seed, 30);
        std::fs::create_dir_all(repo.path().join("sms")).unwrap();
        let whole = walk(&repo.open(), &repo);
        assert_eq!(ours(&whole), stock(&repo, ""), "seed {seed}");
        let below = open(&repo.path().join("sms"));
        assert_eq!(below.prefix(), "sms");
        let part = walk(&below, &repo);
        assert_eq!(ours(&part), stock(&repo, "sms"), "seed {seed}");
        assert!(whole.incomplete.is_empty() && part.incomplete.is_empty());
        merges += whole.rows.iter().filter(|r| r.old.len() == 2).count();
        octopus += whole.rows.iter().filter(|r| r.old.len() > 2).count();
        rows += whole.rows.len();
    }
    // The histories are worth the comparison.
    assert!(rows > 500 && merges > 40 && octopus > 10, "{rows} {merges} {octopus}");
}

#[test]
fn introduction_points_and_order_are_those_of_stock_git() {
    for seed in 100..108 {
        let repo = random::repository(seed, 30);
        let walk = repo.walk();
        let chain = repo.git(&["rev-list", "--first-parent", "--reverse", "HEAD"]);
        let chain: Vec<Oid> = chain.lines().map(|l| Oid::from_str(l).unwrap()).collect();
        assert_eq!(walk.chain.iter().map(|i| walk.commits[*i].oid).collect::<Vec<_>>(), chain);
        for (index, commit) in walk.commits.iter().enumerate() {
            assert!(commit.parents.iter().all(|p| (*p as usize) < index));
            let told = repo.git(&["rev-list", "--parents", "-1", &commit.oid.to_string()]);
            let parents: Vec<String> =
                commit.parents.iter().map(|p| walk.commits[*p as usize].oid.to_string()).collect();
            assert_eq!(told.split(' ').skip(1).collect::<Vec<_>>(), parents);
            let position = commit.chain_position as usize;
            let reached = |at: usize| {
                let by = chain[at].to_string();
                let base = repo.git(&["merge-base", "--all", &commit.oid.to_string(), &by]);
                base == commit.oid.to_string()
            };
            // A commit that shares no history with the first chain commits has no merge base with them.
            assert!(reached(position));
            if let Some(before) = position.checked_sub(1) {
                let told = repo.git(&["rev-list", &chain[before].to_string()]);
                assert!(!told.lines().any(|l| l == commit.oid.to_string()));
            }
        }
        assert_eq!(walk.commits.len(), repo.git(&["rev-list", "HEAD"]).lines().count());
        let again = repo.walk();
        assert_eq!((walk.rows, walk.paths), (again.rows, again.paths));
    }
}

#[test]
fn changes_of_the_chain_are_those_against_the_first_parent() {
    for seed in 200..206 {
        let repo = random::repository(seed, 30);
        let walk = repo.walk();
        let log = repo.git(&[
            "-c",
            "core.quotePath=false",
            "log",
            "--first-parent",
            "-m",
            "--reverse",
            "--no-renames",
            "--raw",
            "--no-abbrev",
            "--format=%H",
            "HEAD",
            "--",
            "sms",
        ]);
        let stock: BTreeSet<String> = log.lines().filter_map(|l| l.strip_prefix(':')).map(str::to_owned).collect();
        let side = |blob: Option<Blob>| {
            blob.map_or(("000000".into(), NONE.into()), |(o, m)| (format!("{m:06o}"), o.to_string()))
        };
        let line = |change: &smsctl::history::ChainChange| {
            let ((old_mode, old), (new_mode, new)) = (side(change.old), side(change.new));
            let letter = match (change.old, change.new) {
                (None, _) => 'A',
                (_, None) => 'D',
                (Some((_, a)), Some((_, b))) if a & 0o170_000 != b & 0o170_000 => 'T',
                _ => 'M',
            };
            format!("{old_mode} {new_mode} {old} {new} {letter}\t{}", walk.paths[change.path as usize])
        };
        let changes = walk.chain_changes("sms");
        assert_eq!(changes.iter().map(line).collect::<BTreeSet<_>>(), stock, "seed {seed}");
        assert!(changes.is_sorted_by_key(|c| c.position));
        assert_eq!(changes.len(), log.lines().filter(|l| l.starts_with(':')).count());
    }
}

#[test]
fn files_and_folders_of_a_commit_are_those_of_ls_tree() {
    for seed in 300..306 {
        let repo = random::repository(seed, 20);
        let repository = repo.open();
        for folder in ["", "sms", "sms/policies", "nowhere"] {
            let tree = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let told = repo.git(&["ls-tree", "-r", "-z", "HEAD", &tree].map(|a| if a.is_empty() { "." } else { a }));
            let stock: BTreeMap<String, String> = told
                .split('\0')
                .filter_map(|l| l.split_once('\t'))
                .map(|(facts, path)| (path.to_owned(), facts.replace(" blob", "").replace(" commit", "")))
                .collect();
            let files = repository.files(repo.head(), folder).unwrap();
            let ours = files.into_iter().map(|(path, f)| (path, format!("{:06o} {}", f.mode, f.oid))).collect();
            assert_eq!(stock, ours, "seed {seed} folder {folder}");
            if folder == "sms" {
                assert_eq!(repository.subtree(repo.head(), folder).unwrap(), Some(repo.oid("HEAD:sms")));
            }
        }
        assert_eq!(repository.subtree(repo.head(), "nowhere").unwrap(), None);
    }
}

#[test]
fn every_content_of_history_is_told_and_a_dropped_one_is_a_loss() {
    let repo = random::repository(7, 40);
    let walk = repo.walk();
    for (index, path) in walk.paths.iter().enumerate() {
        assert_eq!(walk.path_index(path).map(|i| i as usize), Some(index));
    }
    assert_eq!(walk.path_index("never.md"), None);
    for commit in &walk.commits {
        for (path, file) in repo.open().files(commit.oid, "").unwrap() {
            assert!(walk.held(&path, file.oid));
        }
    }

    let repo = Repo::new();
    repo.write("p.md", "one");
    repo.commit("first");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("p.md", "approved");
    repo.commit("side");
    let dropped = repo.oid("HEAD:p.md");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("q.md", "other");
    repo.commit("main");
    let losses = |repo: &Repo| repo.walk().losses(&repo.open().files(repo.head(), "").unwrap());
    assert!(losses(&repo).is_empty());
    repo.git(&["merge", "-q", "-s", "ours", "-m", "drop", "side"]);
    let lost = losses(&repo);
    assert_eq!(lost.iter().map(|l| l.blob).collect::<Vec<_>>(), [dropped]);
    assert_eq!(repo.walk().commits[lost[0].commit as usize].subject, "side");
    repo.write("p.md", "approved");
    repo.commit("again");
    assert!(losses(&repo).is_empty());
}

#[test]
fn a_history_of_one_line_has_no_losses() {
    let repo = Repo::new();
    for text in ["1", "2", "1", "3"] {
        repo.write("p.md", text);
        repo.commit(text);
    }
    repo.git(&["mv", "p.md", "r.md"]);
    repo.commit("move");
    let walk = repo.walk();
    assert!(walk.losses(&repo.open().files(repo.head(), "").unwrap()).is_empty());
    assert!(walk.reaches(4, 0) && walk.reaches(2, 2) && !walk.reaches(0, 4));
    assert_eq!(walk.contents().len(), 4);
}

#[test]
fn the_sms_may_lie_in_another_folder_of_that_commit() {
    let repo = random::repository(5, 20);
    let walk = walk(&repo.open().with_prefix("./sms/policies/"), &repo);
    assert!(!walk.rows.is_empty());
    assert_eq!(ours(&walk), stock(&repo, "sms/policies"));
    let nowhere = Walk::run(&repo.open().with_prefix("nowhere"), repo.head(), &|_| {}).unwrap();
    assert!(nowhere.rows.is_empty() && nowhere.commits.len() == walk.commits.len());
}

#[test]
fn progress_counts_to_the_last_commit() {
    let repo = random::repository(6, 300);
    let told = std::cell::RefCell::new(Vec::new());
    let walk = Walk::run(&repo.open(), repo.head(), &|done| told.borrow_mut().push(done)).unwrap();
    assert_eq!(*told.borrow(), [256, walk.commits.len()]);
}

#[test]
fn facts_of_commits_are_kept() {
    let repo = Repo::new();
    repo.commit("Approve it\n\nBody.\n\nSMS-Approval: v1\nCo-authored-by: Ben Roe <ben@example.org>");
    repo.commit("see SMS-Approval: v1");
    let walk = repo.walk();
    let [first, second] = walk.commits.as_slice() else { panic!() };
    assert_eq!((first.subject.as_str(), first.commit_time), ("Approve it", 1_767_225_600));
    assert!(first.mentions_approval && !second.mentions_approval && !first.signed);
    assert_eq!(walk.people[first.author as usize].email, "ada@example.org");
    assert_eq!(walk.people[first.co_authors[0] as usize].name, "Ben Roe");
    assert_eq!(walk.people.len(), 2);
    assert_eq!(walk.index_of(second.oid), Some(1));
}

/// A forged commit-graph that hides the past from `git log` (threat 27).
#[test]
fn a_forged_commit_graph_changes_nothing() {
    let repo = random::repository(3, 20);
    let before = ours(&repo.walk());
    repo.git(&["commit-graph", "write", "--reachable"]);
    let count = || repo.git(&["log", "--format=%H", "HEAD"]).lines().count();
    let true_count = count();
    let file = repo.path().join(".git/objects/info/commit-graph");
    let mut bytes = std::fs::read(&file).unwrap();
    forge(&mut bytes);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, bytes).unwrap();
    assert!(count() < true_count, "stock Git is fooled");
    assert_eq!(ours(&repo.walk()), before);
}

/// Takes all parents away in the chunk of commit data: 36 bytes a commit, its parents at 20.
fn forge(graph: &mut [u8]) {
    let number =
        |at: usize, length: usize| graph[at..at + length].iter().fold(0_usize, |n, b| n << 8 | usize::from(*b));
    let chunks = usize::from(graph[6]);
    let chunk = |name: &[u8]| (0..chunks).map(|i| 8 + 12 * i).find(|at| &graph[*at..*at + 4] == name).unwrap();
    let at = chunk(b"CDAT");
    let (start, end) = (number(at + 4, 8), number(at + 16, 8));
    for commit in (start..end).step_by(36) {
        for parent in [20, 24] {
            graph[commit + parent..commit + parent + 4].copy_from_slice(&0x7000_0000_u32.to_be_bytes());
        }
    }
}
