//! Clones that are bad witnesses of their history: each is told, none makes a panic, none changes what is read.

use std::path::Path;

use smsctl::error::Error;
use smsctl::history::{Oid, Repository, Walk};

use super::stock::{Repo, git_in, open};

fn three() -> Repo {
    let repo = Repo::new();
    for text in ["1", "2", "3"] {
        repo.write("a.md", text);
        repo.write(&format!("folder/{text}.md"), text);
        repo.commit(text);
    }
    repo
}

fn codes(repository: &Repository) -> Vec<&'static str> {
    let oddities = repository.preflight();
    assert!(oddities.iter().all(|o| !o.message.is_empty() && o.help.ends_with('.')));
    oddities.iter().map(|o| o.code).collect()
}

/// A clone of `repo` beside it, through the protocol.
fn clone(repo: &Repo, options: &[&str]) -> Repo {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    let mut arguments = vec!["clone", "-q"];
    arguments.extend(options);
    let here = dir.path().to_str().unwrap().to_owned();
    arguments.extend([url.as_str(), here.as_str()]);
    git_in(repo.path(), &arguments, b"");
    Repo { dir }
}

fn refusal(path: &Path) -> Error {
    match Repository::discover(path) {
        Err(error) => error,
        Ok(found) => panic!("opened: {}", found.is_some()),
    }
}

#[test]
fn an_ordinary_clone_has_none() {
    let repo = three();
    assert!(codes(&repo.open()).is_empty());
    assert!(codes(&clone(&repo, &[]).open()).is_empty());
    assert_eq!(repo.walk().commits.len(), 3);
}

#[test]
fn no_repository_and_no_commit_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Repository::discover(dir.path()).unwrap().is_none());
    let repo = Repo::new();
    assert_eq!(repo.open().head().unwrap(), None);
    assert!(codes(&repo.open()).is_empty());
    assert!(matches!(repo.open().resolve("HEAD"), Err(Error::UnknownRevision { .. })));
    assert!(Walk::run(&repo.open(), Oid::ZERO_SHA1, &|_| {}).is_err());
    let first = repo.commit("empty");
    let walk = repo.walk();
    assert_eq!((walk.commits.len(), walk.rows.len(), walk.chain.len()), (1, 0, 1));
    repo.git(&["checkout", "-q", "--detach"]);
    assert_eq!(repo.open().head().unwrap(), Some(first));
    repo.git(&["tag", "-a", "-m", "t", "v1"]);
    assert_eq!(repo.open().resolve("v1").unwrap(), first);
    assert!(repo.open().raw(repo.oid("v1")).unwrap().starts_with(b"object "));
    assert!(repo.open().blob(first).is_err());
    let blob = Oid::from_str(&repo.git_with(&["hash-object", "-w", "--stdin"], b"x")).unwrap();
    assert_eq!(repo.open().blob(blob).unwrap(), b"x");
    assert!(repo.open().raw(blob).is_err());
    assert!(Walk::run(&repo.open(), blob, &|_| {}).is_err());
}

/// Cuts the history off at the newest commit, as Git did it before there were replacements.
fn graft(repo: &Repo) {
    let folder = repo.path().join(".git/info");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("grafts"), format!("{}\n", repo.head())).unwrap();
}

#[test]
fn bare_repositories_and_worktrees_are_read() {
    let repo = three();
    let bare = clone(&repo, &["--bare"]);
    let walk = Walk::run(&bare.open(), repo.head(), &|_| {}).unwrap();
    assert_eq!((bare.open().prefix(), walk.commits.len()), ("", 3));
    let beside = tempfile::tempdir().unwrap();
    let tree = beside.path().join("tree");
    repo.git(&["worktree", "add", "-q", "--detach", tree.to_str().unwrap(), "HEAD~1"]);
    let linked = open(&tree.join("folder"));
    assert_eq!(linked.prefix(), "folder");
    assert_eq!(linked.head().unwrap(), Some(repo.oid("HEAD~1")));
    assert!(codes(&linked).is_empty());
    graft(&repo);
    assert_eq!(codes(&linked), ["repo-grafts"]);
}

