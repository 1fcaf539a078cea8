//! One repository for each rule.

use smsctl::trust::statement::digest;
use smsctl::trust::{Checkpoint, Decision, Meaning, Options, Root};

use super::Look;
use crate::kit::{DOCUMENT, Kit, PolicyText, REPOSITORY, document, fingerprint};

pub type Scenario = fn() -> Look;

/// A trust policy that asks for the approvers of each document, and CODEOWNERS that asks them too.
pub fn good() -> Kit {
    let mut kit = with(|p| p.more = "[roles.cio]\ntop_management = true\n".into());
    kit.write("CODEOWNERS", "* carla@mail.example.org\n");
    kit.write(DOCUMENT, &policy("1.0", "We serve."));
    kit.commit("eve", "Claim the clause");
    kit.approve_file("carla", "cio");
    kit
}

/// The policy of the SMS: it claims the clause.
fn policy(version: &str, words: &str) -> String {
    document(version, words).replace("approvers: [cio]\n", "approvers: [cio]\nclauses: [5.2.1]\n")
}

fn approved() -> Kit {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit
}

fn with(change: impl FnOnce(&mut PolicyText)) -> Kit {
    let mut policy = PolicyText::default();
    change(&mut policy);
    Kit::with(policy)
}

/// Carla's statement, changed before it is signed by a key.
fn statement(key: &str, change: impl FnOnce(&mut smsctl::trust::Statement)) -> Look {
    let mut kit = Kit::new();
    let mut statement = kit.statement("carla", "cio");
    change(&mut statement);
    kit.put(&statement, key);
    kit.commit("eve", "Import");
    Look::at(&kit)
}

fn git_file(path: &str, text: &str) -> Look {
    let kit = approved();
    kit.write(&format!(".git/{path}"), text);
    Look::at(&kit)
}

fn checkpoint(kit: &Kit) -> Checkpoint {
    Checkpoint {
        repository: REPOSITORY.into(),
        root: kit.root(),
        head: Kit::oid(&kit.head()),
        tree: digest(b"other"),
        policy: kit.policy_ref(),
        approvals: 0,
        approvals_digest: digest(b""),
        role: "trust-admin".into(),
        signer: "ada".into(),
        signed_at: jiff::Timestamp::from_second(kit.clock).unwrap(),
    }
}

fn pinned(kit: &Kit, root: Root) -> Look {
    Look::with(kit, &Options { root: Some(root), ..kit.options() })
}

/// Files of an objectives register and others around the policy.
fn surroundings(kit: &Kit) {
    kit.write(
        DOCUMENT,
        &policy("1.0", "- **PC-01** We restore services in time.").replace(
            "clauses: [5.2.1]\n",
            "clauses: [5.2.1]\neffective_on: 2026-01-02\nreviewed_on: 2026-01-04\ncommitments:\n  - {id: PC-01, element: objectives-framework}\n",
        ),
    );
    kit.write(
        "registers/objectives.md",
        "---\nid: SMS-REG-OBJ\nkind: register\nregister: objectives\ntitle: Objectives\nversion: 1.0\nstatus: approved\nowner: cio\neffective_on: 2026-01-02\nentries:\n  - id: OBJ-01\n    title: Restore in time\n    commitment_refs: [PC-01]\n    control_refs: [PRO-01]\n    last_reviewed_on: 2026-01-04\n    status: active\n---\n\n# Objectives\n",
    );
    kit.write(
        "registers/processes.md",
        "---\nid: SMS-REG-PRO\nkind: register\nregister: processes\ntitle: Processes\nversion: 1.0\nstatus: approved\nowner: cio\neffective_on: 2026-01-02\nentries:\n  - id: PRO-01\n    name: Incident management\n    purpose: Restore services.\n---\n\n# Processes\n",
    );
    kit.write(
        "registers/suppliers.md",
        "---\nid: SMS-REG-SUP\nkind: register\nregister: suppliers\ntitle: Suppliers\nversion: 1.0\nstatus: approved\nowner: cio\neffective_on: 2026-01-02\nentries:\n  - id: SUP-01\n    name: Fjord Cloud\n    status: active\n---\n\n# Suppliers\n",
    );
}

pub fn surrounded() -> Kit {
    let mut kit = Kit::new();
    surroundings(&kit);
    kit.commit("eve", "Write the registers");
    kit.approve_file("carla", "cio");
    kit
}

