//! `smsctl audit-pack`: made, verified with smsctl and with stock tools, altered, refused.
#![allow(clippy::disallowed_methods, reason = "stock programs are the oracles here")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use smsctl::pack::container::{self, Opened};
use smsctl::pack::verify::{Believed, Ground, Outcome, Verification, verify};
use smsctl::pack::{Files, manifest};
use tempfile::TempDir;

use crate::kit::{DOCUMENT, Kit, document, key};
use crate::run::{NOW, Ran, smsctl};

/// A small SMS with one approved policy, a register of roles with a name in it, and a draft nobody approved.
struct Small {
    kit: Kit,
    root: String,
}

pub const ROLES: &str = "---\nid: REG-ROL\nkind: register\nregister: roles\ntitle: Roles\nversion: 1.0\nstatus: draft\nowner: cio\napprovers: [cio]\nclauses: [5.3]\nentries:\n  - id: cio\n    title: Chief information officer\n    top_management: true\n    holders:\n      - {person: Paula Personal, valid_from: 2026-01-01}\n  - id: service-owner\n    title: Service owner\n    top_management: false\n---\n# Roles\n\nPaula Personal sits in room 4.\n";

static SMALL: LazyLock<Small> = LazyLock::new(|| {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.approve_commit("carla", "cio");
    kit.write("registers/roles.md", ROLES);
    kit.write(
        "policies/draft.md",
        &document("0.1", "Soon.").replace("SMP-001", "SMP-002").replace("approved", "draft"),
    );
    kit.write("secret.txt", "not part of the SMS");
    kit.commit("eve", "More");
    let root = kit.root().to_string();
    Small { kit, root }
});

fn pack(small: &Small, out: &Path, more: &[&str]) -> Ran {
    let carla = key("carla");
    let mut args = vec!["audit-pack", "--stage", "stage-1", "--root", &small.root, "--out", out.to_str().unwrap()];
    if !more.contains(&"--unsigned") && !more.contains(&"--key") {
        args.extend(["--key", carla.to_str().unwrap()]);
    }
    args.extend(more);
    smsctl(small.kit.path(), &args)
}

/// What the pack has for print: the PDF, or its source where no press is built in.
const PRINTED: &str = if cfg!(feature = "pdf") { "audit-pack.pdf" } else { "audit-pack.typ" };

/// The pack of the small SMS, made once.
static PACK: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.zip");
    let ran = pack(&SMALL, &path, &["--allow-gaps"]);
    assert_eq!(ran.status, 0, "{} {}", ran.out, ran.err);
    (folder, path)
});

fn opened() -> Opened {
    let mut pack = container::open(&PACK.1).unwrap();
    // The container is looked at by tests of its own.
    pack.zip = None;
    pack
}

fn looked_at(pack: &Opened, root: Option<&str>) -> Verification {
    let root = root.map(|r| Believed::parse(r).unwrap());
    verify(pack, &Ground { root, now: NOW, ..Ground::default() }, &|_| {}).unwrap()
}

/// Everything that failed, with its details.
fn failures(verification: &Verification) -> String {
    let bad = verification.steps.iter().filter(|s| s.outcome == Outcome::Bad);
    bad.map(|s| format!("{}: {} {}\n", s.title, s.summary, s.details.join(" "))).collect()
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

/// The manifest anew, as an attacker would.
fn reseal(pack: &mut Opened) {
    let manifest = manifest::render(&pack.files);
    pack.files.insert("MANIFEST".into(), manifest.into_bytes());
}

#[test]
fn a_pack_is_made_and_verified_from_itself_alone() {
    let verification = looked_at(&opened(), Some(&SMALL.root));
    assert!(verification.holds(), "{verification:#?}");
    let ran = smsctl(Path::new("/"), &["audit-pack", "verify", PACK.1.to_str().unwrap(), "--root", &SMALL.root]);
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains("Verified: nothing in this pack was changed"), "{}", ran.out);
    let commit = SMALL.root.split(':').nth(2).unwrap();
    let ran = smsctl(Path::new("/"), &["audit-pack", "verify", PACK.1.to_str().unwrap(), "--root", commit]);
    assert_eq!(ran.status, 0, "{}", ran.out);
}

