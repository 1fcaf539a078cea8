//! The threats of docs/approvals.md, each with the verdict it must get. Repositories are made with stock tools.

use crate::kit::{DOCUMENT, Kit, PolicyText, codes, document, fingerprint, key, public, word};

type Rewrite = fn(&str) -> String;

#[test]
fn an_honest_approval_counts_by_either_carrier() {
    let mut kit = Kit::new();
    assert_eq!(kit.verdict(), "missing");
    kit.approve_file("carla", "cio");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));

    let mut kit = Kit::new();
    kit.approve_commit("carla", "cio");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));
}

#[test]
fn t01_granting_oneself_the_role_in_the_same_commit() {
    let mut kit = Kit::new();
    // Mallory puts a key of her own under Carla's name, signs that change as administrator, and approves in one commit.
    let before = kit.policy_ref();
    kit.policy.serial = 2;
    kit.policy.previous = Some(before.digest.clone());
    kit.policy.people.push(("mallory", vec!["mallory"]));
    kit.policy.assignments.push(("mallory", "cio", "2026-01-01T00:00:00Z".into(), None));
    kit.policy.assignments.push(("mallory", "trust-admin", "2026-01-01T00:00:00Z".into(), None));
    kit.write_policy();
    let after = kit.policy_ref();
    let mut change = kit.statement("mallory", "trust-admin");
    change.artifact = "trust-policy".into();
    change.version = "2".into();
    change.digest = after.digest;
    change.policy = before;
    kit.put(&change, "mallory");
    let approval = kit.statement("mallory", "cio");
    kit.put(&approval, "mallory");
    kit.commit("mallory", "All at once");
    let codes = kit.codes();
    assert!(codes.contains(&"trust-self-grant"), "{codes:?}");
    assert!(codes.contains(&"key-unknown"), "{codes:?}");
    assert_eq!(kit.verdict(), "invalid");
}

#[test]
fn t02_rolling_the_policy_back() {
    let mut kit = Kit::new();
    let old = (kit.policy.clone(), kit.git(&["rev-parse", "HEAD:trust"]));
    kit.change_policy(&["ada"], |p| p.assignments[0].3 = Some("2026-01-05T12:00:00Z".into()));
    kit.policy = old.0;
    kit.write_policy();
    kit.commit("ada", "Back to the old policy");
    assert_eq!(kit.codes(), ["trust-rollback"]);
    // The policy of serial 2 stays in force: Carla's role has ended.
    kit.clock += 86_400;
    let mut statement = kit.statement("carla", "cio");
    statement.policy.serial = 1;
    kit.put(&statement, "carla");
    kit.commit("eve", "Import");
    assert_eq!(kit.verdict(), "invalid");
}

#[test]
fn t03_policy_deleted_renamed_linked_or_broken() {
    for fault in ["delete", "rename", "broken"].into_iter().chain(cfg!(unix).then_some("link")) {
        let mut kit = Kit::new();
        kit.approve_file("carla", "cio");
        let file = kit.path().join("trust/policy.toml");
        match fault {
            "delete" => std::fs::remove_file(file).unwrap(),
            "rename" => std::fs::rename(&file, file.with_extension("txt")).unwrap(),
            "broken" => std::fs::write(file, "serial = \n").unwrap(),
            #[cfg(unix)]
            "link" => {
                std::fs::rename(&file, kit.path().join("elsewhere.toml")).unwrap();
                std::os::unix::fs::symlink("../elsewhere.toml", file).unwrap();
            }
            _ => unreachable!(),
        }
        kit.commit("mallory", "Meddle");
        let code = if fault == "link" { "path-not-regular" } else { "trust-chain-broken" };
        assert_eq!(kit.codes(), [code], "{fault}");
        assert_eq!(kit.verdict(), "approved", "{fault}: what was approved before stays so");
        let Ok(mut statement) = smsctl::trust::Statement::parse(&kit.read("approvals/SMP-001/1.0/carla.approval"))
        else {
            panic!("the first approval is there");
        };
        // New facts are still judged by the last valid policy, by which a stranger counts for nothing.
        statement.signer = "mallory".into();
        kit.put(&statement, "mallory");
        kit.commit("mallory", "Import");
        assert!(kit.codes().contains(&"key-unknown"), "{fault}");
    }
}