#[test]
fn a_shallow_clone_is_incomplete() {
    let repo = three();
    let shallow = clone(&repo, &["--depth=2"]);
    assert_eq!(codes(&shallow.open()), ["repo-incomplete"]);
    let walk = shallow.walk();
    assert_eq!((walk.commits.len(), walk.chain.len()), (2, 2));
    assert_eq!(walk.incomplete.iter().map(|(oid, _)| *oid).collect::<Vec<_>>(), [repo.oid("HEAD~2")]);
    assert!(walk.commits[0].incomplete && !walk.commits[1].incomplete);
    assert!(walk.rows_of(0).iter().all(|r| r.old.is_empty()));
}

#[test]
fn grafts_are_told_and_not_obeyed() {
    let repo = three();
    graft(&repo);
    assert_eq!(repo.git(&["log", "--format=%H"]).lines().count(), 1, "stock Git obeys");
    assert_eq!(codes(&repo.open()), ["repo-grafts"]);
    assert_eq!(repo.walk().commits.len(), 3);
}

#[test]
fn replacements_are_told_and_not_obeyed() {
    let repo = three();
    let before = repo.walk();
    repo.git(&["replace", &repo.oid("HEAD:a.md").to_string(), &repo.oid("HEAD~1:a.md").to_string()]);
    repo.git(&["replace", "HEAD", "HEAD~2"]);
    assert_eq!(repo.git(&["log", "--format=%H"]).lines().count(), 1, "stock Git obeys");
    assert_eq!(codes(&repo.open()), ["repo-replace"]);
    assert!(repo.open().preflight()[0].message.contains('2'));
    assert_eq!(repo.walk().rows, before.rows);
}

#[test]
fn borrowed_objects_are_told_with_their_place() {
    let repo = three();
    let borrowing = clone(&repo, &["--reference", repo.path().to_str().unwrap()]);
    assert_eq!(codes(&borrowing.open()), ["repo-alternates"]);
    // As Git wrote it: links on the way to the temporary folder are followed.
    let store = std::fs::read_to_string(borrowing.path().join(".git/objects/info/alternates")).unwrap();
    assert!(store.trim_end().ends_with(".git/objects"), "{store}");
    assert!(borrowing.open().preflight()[0].message.contains(store.trim_end()));
    assert_eq!(borrowing.walk().commits.len(), 3);
}

#[test]
fn partial_clones_are_told_and_miss_objects() {
    let repo = three();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let blobless = clone(&repo, &["--filter=blob:none", "--no-checkout"]);
    assert_eq!(codes(&blobless.open()), ["repo-partial"]);
    assert_eq!(blobless.walk().rows, repo.walk().rows);
    let error = blobless.open().blob(repo.oid("HEAD:a.md")).unwrap_err();
    assert!(error.to_string().contains("missing"), "{error}");
    let treeless = clone(&repo, &["--filter=tree:0", "--no-checkout"]);
    let walk = treeless.walk();
    assert!(walk.rows.is_empty() && walk.commits.iter().all(|c| c.incomplete));
    assert_eq!(walk.incomplete.len(), 3);
    treeless.git(&["config", "core.repositoryformatversion", "1"]);
    treeless.git(&["config", "extensions.partialClone", "origin"]);
    assert!(refusal(treeless.path()).to_string().contains("partialclone"));
}

