//! Packs that were changed after they were made, with a manifest made anew by whoever changed them: none is believed.
#![allow(clippy::disallowed_methods, reason = "stock programs sign what is forged")]

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};
use smsctl::pack::container::{self, Opened};
use smsctl::pack::manifest;
use smsctl::pack::verify::{Believed, Ground, Outcome, Verification, verify};

use crate::cmd_audit_pack::ROLES;
use crate::kit::{Kit, document, fingerprint, key, public};
use crate::run::{NOW, smsctl};

/// Who signs a forged manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    Nobody,
    /// A key that the trust policy does not know.
    Stranger,
    /// A person of the trust policy.
    Known,
}

const SIGNERS: [Signer; 3] = [Signer::Nobody, Signer::Stranger, Signer::Known];

/// A pack with its trust root.
pub struct Genuine {
    kit: Kit,
    pub root: String,
    pub pack: Opened,
    bytes: Vec<u8>,
}

const CONTACTS: &str = "---\nid: REG-MSR\nkind: register\nregister: measurements\ntitle: Measurements\nversion: 1.0\nstatus: draft\nowner: cio\napprovers: [cio]\nclauses: [9.1]\nentries_from: measurements.csv\n---\n# Measurements\n";
const CSV: &str = "id,metric,on,value\nMSR-1,MET-1,2026-09-30,99.71\nMSR-2,MET-1,2026-10-31,99.80\n";

fn kit(settings: &str) -> Kit {
    let mut kit = Kit::new();
    kit.write("smsctl.toml", &format!("[sms]\norganization = \"Example\"\n{settings}"));
    kit.approve_file("carla", "cio");
    kit.approve_commit("carla", "cio");
    kit.write("registers/roles.md", ROLES);
    kit.write("registers/measurements.md", CONTACTS);
    kit.write("registers/measurements.csv", CSV);
    let draft = document("0.1", "Soon.").replace("SMP-001", "SMP-002").replace("approved", "draft");
    kit.write("policies/draft.md", &draft);
    kit.commit("eve", "More");
    kit
}