#[test]
fn without_a_root_from_outside_nothing_is_verified() {
    let ran = smsctl(Path::new("/"), &["audit-pack", "verify", PACK.1.to_str().unwrap()]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("nobody outside vouched for it") && ran.out.contains("Not verified"), "{}", ran.out);
    let wrong = SMALL.root.replacen("smsroot1:sha1:", "", 1);
    let ran = smsctl(Path::new("/"), &["audit-pack", "verify", PACK.1.to_str().unwrap(), "--root", &wrong]);
    assert_eq!(ran.status, 2, "{}", ran.err);
}

#[test]
fn the_json_form_says_the_same() {
    let args = ["audit-pack", "verify", PACK.1.to_str().unwrap(), "--root", &SMALL.root, "--format", "json"];
    let ran = smsctl(Path::new("/"), &args);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&value["schema"], &value["verified"]), (&"smsctl-pack-verify/1".into(), &true.into()));
    assert_eq!(value["pack"]["stage"], "stage-1");
    crate::cmd_history::assert_valid(&value, "pack-verify.schema.json");
    let index: Value = serde_json::from_slice(&opened().files["pack.json"]).unwrap();
    crate::cmd_history::assert_valid(&index, "pack.schema.json");
    assert!(value["steps"].as_array().unwrap().iter().all(|s| s["outcome"] == "ok" || s["outcome"] == "note"));
}

#[test]
fn one_changed_byte_in_any_file_is_named() {
    let pack = opened();
    let paths: Vec<String> = pack.files.keys().filter(|p| !manifest::is_own(p)).cloned().collect();
    assert!(paths.len() > 30, "{paths:?}");
    let listed = manifest::parse(&pack.files["MANIFEST"]).unwrap();
    for path in paths {
        let mut files = pack.files.clone();
        let bytes = files.get_mut(&path).unwrap();
        let at = bytes.len() / 2;
        match bytes.get_mut(at) {
            Some(byte) => *byte ^= 1,
            None => bytes.push(b'x'),
        }
        let told = manifest::differences(&files, &listed);
        assert!(told.len() == 1 && told[0].starts_with(&format!("{path} was changed")), "{told:?}");
    }
}

#[test]
fn changes_that_matter_are_refused_and_told() {
    let cases: [(&str, &str, &str); 6] = [
        (DOCUMENT_IN_PACK, "Files", "was changed"),
        (PRINTED, "Files", "was changed"),
        ("evidence/history.bundle", "History", "cannot be read"),
        ("MANIFEST", "Signature", "does not fit"),
        ("MANIFEST.sig", "Signature", "does not fit"),
        ("keys/exporter_allowed_signers", "Files", "was changed"),
    ];
    for (path, step, words) in cases {
        let mut pack = opened();
        let bytes = pack.files.get_mut(path).unwrap_or_else(|| panic!("no {path}"));
        let at = bytes.len() * 2 / 3;
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let verification = looked_at(&pack, Some(&SMALL.root));
        let told = failures(&verification);
        let line = told.lines().find(|l| l.starts_with(step)).unwrap_or_else(|| panic!("{path}: {told}"));
        assert!(line.contains(words) && !verification.holds(), "{path}: {told}");
    }
}

const DOCUMENT_IN_PACK: &str = "documents/policies/smp.md";

/// Whoever changes a text and makes the manifest anew has no signature for it, and the history says otherwise.
#[test]
fn a_forged_document_does_not_fit_the_history_even_with_a_new_manifest() {
    let mut pack = opened();
    let forged = text(&pack.files, DOCUMENT_IN_PACK).replace("We serve", "We swerve");
    pack.files.insert(DOCUMENT_IN_PACK.into(), forged.into_bytes());
    reseal(&mut pack);
    let told = failures(&looked_at(&pack, Some(&SMALL.root)));
    assert!(told.contains("Signature: the signature does not fit MANIFEST"), "{told}");
    assert!(
        told.contains("Documents: ") && told.contains("documents/policies/smp.md is not the text of commit"),
        "{told}"
    );
    pack.files.remove("MANIFEST.sig");
    let told = failures(&looked_at(&pack, Some(&SMALL.root)));
    assert!(told.contains("the signature of the manifest was taken away"), "{told}");
}