#[test]
fn t04_approving_ones_own_text() {
    let mut kit = Kit::new();
    kit.write(DOCUMENT, &document("1.1", "We serve better."));
    kit.commit("carla", "Improve the policy");
    kit.approve_file("carla", "cio");
    assert_eq!(kit.verdict(), "pending");
    let record = kit.record();
    let pending = &record.judged().unwrap().versions("SMP-001").unwrap().pending[0];
    assert_eq!(pending.own_work, ["carla"]);
    // Unsigned, by her address only.
    let mut kit = Kit::new();
    kit.write(DOCUMENT, &document("1.1", "We serve better."));
    kit.clock += 3600;
    kit.git(&["add", "-A"]);
    kit.git(&["commit", "-q", "--author", "C <carla@mail.example.org>", "-m", "Improve"]);
    kit.approve_file("carla", "cio");
    assert_eq!(kit.verdict(), "pending");
    // As co-author.
    let mut kit = Kit::new();
    kit.write(DOCUMENT, &document("1.1", "We serve better."));
    kit.commit("eve", "Improve\n\nCo-authored-by: Carla <carla@mail.example.org>\n");
    kit.approve_file("carla", "cio");
    assert_eq!(kit.verdict(), "pending");
}

#[test]
fn t05_one_person_with_two_keys_is_one_person() {
    let two = || PolicyText {
        people: vec![
            ("carla", vec!["carla", "carla2"]),
            ("ada", vec!["ada"]),
            ("eve", vec!["eve"]),
            ("dan", vec!["dan"]),
            ("bob", vec![]),
        ],
        rules: "[[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\", min = 2 }]\n".into(),
        ..PolicyText::default()
    };
    let mut kit = Kit::with(two());
    kit.approve_file("carla", "cio");
    let statement = kit.statement("carla", "cio");
    kit.put_at("approvals/SMP-001/1.0/carla.2.approval", statement.render().as_bytes(), "carla2");
    kit.commit("eve", "Import");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("pending", vec![]));
    // A key that two persons share makes the policy unusable.
    let mut shared = two();
    shared.people[3].1 = vec!["carla"];
    let kit = Kit::with(shared);
    assert_eq!(kit.codes(), ["trust-chain-broken"]);
}

#[test]
fn t06_key_expired_before_signing() {
    let mut kit = Kit::with(PolicyText {
        options: vec![("carla", "namespaces=\"git,smsctl-approval\",valid-before=\"20260105120000Z\"".into())],
        ..PolicyText::default()
    });
    kit.clock += 86_400;
    kit.approve_file("carla", "cio");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["key-expired"]));
    // Dated back into the window by its maker, but brought in after it.
    let mut statement = kit.statement("carla", "cio");
    statement.signed_at = "2026-01-05T11:59:00Z".parse().unwrap();
    kit.put_at("approvals/SMP-001/1.0/carla.2.approval", statement.render().as_bytes(), "carla");
    kit.commit("eve", "Import");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["key-expired"]));
}

#[test]
fn t07_key_expired_after_signing_changes_nothing() {
    let mut kit = Kit::with(PolicyText {
        options: vec![("carla", "namespaces=\"git,smsctl-approval\",valid-before=\"20260201000000Z\"".into())],
        ..PolicyText::default()
    });
    kit.approve_commit("carla", "cio");
    kit.clock += 400 * 86_400;
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));
}

fn compromise(kit: &mut Kit, kind: &str, reaffirmed: &str) {
    let revocation = format!(
        "[[revocations]]\nkey = \"{}\"\nkind = \"{kind}\"\nsince = 2026-01-09T00:00:00Z\n{reaffirmed}",
        fingerprint("carla")
    );
    kit.change_policy(&["ada"], |p| p.more = revocation);
}

#[test]
fn t08_key_compromised() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    compromise(&mut kit, "compromised", "");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("lapsed", vec!["key-compromised"]));

    let mut kit = Kit::new();
    let path = kit.approve_file("carla", "cio");
    let digest = smsctl::trust::statement::digest(&kit.read(&path));
    compromise(&mut kit, "compromised", &format!("reaffirmed = [\"{digest}\"]\n"));
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));

    for kind in ["superseded", "retired"] {
        let mut kit = Kit::new();
        kit.approve_file("carla", "cio");
        compromise(&mut kit, kind, "");
        assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]), "{kind}");
        // Later use does not count.
        kit.write(DOCUMENT, &document("1.1", "We serve."));
        kit.commit("eve", "Raise");
        kit.approve_file("carla", "cio");
        assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["key-revoked"]), "{kind}");
    }
}

#[test]
fn t08_a_checkpoint_older_than_the_compromise_saves_what_it_covers() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    checkpoint(&mut kit, "ada");
    kit.clock = kit.clock.max(1_767_999_600);
    compromise(&mut kit, "compromised", "");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));
}

/// Makes a checkpoint of HEAD, signed; returns its bytes.
pub fn checkpoint(kit: &mut Kit, signer: &str) -> Vec<u8> {
    use smsctl::history::Repository;
    use smsctl::trust::{Checkpoint, approval_digests, approvals_digest, tree_digest};
    let repo = Repository::discover(kit.path()).unwrap().unwrap();
    let head = Kit::oid(&kit.head());
    let approvals = approval_digests(&repo, head).unwrap();
    let made = Checkpoint {
        repository: crate::kit::REPOSITORY.into(),
        root: kit.root(),
        head,
        tree: tree_digest(&repo, head).unwrap(),
        policy: kit.policy_ref(),
        approvals: approvals.len() as u64,
        approvals_digest: approvals_digest(&approvals),
        role: "trust-admin".into(),
        signer: signer.into(),
        signed_at: jiff::Timestamp::from_second(kit.clock + 60).unwrap(),
    };
    let bytes = made.render().into_bytes();
    let path = format!("checkpoints/{}.checkpoint", kit.clock);
    kit.put_at(&path, &bytes, signer);
    kit.commit(signer, "Checkpoint");
    bytes
}