fn made(kit: &Kit, root: &str, more: &[&str]) -> (Opened, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("p.zip");
    let carla = key("carla");
    let mut args = vec!["audit-pack", "--allow-gaps", "--root", root];
    if !more.contains(&"--stage") {
        args.extend(["--stage", "stage-2"]);
    }
    args.extend(["--key", carla.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    args.extend(more);
    let ran = smsctl(kit.path(), &args);
    assert_eq!(ran.status, 0, "{} {}", ran.out, ran.err);
    (container::open(&out).unwrap(), std::fs::read(&out).unwrap())
}

fn genuine(settings: &str) -> Genuine {
    let kit = kit(settings);
    let root = kit.root().to_string();
    let (pack, bytes) = made(&kit, &root, &[]);
    Genuine { kit, root, pack, bytes }
}

/// People are told by their roles: the register of roles has withheld places.
static REDACTED: LazyLock<Genuine> = LazyLock::new(|| genuine(""));
/// Nothing is withheld.
static OPEN: LazyLock<Genuine> = LazyLock::new(|| genuine("[pack]\nnames = \"full\"\nwithhold = []\n"));

impl Genuine {
    /// The same files, to be changed.
    fn copy(&self) -> Opened {
        Opened { folder: self.pack.folder.clone(), files: self.pack.files.clone(), zip: None }
    }

    fn looked_at(&self, pack: &Opened) -> Verification {
        let root = Believed::parse(&self.root);
        verify(pack, &Ground { root, now: NOW, ..Ground::default() }, &|_| {}).unwrap()
    }
}

fn text(pack: &Opened, path: &str) -> String {
    String::from_utf8(pack.files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

fn put(pack: &mut Opened, path: &str, text: &str) {
    pack.files.insert(path.into(), text.as_bytes().to_vec());
}

/// Replaces words that must be there.
fn swap(pack: &mut Opened, path: &str, from: &str, to: &str) {
    let old = text(pack, path);
    assert!(old.contains(from), "{path} holds no {from}");
    put(pack, path, &old.replacen(from, to, 1));
}

/// Changes what the pack says of itself.
fn index(pack: &mut Opened, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&pack.files["pack.json"]).unwrap();
    change(&mut value);
    put(pack, "pack.json", &format!("{value:#}\n"));
}

fn documents(value: &mut Value) -> &mut Vec<Value> {
    value["documents"].as_array_mut().unwrap()
}

/// Manifest and signature anew, as an attacker makes them.
fn seal(pack: &mut Opened, signer: Signer) {
    let name = match signer {
        Signer::Nobody => None,
        Signer::Stranger => Some("mallory"),
        Signer::Known => Some("carla"),
    };
    pack.files.remove("MANIFEST.sig");
    if signer != Signer::Known {
        index(pack, |i| i["signed_with"] = name.map_or(Value::Null, |n| json!(fingerprint(n))));
        pack.files.remove("keys/exporter_allowed_signers");
        if let Some(name) = name {
            let line = format!("exporter namespaces=\"smsctl-pack\" {}\n", public(name));
            put(pack, "keys/exporter_allowed_signers", &line);
            let guide = text(pack, "VERIFY.md").replace("-I carla ", "-I exporter ");
            put(pack, "VERIFY.md", &guide);
        }
    }
    let list = manifest::render(&pack.files);
    put(pack, "MANIFEST", &list);
    if let Some(name) = name {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("MANIFEST");
        std::fs::write(&file, list).unwrap();
        let sign = ["-q", "-Y", "sign", "-n", "smsctl-pack", "-f", key(name).to_str().unwrap()].map(str::to_owned);
        let out = Command::new("ssh-keygen").args(sign).arg(&file).output().unwrap();
        assert!(out.status.success());
        pack.files.insert("MANIFEST.sig".into(), std::fs::read(folder.path().join("MANIFEST.sig")).unwrap());
    }
}

/// Everything a verification says, for a failed test.
fn told(verification: &Verification) -> String {
    let line = |s: &smsctl::pack::verify::Step| {
        format!("{} {}: {} {}\n", s.outcome.word(), s.title, s.summary, s.details.join(" "))
    };
    verification.steps.iter().map(line).collect()
}

type Forge = fn(&mut Opened);

/// Changes that the evidence in the pack itself disproves, whoever signed them.
const DISPROVED: &[(&str, Forge)] = &[
    ("an approved text", |p| swap(p, "documents/policies/smp.md", "We serve", "We swerve")),
    ("a draft", |p| swap(p, "documents/policies/draft.md", "Soon", "Later")),
    ("a CSV file of a register", |p| swap(p, "documents/registers/measurements.csv", "99.71", "99.97")),
    ("a CSV file taken away", |p| drop(p.files.remove("documents/registers/measurements.csv"))),
    ("a made up policy", |p| put(p, "documents/policies/fake.md", &document("1.0", "We may."))),
    ("a made up page", |p| put(p, "html/policies/fake.md.html", "<p>We may.</p>")),
    ("a made up file", |p| put(p, "certificate.html", "<p>Certified.</p>")),
    ("a document taken out", |p| {
        index(p, |i| documents(i).retain(|d| d["id"] != "SMP-002"));
        p.files.remove("documents/policies/draft.md");
        p.files.remove("html/policies/draft.md.html");
    }),
    ("a register hidden", |p| {
        index(p, |i| documents(i).retain(|d| d["id"] != "REG-ROL"));
        p.files.remove("documents/registers/roles.md");
        p.files.remove("html/registers/roles.md.html");
    }),
    ("a document said to be left out, and forged", |p| {
        index(p, |i| documents(i).iter_mut().filter(|d| d["id"] == "SMP-002").for_each(|d| d["file"] = json!("")));
        swap(p, "documents/policies/draft.md", "Soon", "Later");
    }),
    ("a document said to be left out", |p| {
        index(p, |i| documents(i).iter_mut().filter(|d| d["id"] == "SMP-002").for_each(|d| d["file"] = json!("")));
        p.files.remove("documents/policies/draft.md");
        p.files.remove("html/policies/draft.md.html");
    }),
    ("a page taken away", |p| drop(p.files.remove("html/policies/draft.md.html"))),
    ("another title", |p| index(p, |i| documents(i)[0]["title"] = json!("Fine policy"))),
    ("another version", |p| index(p, |i| documents(i)[0]["version"] = json!("9.9"))),
    ("another status", |p| index(p, |i| documents(i)[0]["status"] = json!("retired"))),
    ("another verdict", |p| index(p, |i| documents(i)[0]["verdict"] = json!("not-required"))),
    ("another share", |p| index(p, |i| documents(i)[0]["share"] = json!("summary"))),
    ("places withheld where none are", |p| index(p, |i| documents(i)[0]["withheld"] = json!(3))),
    ("no gaps", |p| index(p, |i| i["gaps"] = json!([]))),
    ("one gap less", |p| index(p, |i| drop(i["gaps"].as_array_mut().unwrap().remove(0)))),
    ("one gap more", |p| index(p, |i| i["gaps"].as_array_mut().unwrap().push(json!("Nothing.")))),
    ("another stage", |p| index(p, |i| i["stage"] = json!("pre-audit"))),
    ("another day", |p| index(p, |i| i["today"] = json!("2026-01-20"))),
    ("another organization", |p| index(p, |i| i["organization"] = json!("Other"))),
    ("another standard", |p| index(p, |i| i["standard"] = json!("iso-9001"))),
    ("another time of the commit", |p| index(p, |i| i["committed_at"] = json!("2026-01-01T00:00:00Z"))),
    ("another commit", |p| index(p, |i| i["commit"] = json!("ab".repeat(20)))),
    ("another root in pack.json", |p| index(p, |i| i["root"] = json!(""))),
    ("other names", |p| index(p, |i| i["names"] = json!(!i["names"].as_bool().unwrap()))),
    ("more approvals", |p| index(p, |i| i["approvals"] = json!(7))),
    ("a key that did not sign", |p| index(p, |i| i["signed_with"] = json!("SHA256:x"))),
    ("a field that nobody knows", |p| index(p, |i| i["more"] = json!("certified"))),
    ("rows of approvals swapped", |p| swap(p, "evidence/approvals.tsv", "\tSMP-001\t", "\tSMP-002\t")),
    ("a row of approvals taken out", |p| {
        let list = text(p, "evidence/approvals.tsv");
        let kept: Vec<&str> = list.lines().take(2).collect();
        put(p, "evidence/approvals.tsv", &format!("{}\n", kept.join("\n")));
    }),
    ("no list of approvals", |p| drop(p.files.remove("evidence/approvals.tsv"))),
    ("another trust root beside it", |p| swap(p, "evidence/trust-root.txt", "sha1:", "sha1:0")),
    ("another key of the trust policy", |p| {
        let line = format!("carla@example.org {}\n", public("mallory"));
        put(p, "keys/allowed_signers", &line);
    }),
    ("a guide that says less", |p| swap(p, "VERIFY.md", "A file that was changed", "No file that was changed")),
    ("a script that says yes", |p| put(p, "evidence/verify-approvals.sh", "echo ok\n")),
    ("a report without findings", |p| {
        let mut value: Value = serde_json::from_slice(&p.files["report.json"]).unwrap();
        value["sms"]["today"] = json!("2020-01-01");
        put(p, "report.json", &value.to_string());
    }),
    ("no report", |p| drop(p.files.remove("report.json"))),
    ("no first page", |p| drop(p.files.remove("index.html"))),
];

/// What a forged pack may say at most: no word that it is verified.
fn refuses(genuine: &Genuine, name: &str, forge: Forge, signer: Signer) -> Option<String> {
    let mut pack = genuine.copy();
    forge(&mut pack);
    seal(&mut pack, signer);
    let verification = genuine.looked_at(&pack);
    let failed = verification.steps.iter().any(|s| s.outcome == Outcome::Bad);
    let good = if signer == Signer::Known { failed } else { !verification.holds() };
    (!good).then(|| format!("== {name}, signed by {signer:?}, is believed:\n{}", told(&verification)))
}

#[test]
fn what_the_evidence_disproves_fails_whoever_signed_it() {
    let mut believed = Vec::new();
    for (name, forge) in DISPROVED {
        believed.extend(refuses(&REDACTED, name, *forge, Signer::Known));
    }
    for (name, forge) in DISPROVED.iter().step_by(7) {
        for signer in [Signer::Nobody, Signer::Stranger] {
            believed.extend(refuses(&REDACTED, name, *forge, signer));
        }
    }
    assert!(believed.is_empty(), "{} forged packs are believed\n{}", believed.len(), believed.join("\n"));
}

/// Nothing was changed, and still nobody known vouches for the pages.
#[test]
fn a_pack_that_nobody_known_signed_is_not_verified() {
    for signer in SIGNERS {
        let mut pack = REDACTED.copy();
        seal(&mut pack, signer);
        let verification = REDACTED.looked_at(&pack);
        assert_eq!(verification.holds(), signer == Signer::Known, "{signer:?}\n{}", told(&verification));
    }
}

/// One file of each kind, changed.
fn kinds(pack: &Opened) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    let kind = |path: &str| {
        let top = path.split('/').next().unwrap_or_default().to_owned();
        let ending = path.rsplit('.').next().unwrap_or_default().to_owned();
        (if top.contains('.') { path.to_owned() } else { top }, ending)
    };
    pack.files.keys().filter(|p| !manifest::is_own(p) && seen.insert(kind(p))).cloned().collect()
}

fn bent(pack: &mut Opened, path: &str) {
    let bytes = pack.files.get_mut(path).unwrap();
    let at = bytes.len() / 2;
    match bytes.get_mut(at) {
        Some(byte) => *byte ^= 1,
        None => bytes.push(b'x'),
    }
}

#[test]
fn where_nothing_is_withheld_any_change_of_any_file_fails() {
    let untouched = OPEN.looked_at(&OPEN.copy());
    assert!(untouched.holds(), "{}", told(&untouched));
    let mut believed = Vec::new();
    for path in kinds(&OPEN.pack) {
        let mut pack = OPEN.copy();
        bent(&mut pack, &path);
        seal(&mut pack, Signer::Known);
        let verification = OPEN.looked_at(&pack);
        if !verification.steps.iter().any(|s| s.outcome == Outcome::Bad) {
            believed.push(format!("{path}\n{}", told(&verification)));
        }
    }
    assert!(believed.is_empty(), "{}", believed.join("\n"));
}

// ---- with stock tools

/// What only smsctl compares, as the script says: it is made from many texts.
const ONLY_SMSCTL: &[&str] = &[
    "a document said to be left out",
    "another title",
    "another version",
    "another status",
    "another verdict",
    "another share",
    "places withheld where none are",
    "no gaps",
    "one gap less",
    "one gap more",
    "another stage",
    "another day",
    "another organization",
    "another standard",
    "another time of the commit",
    "other names",
    "a field that nobody knows",
    "a guide that says less",
    "a script that says yes",
    "a report without findings",
    "no report",
    "no first page",
    "a made up file",
];

/// The script in the pack, run in the folder it was unpacked to.
#[cfg(unix)]
fn script(genuine: &Genuine, pack: &Opened, more: &[&str]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &pack.files {
        let full = folder.path().join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, bytes).unwrap();
    }
    let mut command = Command::new("sh");
    command.arg("evidence/verify-approvals.sh").arg(&genuine.root).args(more).current_dir(folder.path());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", folder.path());
    let out = command.output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.success(), said)
}