/// Changes a text in a file and commits it on a later day.
fn edited(kit: &mut Kit, path: &str, from: &str, to: &str) -> Look {
    let text = String::from_utf8(kit.read(path)).unwrap();
    assert!(text.contains(from), "{from}");
    kit.write(path, &text.replace(from, to));
    kit.clock += 30 * 86_400;
    kit.commit("eve", "Change a text");
    Look::at(kit)
}

fn compromised() -> Look {
    let mut kit = approved();
    kit.change_policy(&["ada"], |p| {
        p.more = format!(
            "[[revocations]]\nkey = \"{}\"\nkind = \"compromised\"\nsince = 2026-01-01T00:00:00Z\n",
            fingerprint("carla")
        );
    });
    Look::at(&kit)
}

fn mallory_grants() -> Look {
    let mut kit = Kit::new();
    kit.change_policy(&["mallory"], |p| {
        p.people.push(("mallory", vec!["mallory"]));
        p.assignments.push(("mallory", "trust-admin", "2026-01-01T00:00:00Z".into(), None));
    });
    Look::at(&kit)
}

fn foxtrot() -> Look {
    let mut kit = Kit::empty();
    kit.write("smsctl.toml", "[sms]\norganization = \"Example\"\n");
    kit.commit("eve", "Start");
    kit.branch("side");
    kit.write("note.txt", "side\n");
    kit.commit("eve", "Aside");
    kit.checkout("main");
    kit.write_policy();
    kit.commit("ada", "Trust");
    let root = kit.root();
    kit.checkout("side");
    kit.merge("main", &[]);
    pinned(&kit, root)
}

fn merged() -> Look {
    let mut kit = approved();
    kit.branch("side");
    kit.write(DOCUMENT, &document("1.1", "We serve well."));
    kit.commit("eve", "One side");
    kit.checkout("main");
    kit.write(DOCUMENT, &document("1.1", "We serve fast."));
    kit.commit("eve", "Other side");
    kit.merge("side", &["-s", "ours"]);
    kit.write(DOCUMENT, &document("1.1", "We serve nobody."));
    kit.git(&["add", "-A"]);
    kit.git(&["-c", "user.name=Eve", "commit", "-q", "--amend", "--no-edit", "--no-gpg-sign"]);
    Look::at(&kit)
}

/// Two branches approve different texts under one version; the merge keeps one side.
pub fn two_branches() -> Look {
    let mut kit = approved();
    for (branch, words) in [("one", "We serve well."), ("two", "We serve fast.")] {
        kit.checkout("main");
        kit.branch(branch);
        kit.write(DOCUMENT, &document("1.1", words));
        kit.commit("eve", "Raise");
        let message = kit.message("cio");
        let statement = kit.statement("carla", "cio");
        kit.put(&statement, "carla");
        kit.commit("carla", &message);
    }
    kit.checkout("main");
    kit.merge("one", &[]);
    kit.merge("two", &["-X", "ours", "-s", "ours"]);
    Look::at(&kit)
}

fn doubled_header() -> Look {
    let mut kit = Kit::new();
    let commit = kit.approve_commit("carla", "cio");
    let raw = String::from_utf8(kit.raw(&commit)).unwrap();
    let line = raw.lines().find(|l| l.starts_with("committer ")).unwrap();
    kit.raw_commit(raw.replacen(line, &format!("{line}\n{line}"), 1).as_bytes());
    Look::at(&kit)
}

fn shallow() -> Look {
    let kit = approved();
    let head = kit.head();
    kit.write(".git/shallow", &format!("{head}\n"));
    Look::at(&kit)
}

fn disagreeing() -> Look {
    let mut kit = Kit::new();
    let message = kit.message("cio");
    let mut statement = kit.statement("carla", "cio");
    statement.meaning = Meaning::Review;
    kit.put(&statement, "carla");
    kit.commit("carla", &message);
    Look::at(&kit)
}

fn unraised() -> Look {
    let mut kit = approved();
    kit.write(DOCUMENT, &document("1.0", "We serve more.").replace("status: approved", "status: draft"));
    kit.commit("eve", "Edit");
    Look::at(&kit)
}

fn handed_over() -> Look {
    let mut kit = with(|p| {
        p.assignments[0].3 = Some("2026-02-01T00:00:00Z".into());
        p.assignments.push(("dan", "cio", "2026-02-01T00:00:00Z".into(), None));
    });
    kit.write(DOCUMENT, &policy("1.0", "We serve."));
    kit.commit("eve", "Claim the clause");
    kit.approve_file("carla", "cio");
    Look::at(&kit)
}