#[test]
fn t09_backdated() {
    let mut kit = Kit::new();
    let mut statement = kit.statement("carla", "cio");
    statement.signed_at = "2026-01-02T10:00:00Z".parse().unwrap();
    kit.put(&statement, "carla");
    kit.commit("eve", "Import");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["time-implausible"]));
    // In the future.
    let mut kit = Kit::new();
    let mut statement = kit.statement("carla", "cio");
    statement.signed_at = "2027-01-02T10:00:00Z".parse().unwrap();
    kit.put(&statement, "carla");
    kit.commit("eve", "Import");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["time-implausible"]));
    // A commit dated before the policy.
    let mut kit = Kit::new();
    kit.clock -= 3 * 86_400;
    kit.approve_commit("carla", "cio");
    kit.clock += 30 * 86_400;
    assert!(kit.codes().contains(&"time-implausible"));
    assert_eq!(kit.verdict(), "invalid");
}

#[test]
fn t10_a_role_not_held() {
    let mut kit = Kit::new();
    kit.approve_file("dan", "cio");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["role-not-held"]));
    // He holds his own role, which the policy does not ask for.
    let mut kit = Kit::new();
    kit.approve_file("dan", "service-owner");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("pending", vec![]));
    // Carla has left: later approvals do not count, earlier ones stay.
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.change_policy(&["ada"], |p| p.assignments[0].3 = Some("2026-01-05T20:00:00Z".into()));
    assert_eq!(kit.verdict(), "approved");
    kit.write(DOCUMENT, &document("1.1", "We serve on."));
    kit.clock += 86_400;
    kit.commit("eve", "Raise");
    kit.approve_file("carla", "cio");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["role-not-held"]));
}

#[test]
fn t11_an_approval_of_the_version_before() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &document("1.1", "We serve on."));
    kit.commit("eve", "Raise");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("newer", vec![]));
    // The old statement with the new number does not verify.
    let old = String::from_utf8(kit.read("approvals/SMP-001/1.0/carla.approval")).unwrap();
    let signature = String::from_utf8(kit.read("approvals/SMP-001/1.0/carla.approval.sig")).unwrap();
    kit.write("approvals/SMP-001/1.1/carla.approval", &old.replace("version: 1.0", "version: 1.1"));
    kit.write("approvals/SMP-001/1.1/carla.approval.sig", &signature);
    kit.commit("eve", "Forge");
    assert!(kit.codes().contains(&"signature-bad"), "{:?}", kit.codes());
    assert_eq!(kit.verdict(), "newer");
}

#[test]
fn t12_any_byte_changed_after_the_approval() {
    let changes: [(&str, Rewrite); 4] = [
        ("space", |t| t.replace("We serve.", "We  serve.")),
        ("front matter", |t| t.replace("owner: service-owner", "owner: nobody")),
        ("line ends", |t| t.replace('\n', "\r\n")),
        ("last line", |t| t.trim_end().to_owned()),
    ];
    for (what, change) in changes {
        let mut kit = Kit::new();
        kit.approve_file("carla", "cio");
        let text = change(&document("1.0", "We serve."));
        kit.write(DOCUMENT, &text);
        kit.commit("mallory", "Just a little");
        let record = kit.record();
        let control = smsctl::trust::Control::read(text.as_bytes()).unwrap();
        let digest = smsctl::trust::statement::digest(text.as_bytes());
        let verdict = record.judged().unwrap().verdict(&smsctl::trust::Subject { control: &control, digest: &digest });
        assert_eq!(verdict.word(), "changed", "{what}");
    }
}

#[test]
fn t13_a_version_number_used_twice() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &document("1.0", "We do not serve."));
    kit.commit("eve", "Same number, other words");
    let statement = kit.statement("carla", "cio");
    kit.put_at("approvals/SMP-001/1.0/carla.2.approval", statement.render().as_bytes(), "carla");
    kit.commit("eve", "Import");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["version-reused"]));
}

#[test]
fn t14_moving_a_document_keeps_its_approval() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.git(&["mv", DOCUMENT, "policies/moved.md"]);
    kit.commit("eve", "Move");
    let text = kit.read("policies/moved.md");
    let record = kit.record();
    assert_eq!((word(&record, &text).as_str(), codes(&record)), ("approved", vec![]));
    assert_eq!(record.history.lineages.0["SMP-001"].states.len(), 2);
}