#[cfg(unix)]
#[test]
fn both_verifiers_say_the_same_of_forged_packs() {
    for genuine in [&*REDACTED, &*OPEN] {
        let (ok, said) = script(genuine, &genuine.copy(), &[]);
        assert!(ok, "{said}");
    }
    let mut unlike = Vec::new();
    for (name, forge) in DISPROVED.iter().filter(|(name, _)| !ONLY_SMSCTL.contains(name)) {
        let mut pack = REDACTED.copy();
        forge(&mut pack);
        seal(&mut pack, Signer::Known);
        let (ok, said) = script(&REDACTED, &pack, &[]);
        if ok || !(said.contains("FAILED") || said.contains("No such file")) {
            unlike.push(format!("== {name}\n{said}"));
        }
    }
    assert!(unlike.is_empty(), "{}", unlike.join("\n"));
    for signer in [Signer::Nobody, Signer::Stranger] {
        let mut pack = REDACTED.copy();
        seal(&mut pack, signer);
        let (ok, said) = script(&REDACTED, &pack, &[]);
        assert!(!ok && said.contains("not done MANIFEST"), "{said}");
    }
    let mut pack = REDACTED.copy();
    seal(&mut pack, Signer::Stranger);
    let (ok, said) = script(&REDACTED, &pack, &[&fingerprint("mallory")]);
    assert!(ok && said.contains("signature ok"), "{said}");
    let (ok, said) = script(&REDACTED, &pack, &[&fingerprint("carla")]);
    assert!(!ok && said.contains("another key was to sign"), "{said}");
}