fn stale_owners() -> Look {
    let mut kit = good();
    kit.write("CODEOWNERS", "# Written by `smsctl generate codeowners` long ago\n* dan@mail.example.org\n");
    kit.commit("eve", "Owners");
    Look::at(&kit)
}

fn written_by(author: &str, rules: &str) -> Kit {
    let kit = with(|p| p.rules = rules.into());
    kit.write(DOCUMENT, &document("1.0", "We serve well."));
    kit.git(&["add", "-A"]);
    kit.git(&["commit", "-q", "--no-gpg-sign", "--author", author, "-m", "Write"]);
    kit
}

const NOT_AUTHOR: &str = "[[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\" }]\nnot = [\"author\"]\n";
const ANYONE: &str = "[[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\" }]\n";

pub const SCENARIOS: &[(&str, Scenario)] = &[
    ("anchor-mismatch", || {
        let kit = approved();
        let anchor = checkpoint(&kit).render().into_bytes();
        Look::with(&kit, &Options { anchor: Some((anchor, None)), ..kit.options() })
    }),
    ("approval-changes-document", || {
        let mut kit = Kit::new();
        kit.write(DOCUMENT, &document("1.0", "We serve others."));
        let message = kit.message("cio");
        kit.commit("carla", &message);
        Look::at(&kit)
    }),
    ("approval-elsewhere", || {
        let mut kit = Kit::new();
        let bytes = kit.statement("carla", "cio").render();
        kit.put_at("approvals/SMP-001/0.9/carla.approval", bytes.as_bytes(), "carla");
        kit.commit("eve", "Misplace");
        Look::at(&kit)
    }),
    ("approval-lapsed", compromised),
    ("approval-missing", || Look::at(&Kit::new())),
    ("approval-pending", || {
        let two = "[[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\" }, { role = \"service-owner\" }]\n";
        let mut kit = with(|p| p.rules = two.into());
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("approval-rule-missing", || Look::at(&with(|p| p.rules = ANYONE.replace("policy", "plan")))),
    ("approval-stale", || {
        let mut kit = Kit::new();
        let statement = kit.statement("carla", "cio");
        kit.put(&statement, "carla");
        kit.write(DOCUMENT, &document("1.0", "We serve in other words."));
        kit.commit("eve", "Both at once");
        Look::at(&kit)
    }),
    ("approval-unverified", || {
        let mut kit = Kit::empty();
        kit.write("smsctl.toml", "[sms]\norganization = \"Example\"\n");
        kit.write(DOCUMENT, &document("1.0", "We serve."));
        kit.commit("eve", "Start");
        Look::at(&kit)
    }),
    ("approval-withdrawn", || {
        let mut kit = approved();
        let mut statement = kit.statement("carla", "cio");
        statement.decision = Decision::Withdraw;
        kit.put_at("approvals/SMP-001/1.0/carla.2.approval", statement.render().as_bytes(), "carla");
        kit.commit("eve", "Withdraw");
        Look::at(&kit)
    }),
    ("approved-version-lost", || {
        let mut kit = Kit::new();
        kit.write(DOCUMENT, &document("2.0", "We serve."));
        kit.commit("eve", "Second");
        kit.approve_file("carla", "cio");
        kit.write(DOCUMENT, &document("1.0", "We serve."));
        kit.commit("eve", "Back");
        Look::at(&kit)
    }),
    ("carrier-not-accepted", || {
        let mut kit = with(|p| p.more = "[evidence]\ncarriers = [\"commit\"]\n".into());
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("carriers-disagree", disagreeing),
    ("chain-foxtrot", foxtrot),
    ("checkpoint-invalid", || {
        let mut kit = approved();
        kit.write("checkpoints/2026-01-05.checkpoint", &checkpoint(&kit).render());
        kit.commit("ada", "Checkpoint");
        Look::at(&kit)
    }),
    ("codeowners-stale", stale_owners),
    ("content-changed", || edited(&mut approved(), DOCUMENT, "We serve", "We  serve")),
    ("effective-before-approval", || {
        let mut kit = Kit::new();
        let text = document("1.0", "We serve.").replace("owner:", "effective_on: 2025-12-01\nowner:");
        kit.write(DOCUMENT, &text);
        kit.commit("eve", "Date it");
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("holder-changed", handed_over),
    ("key-compromised", compromised),
    ("key-expired", || {
        let options = "namespaces=\"git,smsctl-approval\",valid-before=\"20260102000000Z\"".to_owned();
        let mut kit = with(|p| p.options.push(("carla", options)));
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("key-not-for-this", || {
        let mut kit = with(|p| p.options.push(("carla", "namespaces=\"git\"".into())));
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("key-of-service", || {
        let mut kit = with(|p| p.more = format!("[evidence]\nforge_keys = [\"{}\"]\n", fingerprint("forge")));
        let statement = kit.statement("carla", "cio");
        kit.put(&statement, "forge");
        kit.commit("eve", "Import");
        Look::at(&kit)
    }),
    ("key-revoked", || {
        let mut kit = Kit::new();
        kit.change_policy(&["ada"], |p| {
            p.more = format!("[[revocations]]\nkey = \"{}\"\nkind = \"superseded\"\n", fingerprint("carla"));
        });
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("key-unknown", || statement("mallory", |_| {})),
    ("key-weak", || {
        let mut kit = with(|p| p.people[0].1 = vec!["weak"]);
        let statement = kit.statement("carla", "cio");
        kit.put(&statement, "weak");
        kit.commit("eve", "Import");
        Look::at(&kit)
    }),
    ("merge-altered", merged),
    ("object-malformed", doubled_header),
    ("objectives-not-reviewed-since", || {
        edited(&mut surrounded(), DOCUMENT, "We restore services in time", "We restore services within a day")
    }),
    ("path-not-regular", || {
        let mut kit = approved();
        kit.git(&["update-index", "--chmod=+x", "approvals/SMP-001/1.0/carla.approval"]);
        kit.clock += 60;
        kit.commit_staged(Some("eve"), "Executable");
        Look::at(&kit)
    }),
    ("policy-not-known", || statement("carla", |s| s.policy.serial = 9)),
    ("record-altered", || {
        let mut kit = approved();
        kit.git(&["rm", "-q", "-r", "approvals"]);
        kit.commit("eve", "Tidy up");
        Look::at(&kit)
    }),
    ("record-malformed", || {
        let mut kit = Kit::new();
        kit.write("approvals/SMP-001/1.0/carla.approval", "agreed, Carla\n");
        kit.commit("eve", "Agree");
        Look::at(&kit)
    }),
    ("record-not-taken", two_branches),
    ("repo-alternates", || git_file("objects/info/alternates", "../../other/objects\n")),
    ("repo-grafts", || {
        let kit = approved();
        let head = kit.head();
        kit.write(".git/info/grafts", &format!("{head}\n"));
        Look::at(&kit)
    }),
    ("repo-incomplete", shallow),
    ("repo-partial", || {
        let kit = approved();
        kit.git(&["config", "remote.origin.promisor", "true"]);
        Look::at(&kit)
    }),
    ("repo-replace", || {
        let kit = approved();
        kit.git(&["replace", "HEAD", "HEAD~1"]);
        Look::at(&kit)
    }),
    ("repo-unsupported", || {
        let kit = approved();
        kit.git(&["config", "extensions.compatObjectFormat", "sha256"]);
        Look::at(&kit)
    }),
    ("review-rule-missing", || {
        let mut kit = good();
        kit.write("CODEOWNERS", "* dan@mail.example.org\n");
        kit.commit("eve", "Owners");
        Look::at(&kit)
    }),
    ("review-trigger-fired", || {
        let entry = "    status: active\n  - id: SUP-02\n    name: Delta Networks\n    status: active\n";
        edited(&mut surrounded(), "registers/suppliers.md", "    status: active\n", entry)
    }),
    ("review-without-record", || {
        edited(&mut surrounded(), DOCUMENT, "reviewed_on: 2026-01-04", "reviewed_on: 2026-02-04")
    }),
    ("reviewed-not-approved", || statement("carla", |s| s.meaning = Meaning::Review)),
    ("role-not-held", || statement("carla", |s| s.role = "service-owner".into())),
    ("roles-disagree", || {
        let mut kit = approved();
        kit.write(
            "registers/roles.md",
            "---\nid: SMS-REG-ROL\nkind: register\nregister: roles\ntitle: Roles\nversion: 1.0\nstatus: draft\nowner: cio\nentries:\n  - id: cio\n    title: Chief information officer\n    top_management: true\n    holders: []\n---\n\n# Roles\n",
        );
        kit.commit("eve", "Roles");
        Look::at(&kit)
    }),
    ("signature-bad", || {
        let mut kit = Kit::new();
        let statement = kit.statement("carla", "cio");
        let path = kit.put(&statement, "carla");
        kit.write(&path, &statement.render().replace("I approve this version.", "I approve all versions."));
        kit.commit("eve", "Import");
        Look::at(&kit)
    }),
    ("signature-missing", || {
        let mut kit = Kit::new();
        let statement = kit.statement("carla", "cio");
        kit.write("approvals/SMP-001/1.0/carla.approval", &statement.render());
        kit.commit("eve", "Import");
        Look::at(&kit)
    }),
    ("signature-unverifiable", || {
        let mut kit = Kit::new();
        let statement = kit.statement("carla", "cio");
        let path = kit.put(&statement, "carla");
        kit.write(&format!("{path}.sig"), "-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----\n");
        kit.commit("eve", "Import");
        Look::at(&kit)
    }),
    ("signer-differs", || statement("dan", |_| {})),
    ("sod-author-unknown", || {
        let mut kit = written_by("Temp <temp@example.org>", NOT_AUTHOR);
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("sod-self-approval", || {
        let mut kit = written_by("Carla <carla@mail.example.org>", NOT_AUTHOR);
        kit.approve_file("carla", "cio");
        Look::at(&kit)
    }),
    ("sole-author-approver", || {
        let mut kit = with(|p| p.rules = ANYONE.into());
        kit.git(&["rm", "-q", DOCUMENT]);
        kit.write("policies/own.md", &document("1.0", "We serve.").replace("SMP-001", "SMP-002"));
        kit.commit("carla", "Write");
        let text = kit.read("policies/own.md");
        let mut statement = kit.statement("carla", "cio");
        (statement.artifact, statement.version, statement.digest) = ("SMP-002".into(), "1.0".into(), digest(&text));
        kit.put(&statement, "carla");
        kit.commit("carla", "Import");
        Look::at(&kit)
    }),
    ("suspect-link", || {
        edited(&mut surrounded(), "registers/processes.md", "Restore services.", "Restore services fast.")
    }),
    ("time-implausible", || statement("carla", |s| s.signed_at = "2031-01-01T00:00:00Z".parse().unwrap())),
    ("trailer-suspect", || {
        let mut kit = approved();
        kit.commit("eve", "Squash\n\nSMS-Approval: v1\n\nand more text");
        Look::at(&kit)
    }),
    ("trust-chain-broken", || {
        let mut kit = approved();
        kit.git(&["rm", "-q", "-r", "trust"]);
        kit.commit("eve", "Tidy up");
        Look::at(&kit)
    }),
    ("trust-change-unapproved", || {
        let mut kit = approved();
        kit.change_policy(&[], |_| {});
        Look::at(&kit)
    }),
    ("trust-rollback", || {
        let mut kit = approved();
        kit.change_policy(&["ada"], |p| p.admins = 2);
        kit.policy = PolicyText::default();
        kit.write_policy();
        kit.commit("ada", "Restore");
        Look::at(&kit)
    }),
    ("trust-root-unreachable", || {
        let kit = approved();
        let root = Root { commit: Kit::oid(&"ab".repeat(20)), policy: digest(b"x") };
        pinned(&kit, root)
    }),
    ("trust-self-grant", mallory_grants),
    ("version-not-raised", unraised),
    ("version-not-retrievable", || {
        let mut kit = Kit::new();
        let entry = "owner: service-owner\nchanges:\n  - {version: 0.9, on: 2025-01-01, why: First.}";
        kit.write(DOCUMENT, &document("1.0", "We serve.").replace("owner: service-owner", entry));
        kit.commit("eve", "Tell");
        Look::at(&kit)
    }),
    ("version-reused", || {
        let mut kit = approved();
        kit.write(DOCUMENT, &document("1.0", "We serve otherwise."));
        kit.commit("eve", "Edit");
        let statement = kit.statement("carla", "cio").render();
        kit.put_at("approvals/SMP-001/1.0/carla.2.approval", statement.as_bytes(), "carla");
        kit.commit("eve", "Import");
        Look::at(&kit)
    }),
];