#[test]
fn t15_two_files_with_one_id() {
    let mut kit = Kit::new();
    kit.write("policies/copy.md", &document("1.0", "We serve."));
    kit.commit("mallory", "Copy");
    kit.approve_file("carla", "cio");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["duplicate-id"]));
}

#[test]
fn t16_an_approval_from_elsewhere() {
    let mut kit = Kit::new();
    let mut statement = kit.statement("carla", "cio");
    statement.repository = "urn:uuid:00000000-0b8e-4d0e-9d5e-2f6f0e0c7a11".into();
    kit.put(&statement, "carla");
    kit.commit("mallory", "Bring it along");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["approval-elsewhere"]));
    // Of another document: in its folder it does not fit, in its own it is about the other.
    let mut kit = Kit::new();
    kit.write("policies/other.md", &document("1.0", "We serve.").replace("SMP-001", "SMP-002"));
    kit.commit("eve", "Another");
    let statement = kit.statement("carla", "cio");
    kit.put_at("approvals/SMP-002/1.0/carla.approval", statement.render().as_bytes(), "carla");
    kit.commit("mallory", "Bring it along");
    let other = kit.read("policies/other.md");
    assert_eq!(word(&kit.record(), &other), "missing");
    assert_eq!(kit.codes(), ["approval-elsewhere"]);
}

#[test]
fn t17_an_evil_merge() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.branch("side");
    kit.write("note.txt", "a note\n");
    kit.commit("eve", "Note");
    kit.checkout("main");
    kit.write("other.txt", "other\n");
    kit.commit("eve", "Other");
    kit.merge("side", &["--no-commit"]);
    kit.write(DOCUMENT, &document("1.0", "We serve, sometimes."));
    kit.git(&["add", "-A"]);
    kit.commit_staged(Some("eve"), "Merge side");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("changed", vec!["merge-altered"]));
}

#[test]
fn t18_an_approved_version_dropped_by_a_merge() {
    let mut kit = Kit::new();
    kit.approve_commit("carla", "cio");
    kit.branch("side");
    kit.write(DOCUMENT, &document("2.0", "We serve more."));
    kit.commit("eve", "More");
    kit.approve_commit("carla", "cio");
    kit.checkout("main");
    kit.write("other.txt", "other\n");
    kit.commit("eve", "Other");
    kit.merge("side", &["-s", "ours"]);
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec!["approved-version-lost"]));
    // By files: the statement is gone with the text.
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.branch("side");
    kit.write(DOCUMENT, &document("2.0", "We serve more."));
    kit.commit("eve", "More");
    kit.approve_file("carla", "cio");
    kit.checkout("main");
    kit.write("other.txt", "other\n");
    kit.commit("eve", "Other");
    kit.merge("side", &["-s", "ours"]);
    let codes = kit.codes();
    assert!(codes.contains(&"record-altered") && codes.contains(&"approved-version-lost"), "{codes:?}");
}

#[test]
fn t19_squash_and_rebase() {
    let mut kit = Kit::new();
    kit.branch("side");
    kit.write(DOCUMENT, &document("1.1", "We serve better."));
    kit.commit("eve", "Better");
    let statement = kit.statement("carla", "cio");
    kit.put(&statement, "carla");
    let message = kit.message("cio");
    kit.commit("carla", &message);
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));
    kit.checkout("main");
    kit.git(&["merge", "-q", "--squash", "side"]);
    kit.clock += 3600;
    kit.commit_staged(
        Some("forge"),
        &format!("Better (#1)\n\n* Better\n\n* {message}\nCo-authored-by: Carla <carla@mail.example.org>\n"),
    );
    assert_eq!(kit.verdict(), "approved", "the file survives");
    assert_eq!(kit.codes(), ["trailer-suspect"]);
    // The commit carrier alone is gone.
    let mut kit = Kit::new();
    kit.branch("side");
    kit.approve_commit("carla", "cio");
    kit.checkout("main");
    kit.write("x.txt", "x\n");
    kit.commit("forge", "Better (#1)");
    assert_eq!(kit.verdict(), "missing");
}

#[test]
fn t20_a_service_key_never_approves() {
    let more = format!("[evidence]\nforge_keys = [\"{}\"]\n", fingerprint("forge"));
    let mut policy = PolicyText { more, ..PolicyText::default() };
    policy.people.push(("robot", vec!["forge"]));
    policy.assignments.push(("robot", "cio", "2026-01-01T00:00:00Z".into(), None));
    let mut kit = Kit::with(policy);
    kit.approve_commit("forge", "cio");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["key-of-service"]));
}