#[test]
fn another_key_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("p.zip");
    let mallory = key("mallory");
    let ran = pack(&SMALL, &out, &["--allow-gaps", "--key", mallory.to_str().unwrap()]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("which the trust policy does not know"), "{}", ran.out);
    let theirs = container::open(&out).unwrap();
    let mut pack = opened();
    pack.files.insert("MANIFEST.sig".into(), theirs.files["MANIFEST.sig"].clone());
    assert!(failures(&looked_at(&pack, Some(&SMALL.root))).contains("does not fit"));
    // The very pack, signed by a stranger: anybody may have made it; and it fails when somebody else was to sign.
    let verification = looked_at(&theirs, Some(&SMALL.root));
    let step = verification.steps.iter().find(|s| s.title == "Signature").unwrap();
    assert!(step.outcome == Outcome::NotDone && step.summary.contains("does not know"), "{step:?}");
    let ground = Ground {
        root: Believed::parse(&SMALL.root),
        signer: Some(crate::kit::fingerprint("carla")),
        now: NOW,
        ..Ground::default()
    };
    assert!(failures(&verify(&theirs, &ground, &|_| {}).unwrap()).contains("was to sign"));
}

/// The history without the approval: the pack says one thing and its own evidence another.
#[test]
fn a_removed_approval_is_noticed() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let root = kit.root().to_string();
    let folder = tempfile::tempdir().unwrap();
    let small = Small { kit, root };
    let out = folder.path().join("a.zip");
    assert_eq!(pack(&small, &out, &["--allow-gaps"]).status, 0);
    let with = container::open(&out).unwrap();
    // The same repository before the approval.
    let args = ["--allow-gaps", "--rev", "HEAD~1"];
    assert_eq!(pack(&small, &out, &args).status, 0);
    let without = container::open(&out).unwrap();
    let mut forged = with;
    for path in ["evidence/history.bundle", "evidence/approvals.tsv"] {
        forged.files.insert(path.into(), without.files[path].clone());
    }
    reseal(&mut forged);
    let told = failures(&looked_at(&forged, Some(&small.root)));
    assert!(told.contains("History: it ends at") && told.contains("1 approvals that count, and 0 do"), "{told}");
    assert!(told.contains("SMP-001 1.0: the pack says approved, the history says missing"), "{told}");
}

#[test]
fn bytes_around_the_files_are_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.zip");
    let mut bytes = std::fs::read(&PACK.1).unwrap();
    // The time stamp of the first file, in its local header.
    bytes[10] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let ran = smsctl(Path::new("/"), &["audit-pack", "verify", path.to_str().unwrap(), "--root", &SMALL.root]);
    assert!(ran.status == 1 && ran.out.contains("FAILED   ZIP file"), "{}{}", ran.out, ran.err);
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&path, &bytes).unwrap();
    let ran = smsctl(Path::new("/"), &["audit-pack", "verify", path.to_str().unwrap()]);
    assert!(ran.status == 2 && ran.err.contains("no audit pack that can be read"), "{}", ran.err);
    assert_eq!(smsctl(Path::new("/"), &["audit-pack", "verify", "/nowhere.zip"]).status, 2);
}

#[test]
fn the_same_commit_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.zip"), folder.path().join("deep/er"));
    std::fs::create_dir_all(&b).unwrap();
    let clone = folder.path().join("clone");
    let from = SMALL.kit.path().to_str().unwrap().to_owned();
    SMALL.kit.git(&["clone", "-q", "--no-local", &from, clone.to_str().unwrap()]);
    assert_eq!(pack(&SMALL, &a, &["--allow-gaps"]).status, 0);
    let carla = key("carla");
    let out = b.join("b.zip");
    let mut command = crate::run::binary(&clone);
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("TZ", "Pacific/Kiritimati").env("USER", "somebody");
    command.env("HOME", folder.path()).env("LANG", "de_DE.UTF-8");
    command.args(["audit-pack", "--stage", "stage-1", "--root", &SMALL.root, "--allow-gaps", "--today", "2026-11-20"]);
    command.arg("--key").arg(&carla).arg("--out").arg(&out).assert().success();
    let (a, b) = (std::fs::read(&a).unwrap(), std::fs::read(&out).unwrap());
    let differs: Vec<String> = {
        let (a, b) = (container::open(&folder.path().join("a.zip")).unwrap(), container::open(&out).unwrap());
        a.files.iter().filter(|(p, bytes)| b.files.get(*p) != Some(bytes)).map(|(p, _)| p.clone()).collect()
    };
    assert_eq!(differs, Vec::<String>::new());
    assert!(a == b && a == std::fs::read(&PACK.1).unwrap());
}