// ---- what a reader asks besides

#[test]
fn a_pack_can_be_held_against_what_was_kept() {
    let kit = kit("");
    let root = kit.root().to_string();
    let (older, _) = made(&kit, &root, &[]);
    let mut kit = kit;
    let first = kit.head();
    kit.write(
        "policies/draft.md",
        &document("0.2", "Sooner.").replace("SMP-001", "SMP-002").replace("approved", "draft"),
    );
    kit.commit("eve", "Later");
    let (pack, _) = made(&kit, &root, &[]);
    let look = |pack: &Opened, ground: Ground| {
        verify(pack, &Ground { root: Believed::parse(&root), now: NOW, ..ground }, &|_| {}).unwrap()
    };
    let commit = |text: &str| smsctl::history::Oid::from_str(text).unwrap();
    let good = look(&pack, Ground { contains: vec![commit(&first)], older: Some(older), ..Ground::default() });
    assert!(good.holds() && told(&good).contains("SMP-002 changed: 0.1 to 0.2"), "{}", told(&good));
    let bad = look(&pack, Ground { contains: vec![commit(&"ab".repeat(20))], ..Ground::default() });
    assert!(told(&bad).contains("FAILED Contains"), "{}", told(&bad));
    // The older pack handed over as the newer one.
    let (older, _) = made(&kit, &root, &["--rev", &first]);
    let bad = look(&older, Ground { contains: vec![commit(&kit.head())], older: Some(pack), ..Ground::default() });
    let said = told(&bad);
    assert!(said.contains("FAILED Contains") && said.contains("FAILED Since pack"), "{said}");
}