#[test]
fn t21_a_record_altered_or_deleted() {
    let mut kit = Kit::new();
    let path = kit.approve_file("carla", "cio");
    std::fs::remove_file(kit.path().join(&path)).unwrap();
    kit.commit("mallory", "Clean up");
    assert_eq!(kit.codes(), ["record-altered"]);
    assert_eq!(kit.verdict(), "lapsed");
    let mut kit = Kit::new();
    let path = kit.approve_file("carla", "cio");
    let text = String::from_utf8(kit.read(&path)).unwrap();
    kit.write(&path, &text.replace("I approve", "I do approve"));
    kit.commit("mallory", "Reword");
    let codes = kit.codes();
    assert!(codes.contains(&"record-altered") && codes.contains(&"signature-bad"), "{codes:?}");
    assert_ne!(kit.verdict(), "approved");
}

#[test]
fn t22_forged_trailers() {
    let cases: [(&str, Rewrite); 6] = [
        ("in the body", |m| m.to_owned() + "\nJust a remark.\n"),
        ("in the subject", |m| m.split("\n\n").last().unwrap().to_owned()),
        ("squash list", |m| m.replace("SMS-", "* SMS-")),
        ("doubled key", |m| m.replace("SMS-Role: cio\n", "SMS-Role: cio\nSMS-Role: cio\n")),
        ("other case", |m| m.replace("SMS-Role", "Sms-Role")),
        ("carriage returns", |m| m.replace('\n', "\r\n")),
    ];
    for (what, change) in cases {
        let mut kit = Kit::new();
        let message = change(&kit.message("cio"));
        kit.commit("carla", &message);
        assert_ne!(kit.verdict(), "approved", "{what}");
        if what != "squash list" {
            assert!(kit.codes().contains(&"trailer-suspect"), "{what}: {:?}", kit.codes());
        }
    }
}

#[test]
fn t23_names_that_look_alike() {
    let mut kit = Kit::new();
    let mut statement = kit.statement("carla", "cio");
    statement.name = "Саrla Example".into();
    kit.put(&statement, "carla");
    kit.commit("eve", "Import");
    // What is printed comes from the policy; the key tells who it is.
    let record = kit.record();
    let judged = record.judged().unwrap();
    assert_eq!(judged.policy().name(judged.approvals[0].person.as_deref().unwrap()), "Carla Example");
    // A principal that looks alike is refused.
    let mut kit = Kit::new();
    kit.write("trust/allowed_signers", &kit.policy.signers().replace("carla@", "саrla@"));
    kit.commit("ada", "Look-alike");
    assert!(kit.codes().contains(&"trust-chain-broken"));
    // Hidden characters make it no statement.
    let mut kit = Kit::new();
    let mut statement = kit.statement("carla", "cio");
    statement.name = "Carla\u{202e}".into();
    kit.put(&statement, "carla");
    kit.commit("eve", "Import");
    assert_eq!(kit.codes(), ["record-malformed"]);
}

#[test]
fn t24_shallow_and_partial_clones() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let shallow = tempfile::tempdir().unwrap();
    let url = format!("file://{}", kit.path().display());
    kit.git(&["clone", "-q", "--depth", "1", &url, shallow.path().to_str().unwrap()]);
    let clone = Kit { dir: shallow, clock: kit.clock, policy: kit.policy.clone() };
    assert_eq!(clone.codes(), ["repo-incomplete"]);
    assert_eq!(clone.verdict(), "not judged: the history is incomplete");
    assert!(clone.record().issues[0].help.contains("fetch-depth: 0"), "{:?}", clone.record().issues[0]);
    kit.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = tempfile::tempdir().unwrap();
    kit.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, partial.path().to_str().unwrap()]);
    let clone = Kit { dir: partial, clock: kit.clock, policy: kit.policy.clone() };
    assert!(clone.record().judged.is_err());
    assert!(clone.codes().iter().any(|c| matches!(*c, "repo-partial" | "repo-incomplete")), "{:?}", clone.codes());
}

#[test]
fn t25_grafts() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let head = kit.head();
    std::fs::create_dir_all(kit.path().join(".git/info")).unwrap();
    kit.write(".git/info/grafts", &format!("{head}\n"));
    assert_eq!(kit.codes(), ["repo-grafts"]);
    assert!(kit.record().judged.is_err());
}

#[test]
fn t26_replace_refs() {
    let mut kit = Kit::new();
    let evil = kit.head();
    kit.approve_commit("carla", "cio");
    let good = kit.head();
    kit.git(&["replace", &evil, &good]);
    // Stock git now shows the signed commit under the unsigned one's name; smsctl reads the objects themselves.
    assert!(kit.codes().contains(&"repo-replace"));
    assert_eq!(kit.record().history.walk.commits.len(), 4);
}

#[test]
fn t27_a_forged_commit_graph() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let all = kit.record().history.walk.commits.len();
    // A graph written while a graft hides the parents of HEAD.
    let head = kit.head();
    std::fs::create_dir_all(kit.path().join(".git/info")).unwrap();
    kit.write(".git/info/grafts", &format!("{head}\n"));
    kit.run("git", &["commit-graph", "write", "--reachable"]);
    std::fs::remove_file(kit.path().join(".git/info/grafts")).unwrap();
    assert_eq!(kit.record().history.walk.commits.len(), all);
    assert_eq!(kit.verdict(), "approved");
}