#[test]
fn what_is_missing_is_in_the_pack_on_the_terminal_and_in_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("p.zip");
    let ran = pack(&SMALL, &out, &[]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(ran.out.contains("missing: ") && ran.out.contains("`--allow-gaps` accepts it"), "{}", ran.out);
    let pack = container::open(&out).unwrap();
    let index: Value = serde_json::from_slice(&pack.files["pack.json"]).unwrap();
    let gap = index["gaps"][0].as_str().unwrap();
    assert!(ran.out.contains(gap), "{gap}");
    let page = text(&pack.files, "index.html");
    assert!(page.contains("asks for are missing") && page.contains("smsctl new"), "the first page tells");
}

#[test]
fn people_are_told_by_their_roles_and_the_pack_still_verifies() {
    let pack = opened();
    for (path, bytes) in pack.files.iter().filter(|(p, _)| !p.starts_with("evidence/") && !p.starts_with("keys/")) {
        let text = String::from_utf8_lossy(bytes);
        for name in ["Paula Personal", "Carla Example", "carla@mail"] {
            assert!(!text.contains(name), "{path} names {name}");
        }
    }
    let page = text(&pack.files, "index.html");
    assert!(page.contains("Chief information officer"), "the approver by role");
    let withheld = text(&pack.files, "tables/withheld.csv");
    assert!(withheld.contains("REG-ROL") && withheld.contains("entries.holders.person"), "{withheld}");
    // No text with the name is in the history of the pack, nor any file that is no document.
    let folder = tempfile::tempdir().unwrap();
    let history = unpack_with_git(&pack, folder.path());
    let all = git(&history, &["cat-file", "--batch-all-objects", "--batch", "--buffer"]);
    let all = String::from_utf8_lossy(&all.stdout).into_owned();
    assert!(all.contains("We serve.") && !all.contains("Paula Personal") && !all.contains("not part of the SMS"));
}

#[test]
fn names_leave_when_the_organization_says_so() {
    let mut kit = Kit::new();
    kit.write("smsctl.toml", "[sms]\norganization = \"Example\"\n[pack]\nnames = \"full\"\n");
    kit.write("registers/roles.md", ROLES);
    kit.approve_file("carla", "cio");
    let root = kit.root().to_string();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("p.zip");
    let small = Small { kit, root };
    assert_eq!(pack(&small, &out, &["--allow-gaps"]).status, 0);
    let pack = container::open(&out).unwrap();
    assert!(text(&pack.files, "documents/registers/roles.md").contains("Paula Personal"));
    assert!(text(&pack.files, "tables/approvals-register.csv").contains("Carla Example"));
    assert!(looked_at(&pack, Some(&small.root)).holds());
}

#[test]
fn files_that_are_not_committed_are_refused_with_the_way_out() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &document("1.1", "Changed and not committed."));
    let small = Small { root: kit.root().to_string(), kit };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("p.zip");
    let ran = pack(&small, &out, &["--allow-gaps"]);
    assert!(ran.status == 2 && ran.err.contains("git stash") && ran.err.contains("--rev HEAD"), "{}", ran.err);
    assert!(!out.exists());
    assert_eq!(pack(&small, &out, &["--allow-gaps", "--rev", "HEAD"]).status, 0);
    let pack = container::open(&out).unwrap();
    assert!(!text(&pack.files, DOCUMENT_IN_PACK).contains("not committed"));
}