// ---- the ZIP around it

/// A ZIP with two entries of the same name: the names in the copy are made the same afterwards.
fn doubled(genuine: &Genuine, from: &str, to: &str) -> Vec<u8> {
    let mut files = genuine.pack.files.clone();
    files.insert(from.to_owned(), b"<p>planted</p>".to_vec());
    let bytes = container::zip(&genuine.pack.folder, &files).unwrap();
    let (from, to) = (format!("/{from}"), format!("/{to}"));
    assert_eq!(from.len(), to.len());
    let mut out = bytes;
    let places: Vec<usize> =
        out.windows(from.len()).enumerate().filter(|(_, w)| *w == from.as_bytes()).map(|(at, _)| at).collect();
    for at in places {
        out[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    out
}

fn opens(bytes: &[u8]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.zip");
    std::fs::write(&path, bytes).unwrap();
    container::open(&path).map(drop).map_err(|e| e.to_string())
}

#[test]
fn names_that_are_the_same_for_some_system_are_refused_whatever_version_wrote_the_pack() {
    opens(&REDACTED.bytes).unwrap();
    let cases = [
        ("index.htmk", "index.html", "twice"),
        ("index.htmk", "Index.html", "twice"),
        ("indexxxx.html", "indexe\u{0301}.html", "letters"),
        ("index.htmk", "index.htm.", "letters"),
        ("index_htmk", "index htmk", "letters"),
    ];
    for (from, to, words) in cases {
        let why = opens(&doubled(&REDACTED, from, to)).unwrap_err();
        assert!(why.contains(words), "{to}: {why}");
    }
}

#[test]
fn a_bundle_of_another_commit_is_a_step_that_failed() {
    let (older, _) = made(&REDACTED.kit, &REDACTED.root, &["--rev", "HEAD~1"]);
    for with_stubs in [false, true] {
        let mut pack = REDACTED.copy();
        let paths = ["evidence/history.bundle", "evidence/withheld.json"];
        for path in paths.iter().take(1 + usize::from(with_stubs)) {
            pack.files.insert((*path).into(), older.files[*path].clone());
        }
        for signer in [None, Some(Signer::Known)] {
            if let Some(signer) = signer {
                seal(&mut pack, signer);
            }
            let verification = REDACTED.looked_at(&pack);
            let said = told(&verification);
            assert!(said.contains("FAILED History: it ends at") && !said.contains("fsck"), "{said}");
        }
    }
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let mut files = REDACTED.pack.files.clone();
    files.insert("tables/bomb.csv".into(), vec![0; 200 << 20]);
    let bytes = container::zip("pack", &files).unwrap();
    let why = opens(&bytes).unwrap_err();
    assert!(why.contains("unpack"), "{why}");
    // A size that lies.
    let mut lying = container::zip("pack", &smsctl::pack::Files::from([("a".to_owned(), vec![7; 5000])])).unwrap();
    let places: Vec<usize> =
        lying.windows(4).enumerate().filter(|(_, w)| *w == 5000u32.to_le_bytes()).map(|(at, _)| at).collect();
    for at in places {
        lying[at..at + 4].copy_from_slice(&50u32.to_le_bytes());
    }
    assert!(opens(&lying).is_err());
}

#[test]
fn the_command_says_not_verified_and_what_rests_on_the_signature() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.zip");
    let mut pack = REDACTED.copy();
    seal(&mut pack, Signer::Stranger);
    std::fs::write(&path, container::zip(&pack.folder, &pack.files).unwrap()).unwrap();
    let args = ["audit-pack", "verify", path.to_str().unwrap(), "--root", &REDACTED.root];
    let ran = smsctl(Path::new("/"), &args);
    assert!(ran.status == 1 && ran.out.contains("not done Signature"), "{}", ran.out);
    assert!(ran.out.contains("Not verified") && ran.out.contains("index.html"), "{}", ran.out);
    let mallory = fingerprint("mallory");
    let ran = smsctl(Path::new("/"), &[&args[..], &["--signer", &mallory]].concat());
    assert!(ran.status == 0 && ran.out.contains("These parts rest on the signature"), "{}", ran.out);
}

// ---- what stays

const RISKS: &str = "---\nid: REG-RSK\nkind: register\nregister: risks\ntitle: Risks\nversion: 1.0\nstatus: approved\nowner: cio\napprovers: [cio]\nclauses: [6.1]\nclassification: confidential\nchanges:\n  - {version: 1.0, on: 2026-01-01, why: zorkchange}\nzorkfield: zorkunknown\nentries:\n  - id: RSK-ZORK1\n    title: Takeover zorktitle\n    description: zorkdescription\n    likelihood: zorklevel\n    owner: zorkowner\n    service: zorkservice\n    actions:\n      - {title: zorkaction, due_on: 2020-02-03, owner: zorkactor}\n---\n# Risks zorkheading\n\nThe zorkbody should perhaps be as appropriate. [zorklink](zorkfile.md)\n";

#[test]
fn no_word_of_a_closed_document_is_in_any_file_of_any_stage() {
    let mut kit = kit("[pack]\nwithhold = [\"confidential\"]\n");
    kit.write("registers/risks.md", RISKS);
    kit.write(
        "policies/broken.md",
        "---\nid: POL-Z\nclassification: confidential\ntitle: [zorkbroken\n---\nzorkbody\n",
    );
    let odd = document("0.1", "zorkodd.").replace("SMP-001", "SMP-009").replace("approved", "draft");
    kit.write("policies/odd.md", &odd.replace("owner:", "classification: Confidental\nowner:"));
    kit.commit("eve", "Risks");
    let root = kit.root().to_string();
    for stage in ["pre-audit", "stage-1", "stage-2", "surveillance", "recertification"] {
        let (pack, _) = made(&kit, &root, &["--stage", stage]);
        for (path, bytes) in &pack.files {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            assert!(
                !text.contains("zork"),
                "{stage}: {path}: {:.300}",
                &text[text.find("zork").unwrap().saturating_sub(0)..]
            );
        }
        let index: Value = serde_json::from_slice(&pack.files["pack.json"]).unwrap();
        let withheld =
            index["gaps"].as_array().unwrap().iter().any(|g| g.as_str().unwrap().contains("REG-RSK Risks is withheld"));
        assert_eq!(withheld, stage != "pre-audit", "{stage}");
        let verification =
            verify(&pack, &Ground { root: Believed::parse(&root), now: NOW, ..Ground::default() }, &|_| {}).unwrap();
        assert!(verification.holds(), "{stage}: {}", told(&verification));
    }
}

#[test]
fn a_classification_that_no_document_has_is_refused() {
    for (settings, word) in [("withhold = [\"sekret\"]", "sekret"), ("names = \"rolse\"", "rolse")] {
        let kit = kit(&format!("[pack]\n{settings}\n"));
        let root = kit.root().to_string();
        let out = kit.path().join("../p.zip");
        let args = [
            "audit-pack",
            "--stage",
            "stage-1",
            "--allow-gaps",
            "--unsigned",
            "--root",
            &root,
            "--out",
            out.to_str().unwrap(),
        ];
        let ran = smsctl(kit.path(), &args);
        assert!(ran.status == 2 && ran.err.contains(word) && !out.exists(), "{} {}", ran.out, ran.err);
    }
}