#[test]
fn t28_an_object_that_is_not_what_its_name_says() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let blob = kit.git(&["rev-parse", &format!("HEAD:{DOCUMENT}")]);
    kit.write("evil", &document("1.0", "We serve ourselves."));
    let evil = kit.git(&["hash-object", "-w", "evil"]);
    let object = |oid: &str| kit.path().join(".git/objects").join(&oid[..2]).join(&oid[2..]);
    std::fs::remove_file(object(&blob)).unwrap();
    std::fs::copy(object(&evil), object(&blob)).unwrap();
    let record = kit.record();
    assert!(!matches!(word(&record, document("1.0", "We serve ourselves.").as_bytes()).as_str(), "approved"));
    assert!(
        codes(&record).contains(&"repo-incomplete") || record.judged.is_err() || !codes(&record).is_empty(),
        "{record:?}"
    );
}

#[test]
fn t29_statements_bind_by_sha256() {
    // A statement cannot name a SHA-1 at all.
    let kit = Kit::new();
    let text = kit.statement("carla", "cio").render();
    let sha1 = text.replace("digest: sha256:", "digest: sha1:");
    assert!(smsctl::trust::Statement::parse(sha1.as_bytes()).is_err());
}

#[test]
fn t30_malformed_approval_commits() {
    type Change = fn(Vec<u8>) -> Vec<u8>;
    let cases: [(&str, Change); 4] = [
        ("second committer", |raw| splice(raw, "committer ", "committer Mallory <m@example.org> 1767610800 +0000\n")),
        ("second gpgsig", |raw| {
            splice(raw, "gpgsig ", "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----\n")
        }),
        ("unsigned header", |raw| splice(raw, "gpgsig ", "gpgsigX attacker data\n")),
        ("signature of the other kind", |raw| {
            splice(raw, "gpgsig ", "gpgsig-sha256 -----BEGIN SSH SIGNATURE-----\n x\n -----END SSH SIGNATURE-----\n")
        }),
    ];
    for (what, change) in cases {
        let mut kit = Kit::new();
        let oid = kit.approve_commit("carla", "cio");
        assert_eq!(kit.verdict(), "approved");
        let raw = change(kit.raw(&oid));
        kit.raw_commit(&raw);
        assert_ne!(kit.verdict(), "approved", "{what}");
        assert!(
            kit.codes().iter().any(|c| matches!(*c, "object-malformed" | "signature-bad" | "trailer-suspect")),
            "{what}: {:?}",
            kit.codes()
        );
    }
}

fn splice(raw: Vec<u8>, before: &str, line: &str) -> Vec<u8> {
    let text = String::from_utf8(raw).unwrap();
    let at = text.find(&format!("\n{before}")).unwrap() + 1;
    (text[..at].to_owned() + line + &text[at..]).into_bytes()
}

#[test]
fn t31_one_approval_under_two_names() {
    let mut kit = Kit::with(PolicyText {
        rules: "[[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\", min = 2 }]\n".into(),
        ..PolicyText::default()
    });
    kit.approve_commit("carla", "cio");
    kit.approve_commit("carla", "cio");
    assert_eq!(kit.verdict(), "pending");
}

#[test]
fn t32_tags_are_no_approvals() {
    let mut kit = Kit::new();
    kit.clock += 60;
    let message = kit.message("cio");
    let signing = format!("user.signingkey={}", key("carla").display());
    kit.git(&["-c", "gpg.format=ssh", "-c", &signing, "tag", "-s", "approve/SMP-001/1.0", "-m", &message]);
    assert_eq!(kit.verdict(), "missing");
}

#[test]
fn t32_a_signed_tag_is_a_checkpoint_under_its_own_name_only() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.clock += 60;
    let signing = format!("user.signingkey={}", key("ada").display());
    kit.git(&["-c", "gpg.format=ssh", "-c", &signing, "tag", "-s", "checkpoint/2026-01", "-m", "Kept"]);
    kit.git(&["tag", "checkpoint/light"]);
    kit.clock = kit.clock.max(1_767_999_600);
    compromise(&mut kit, "compromised", "");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));
    // The same tag under another name counts for nothing.
    kit.git(&["update-ref", "refs/tags/checkpoint/2025-12", "refs/tags/checkpoint/2026-01"]);
    kit.git(&["update-ref", "-d", "refs/tags/checkpoint/2026-01"]);
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("lapsed", vec!["checkpoint-invalid", "key-compromised"]));
}

#[test]
fn t08_a_checkpoint_by_the_stolen_key_saves_nothing() {
    let mut policy = PolicyText::default();
    policy.assignments.push(("carla", "trust-admin", "2026-01-01T00:00:00Z".into(), None));
    let mut kit = Kit::with(policy);
    kit.approve_file("carla", "cio");
    checkpoint(&mut kit, "carla");
    kit.clock = kit.clock.max(1_767_999_600);
    compromise(&mut kit, "compromised", "");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("lapsed", vec!["key-compromised"]));
}