#[test]
fn nothing_is_made_without_a_pinned_root_a_key_or_a_stage() {
    let kit = Kit::new();
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("p.zip");
    let out = out.to_str().unwrap();
    let ran = smsctl(kit.path(), &["audit-pack", "--stage", "stage-1", "--unsigned", "--out", out]);
    assert!(ran.status == 2 && ran.err.contains("smsctl trust pin"), "{}", ran.err);
    assert_eq!(smsctl(kit.path(), &["audit-pack"]).status, 2);
    let folder = crate::run::disk(&crate::common::bare());
    let ran = smsctl(folder.path(), &["audit-pack", "--stage", "stage-1", "--unsigned", "--out", out]);
    assert!(ran.status == 2 && ran.err.contains("not in a Git repository"), "{}", ran.err);
    let root = kit.root().to_string();
    let other = tempfile::NamedTempFile::new().unwrap();
    let path = other.path().to_str().unwrap();
    let args = ["audit-pack", "--stage", "stage-1", "--unsigned", "--root", &root, "--out", path];
    let ran = smsctl(kit.path(), &args);
    assert!(ran.status == 2 && ran.err.contains("is no audit pack"), "another file is not overwritten: {}", ran.err);
}

#[test]
fn a_build_without_the_pdf_engine_says_so_before_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let ran = pack(&SMALL, &folder.path().join("p.zip"), &["--allow-gaps", "--quiet"]);
    let warned = ran.err.starts_with("warning: this build of smsctl has no PDF engine");
    assert_eq!(warned, PRINTED == "audit-pack.typ", "{}", ran.err);
    assert_eq!(warned, ran.err.contains("cargo build --release --features pdf"), "{}", ran.err);
}

/// A shallow clone judges nothing: the pack is made, says so, and cannot be verified.
#[test]
fn a_shallow_clone_gives_a_pack_without_evidence_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path().join("clone");
    let from = format!("file://{}", SMALL.kit.path().display());
    SMALL.kit.git(&["clone", "-q", "--depth", "1", &from, clone.to_str().unwrap()]);
    let out = folder.path().join("p.zip");
    let args = ["audit-pack", "--stage", "stage-1", "--unsigned", "--out", out.to_str().unwrap()];
    let ran = smsctl(&clone, &args);
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(ran.out.contains("missing: No approval can be shown: the history is incomplete"), "{}", ran.out);
    let ran = smsctl(&clone, &["audit-pack", "verify", out.to_str().unwrap()]);
    assert!(ran.status == 1 && ran.out.contains("not done History"), "{}", ran.out);
}

#[test]
fn a_pack_as_a_folder_holds_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("pack");
    assert_eq!(pack(&SMALL, &out, &["--allow-gaps", "--format", "dir"]).status, 0);
    assert_eq!(container::open(&out).unwrap().files, opened().files);
    let ran = smsctl(Path::new("/"), &["audit-pack", "verify", out.to_str().unwrap(), "--root", &SMALL.root]);
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert_eq!(pack(&SMALL, &out, &["--allow-gaps", "--format", "dir"]).status, 2, "a folder is not overwritten");
}

// ---- with stock tools

fn unpack(pack: &Opened, folder: &Path) {
    for (path, bytes) in &pack.files {
        let full = folder.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, bytes).unwrap();
    }
}