#[test]
fn formats_that_are_not_read_are_refused_with_a_reason() {
    for (option, word) in [("--object-format=sha256", "sha256"), ("--ref-format=reftable", "refstorage")] {
        let repo = Repo::with(&[option]);
        let error = refusal(repo.path());
        assert!(matches!(error, Error::Repository { .. }) && error.to_string().contains(word), "{error}");
        assert!(error.help().is_some());
    }
    let repo = three();
    repo.git(&["config", "extensions.compatObjectFormat", "sha256"]);
    assert_eq!(codes(&repo.open()), ["repo-unsupported"]);
    let repo = three();
    let elsewhere = tempfile::tempdir().unwrap();
    repo.git(&["config", "core.worktree", elsewhere.path().to_str().unwrap()]);
    assert!(refusal(repo.path()).to_string().contains("core.worktree"));
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_refused() {
    let repo = three();
    let git = repo.path().join(".git");
    if [repo.path(), &git].iter().any(|p| std::os::unix::fs::chown(p, Some(65_533), None).is_err()) {
        eprintln!("skipped: only root can give a folder away");
        return;
    }
    let error = refusal(repo.path());
    assert!(matches!(error, Error::ForeignOwner { .. }), "{error}");
    assert!(error.help().unwrap().contains("safe.directory"));
}

#[test]
fn damaged_and_missing_objects_are_told() {
    let repo = three();
    let (good, bad) = (repo.oid("HEAD:a.md"), repo.oid("HEAD~1:a.md"));
    let copy = std::fs::read(repo.loose(bad)).unwrap();
    replace(&repo, good, Some(&copy));
    assert_eq!(repo.git(&["cat-file", "blob", "HEAD:a.md"]), "2", "stock Git shows the forged one");
    assert!(repo.open().blob(good).unwrap_err().to_string().contains("damaged"));
    assert_eq!(repo.walk().rows.len(), 6);

    let tree = repo.oid("HEAD~1:folder");
    replace(&repo, tree, None);
    let walk = repo.walk();
    assert_eq!(walk.incomplete, [(tree, "it is missing from this clone".to_owned())]);
    assert_eq!(walk.commits.iter().map(|c| c.incomplete).collect::<Vec<_>>(), [false, true, true]);
    assert!(repo.open().files(repo.oid("HEAD~1"), "").is_err());
    let error = repo.open().files(repo.oid("HEAD~1"), "folder").unwrap_err();
    assert!(error.to_string().contains("missing"), "{error}");

    let commit = repo.oid("HEAD~1");
    let other = std::fs::read(repo.loose(repo.oid("HEAD~2"))).unwrap();
    let head = repo.head();
    replace(&repo, commit, Some(&other));
    let walk = Walk::run(&repo.open(), head, &|_| {}).unwrap();
    assert_eq!(walk.incomplete.len(), 1);
    assert!(walk.incomplete[0].1.contains("damaged"));
    assert_eq!((walk.commits.len(), walk.chain.len()), (1, 1));
    let path = repo.loose(head);
    std::fs::remove_file(path).unwrap();
    assert!(matches!(Walk::run(&repo.open(), head, &|_| {}), Err(Error::Object { .. })));
}

/// Puts other bytes, or nothing, into the file of a loose object.
fn replace(repo: &Repo, oid: Oid, bytes: Option<&[u8]>) {
    let path = repo.loose(oid);
    std::fs::remove_file(&path).unwrap();
    if let Some(bytes) = bytes {
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn malformed_commits_are_told_and_take_nothing_with_them() {
    let repo = three();
    let tree = repo.oid("HEAD^{tree}");
    let (head, root) = (repo.head(), repo.oid("HEAD~2"));
    let people = "author A <a@example.org> 1 +0000\ncommitter A <a@example.org> 1 +0000\n";
    let late = format!("tree {tree}\n{people}parent {head}\n\nlate parent\n");
    let twice = format!("tree {tree}\nparent {head}\nauthor B <b@example.org> 1 +0000\n{people}\ntwo authors\n");
    let none = format!("tree {tree}\nparent {root}\n\nnobody\n");
    for (raw, commits) in [(late, 1), (twice, 4), (none, 2)] {
        let oid = repo.git_with(&["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], raw.as_bytes());
        assert_eq!(repo.git(&["rev-list", "--count", &oid]), commits.to_string(), "{raw}");
        let walk = Walk::run(&repo.open(), Oid::from_str(&oid).unwrap(), &|_| {}).unwrap();
        assert_eq!(walk.commits.len(), commits, "{raw}");
        assert!(walk.commits[commits - 1].malformed.is_some(), "{raw}");
        assert!(walk.commits.iter().rev().skip(1).all(|c| c.malformed.is_none()));
    }
}

#[test]
fn a_tree_out_of_order_is_no_tree() {
    let repo = three();
    let blob = repo.oid("HEAD:a.md");
    let entry = |name: &str| [format!("100644 {name}\0").as_bytes(), blob.as_bytes()].concat();
    let raw = [entry("b"), entry("a")].concat();
    let tree = repo.git_with(&["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], &raw);
    let commit = repo.git(&["commit-tree", "-p", "HEAD", "-m", "odd", &tree]);
    let walk = Walk::run(&repo.open(), Oid::from_str(&commit).unwrap(), &|_| {}).unwrap();
    assert_eq!(walk.incomplete.len(), 1);
    assert!(walk.commits[3].incomplete && walk.rows_of(3).is_empty());
}