#[test]
fn t33_a_rewritten_branch_is_seen_with_an_anchor() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let before = kit.head();
    let anchor = checkpoint(&mut kit, "ada");
    let mut options = kit.options();
    options.anchor = Some((anchor, None));
    assert_eq!(codes(&kit.record_with(&options)), Vec::<&str>::new());
    // The branch goes back before the approval and on with another text.
    kit.git(&["reset", "-q", "--hard", &format!("{before}~1")]);
    kit.write(DOCUMENT, &document("1.0", "We serve less."));
    kit.commit("eve", "Less");
    kit.approve_file("carla", "cio");
    assert_eq!(codes(&kit.record()), Vec::<&str>::new(), "nothing inside can tell");
    assert_eq!(codes(&kit.record_with(&options)), ["anchor-mismatch"]);
}

#[test]
fn t34_hostile_configuration_runs_nothing() {
    let mut kit = Kit::new();
    kit.approve_commit("carla", "cio");
    let trap = kit.path().join("trap.sh");
    let sprung = kit.path().join("sprung");
    std::fs::write(&trap, format!("#!/bin/sh\ntouch {}\nexit 0\n", sprung.display())).unwrap();
    kit.git(&["config", "core.fsmonitor", trap.to_str().unwrap()]);
    kit.git(&["config", "gpg.ssh.program", trap.to_str().unwrap()]);
    kit.git(&["config", "diff.external", trap.to_str().unwrap()]);
    kit.git(&["config", "core.hooksPath", kit.path().to_str().unwrap()]);
    assert_eq!(word(&kit.record(), document("1.0", "We serve.").as_bytes()), "approved");
    assert!(!sprung.exists());
}

#[cfg(unix)]
#[test]
fn t35_links_and_executables() {
    let mut kit = Kit::new();
    std::fs::rename(kit.path().join(DOCUMENT), kit.path().join("elsewhere.txt")).unwrap();
    std::os::unix::fs::symlink("../elsewhere.txt", kit.path().join(DOCUMENT)).unwrap();
    kit.commit("mallory", "Link");
    let statement = kit.statement("carla", "cio");
    kit.put(&statement, "carla");
    kit.commit("eve", "Import");
    assert_eq!(kit.codes(), ["approval-stale"], "a link holds no document");
    let mut kit = Kit::new();
    kit.git(&["update-index", "--chmod=+x", DOCUMENT]);
    kit.commit_staged(Some("eve"), "Executable");
    let statement = kit.statement("carla", "cio");
    kit.put(&statement, "carla");
    kit.git(&["add", "approvals"]);
    kit.clock += 3600;
    kit.commit_staged(Some("eve"), "Import");
    assert_eq!(kit.codes(), ["path-not-regular"]);
    assert_eq!(kit.verdict(), "invalid");
}

#[test]
fn t36_certificate_authorities_are_not_accepted() {
    let kit = Kit::with(PolicyText { options: vec![("carla", "cert-authority".into())], ..PolicyText::default() });
    assert_eq!(kit.codes(), ["trust-chain-broken"]);
}

#[test]
fn t37_weak_keys_do_not_count() {
    let mut policy = PolicyText::default();
    policy.people[0].1 = vec!["weak"];
    let mut kit = Kit::with(policy);
    let statement = kit.statement("carla", "cio");
    kit.put(&statement, "weak");
    kit.commit("eve", "Import");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["key-weak"]));
}

#[test]
fn t39_an_approval_from_a_stale_branch_after_the_hand_over() {
    let mut kit = Kit::new();
    kit.branch("stale");
    kit.checkout("main");
    kit.change_policy(&["ada"], |p| {
        p.assignments[0].3 = Some("2026-01-05T12:00:00Z".into());
        p.people.push(("olga", vec!["olga"]));
        p.assignments.push(("olga", "cio", "2026-01-05T12:00:00Z".into(), None));
    });
    let newer = kit.policy.clone();
    kit.clock += 86_400;
    kit.checkout("stale");
    kit.policy = PolicyText::default();
    kit.approve_file("carla", "cio");
    kit.approve_commit("carla", "cio");
    kit.checkout("main");
    kit.policy = newer;
    kit.merge("stale", &[]);
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["role-not-held"]));
    kit.approve_file("olga", "cio");
    assert_eq!(kit.verdict(), "approved");
}