#[cfg(unix)]
fn sh(folder: &Path, script: &str) -> Output {
    Command::new("sh")
        .args(["-eu", "-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder)
        .env("LC_ALL", "C")
        .output()
        .unwrap()
}

fn git(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new("git");
    command.args(args).current_dir(folder).env("GIT_NO_LAZY_FETCH", "1").env("HOME", folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap()
}

/// As VERIFY.md says.
fn unpack_with_git(pack: &Opened, folder: &Path) -> PathBuf {
    unpack(pack, folder);
    let history = folder.join("history.git");
    let bundle = folder.join("evidence/history.bundle");
    let (history_text, bundle) = (history.to_str().unwrap(), bundle.to_str().unwrap());
    for args in [
        &["init", "--quiet", "--bare", history_text][..],
        &["-C", history_text, "config", "core.repositoryformatversion", "1"],
        &["-C", history_text, "config", "extensions.partialClone", "origin"],
        &["-C", history_text, "config", "remote.origin.promisor", "true"],
        &["-C", history_text, "fetch", "--quiet", bundle, "+refs/*:refs/*"],
        &["-C", history_text, "fsck", "--full"],
    ] {
        let out = git(folder, args);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
    history
}

/// The commands of VERIFY.md, in their order.
#[cfg(unix)]
fn steps(page: &str) -> Vec<String> {
    page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[cfg(unix)]
#[test]
fn the_page_for_stock_tools_works_step_by_step() {
    let pack = opened();
    let folder = tempfile::tempdir().unwrap();
    unpack(&pack, folder.path());
    let page = text(&pack.files, "VERIFY.md");
    let steps = steps(&page);
    assert_eq!(steps.len(), 6, "{page}");
    let mut said = String::new();
    let place = folder.path().to_str().unwrap();
    for step in &steps {
        // The places in /tmp that the page names are those of whoever reads it.
        let step = step.replace("/tmp/", &format!("{place}/../reader-{}-", std::process::id()));
        let out = sh(folder.path(), &step);
        assert!(out.status.success(), "{step}\n{}{}", said, String::from_utf8_lossy(&out.stderr));
        said += &String::from_utf8_lossy(&out.stdout);
    }
    assert!(said.contains("all files are as listed") && said.contains("nothing was added"), "{said}");
    assert!(said.contains("Good \"smsctl-pack\" signature for carla"), "{said}");
    assert!(
        said.contains("2 approvals verified with their texts, 0 verified whose texts are withheld, 0 failed"),
        "{said}"
    );
    // One byte of a statement in the history: git itself refuses the bundle.
    let bundle = folder.path().join("evidence/history.bundle");
    let mut bytes = std::fs::read(&bundle).unwrap();
    let at = bytes.len() * 2 / 3;
    bytes[at] ^= 1;
    std::fs::write(&bundle, bytes).unwrap();
    let out = sh(folder.path(), &steps[3]);
    assert!(!out.status.success());
    assert!(!sh(folder.path(), &steps[0]).status.success(), "sha256sum names it");
}

#[cfg(unix)]
#[test]
fn hostile_names_leave_a_pack_that_can_be_unpacked_anywhere() {
    let mut kit = Kit::new();
    let long = "x".repeat(150);
    let hostile = "<script>alert(1)</script> \u{202e}gnp.exe \u{1b}[31mred 🎉";
    let names = ["con", "a\u{202e}b", "two\nlines", "tab\there", "🎉", "..hidden", "AUX.tar", &long, "Case", "case"];
    for (n, name) in names.iter().enumerate() {
        let id = format!("SMP-1{n:02}");
        let text = document("1.0", hostile).replace("SMP-001", &id);
        let text = text.replace("title: Service Management Policy", &format!("title: {}", serde_json::json!(hostile)));
        kit.write(&format!("policies/{name}.md"), &text);
    }
    kit.approve_file("carla", "cio");
    let small = Small { root: kit.root().to_string(), kit };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("p.zip");
    let ran = pack(&small, &out, &["--allow-gaps"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'));
    let pack = container::open(&out).unwrap();
    let mut seen = BTreeSet::new();
    for path in pack.files.keys() {
        assert!(path.len() <= 220 && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b)), "{path}");
        assert!(seen.insert(path.to_lowercase()), "{path} differs from another by case alone");
        for part in path.split('/') {
            let stem = part.split('.').next().unwrap().to_lowercase();
            assert!(!["con", "aux", "nul", "prn"].contains(&stem.as_str()) && !part.starts_with('.'), "{path}");
        }
    }
    for (path, bytes) in pack.files.iter().filter(|(p, _)| p.strip_suffix(".html").is_some()) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("<script") && !text.contains('\u{1b}'), "{path}");
    }
    assert!(looked_at(&pack, Some(&small.root)).holds());
    if crate::oracle::here("unzip") {
        let listed = Command::new("unzip").arg("-tqq").arg(&out).output().unwrap();
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stdout));
    }
}