#[test]
fn t40_a_foxtrot_merge_takes_the_anchor_off_the_main_line() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let root = kit.root();
    kit.branch("side");
    kit.git(&["reset", "-q", "--hard", "HEAD~1"]);
    kit.write("x.txt", "x\n");
    kit.commit("eve", "Side");
    kit.checkout("main");
    let anchor = checkpoint(&mut kit, "ada");
    kit.checkout("side");
    kit.merge("main", &[]);
    kit.git(&["branch", "-f", "main", "side"]);
    kit.checkout("main");
    let mut options = kit.options();
    options.anchor = Some((anchor, None));
    let codes_ = codes(&kit.record_with(&options));
    assert!(codes_.contains(&"chain-foxtrot"), "{codes_:?}");
    // The pinned root stands before the fork and is still on the line.
    options.anchor = None;
    options.root = Some(root);
    assert!(kit.record_with(&options).judged.is_ok());
}

#[test]
fn t41_everything_rewritten_root_and_all() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let root = kit.root();
    // Mallory makes a repository of the same id with her own key for Carla.
    let mut policy = PolicyText::default();
    policy.people[0].1 = vec!["mallory"];
    let mut forged = Kit::with(policy);
    let statement = forged.statement("carla", "cio");
    forged.put(&statement, "mallory");
    forged.commit("mallory", "Import");
    assert_eq!(forged.verdict(), "approved", "nothing inside can tell");
    let mut options = forged.options();
    options.root = Some(root.clone());
    let record = forged.record_with(&options);
    assert!(record.judged.is_err());
    assert_eq!(codes(&record), ["trust-root-unreachable"]);
    // The user's own pins do the same, silently known from before.
    let mut options = forged.options();
    options.pins.set(crate::kit::REPOSITORY, &root);
    assert_eq!(codes(&forged.record_with(&options)), ["trust-root-unreachable"]);
    let _ = public("mallory");
}

/// Takes an object out of the repository.
fn lose(kit: &Kit, revision: &str) {
    let oid = kit.git(&["rev-parse", revision]);
    std::fs::remove_file(kit.path().join(format!(".git/objects/{}/{}", &oid[..2], &oid[2..]))).unwrap();
}

#[test]
fn t43_a_text_of_an_earlier_version_is_missing() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &document("1.1", "We serve well."));
    kit.commit("eve", "Raise");
    kit.approve_file("carla", "cio");
    assert_eq!(kit.verdict(), "approved");
    let earlier = format!("HEAD~2:{DOCUMENT}");
    lose(&kit, &earlier);
    let record = kit.record();
    assert_eq!(codes(&record), ["repo-incomplete"]);
    assert!(record.judged.is_err());
    let message = &record.issues[0].message;
    assert!(message.starts_with("a text of an earlier commit cannot be read: `policies/smp.md`"), "{message}");
    lose(&kit, &format!("HEAD:{DOCUMENT}"));
    let message = &kit.record().issues[0].message;
    assert!(message.starts_with("the text of the last commit cannot be read: `policies/smp.md`"), "{message}");
    assert!(message.contains("missing from this clone") && message.ends_with("and one more text"), "{message}");
}

#[test]
fn t52_a_signature_whose_line_ends_were_changed() {
    let mut kit = Kit::new();
    let path = kit.put(&kit.statement("carla", "cio"), "carla");
    let signature = String::from_utf8(kit.read(&format!("{path}.sig"))).unwrap();
    kit.write(&format!("{path}.sig"), &signature.replace('\n', "\r\n"));
    kit.commit("eve", "Import");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("invalid", vec!["signature-bad"]));
    let record = kit.record();
    let reason = &record.judged().unwrap().approvals[0].reasons[0].message;
    assert!(reason.contains("CRLF") && reason.contains("ssh-keygen"), "{reason}");
}

#[test]
fn t53_an_approval_copied_below_another_document() {
    let mut kit = Kit::new();
    let path = kit.approve_file("carla", "cio");
    for ending in ["", ".sig"] {
        let text = String::from_utf8(kit.read(&format!("{path}{ending}"))).unwrap();
        kit.write(&format!("{}{ending}", path.replace("SMP-001", "SMP-002")), &text);
    }
    kit.commit("mallory", "Copy");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec!["approval-elsewhere"]));
}

#[test]
fn t54_an_approved_document_is_made_executable() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.git(&["update-index", "--chmod=+x", DOCUMENT]);
    kit.clock += 3600;
    kit.commit_staged(Some("eve"), "Executable");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec!["path-not-regular"]));
}

#[test]
fn text_behind_the_armor_of_a_signature_is_passed_over_in_commits() {
    use smsctl::signature::key::first_block;
    let block = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";
    assert_eq!(first_block(format!("{block}-----BEGIN OPENTIMESTAMPS-----\nx\n").as_bytes()), block.as_bytes());
    assert_eq!(first_block(block.as_bytes()), block.as_bytes());
    let two = format!("{block}{block}");
    assert_eq!(first_block(two.as_bytes()), two.as_bytes());
    let ssh = format!("-----BEGIN SSH SIGNATURE-----\n{block}x");
    assert_eq!(first_block(ssh.as_bytes()), ssh.as_bytes());
}
