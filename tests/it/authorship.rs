//! Who wrote a version: everyone whose commit touched its path or its id since the version approved in full.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use smsctl::trust::Authors;

use crate::common::cases;
use crate::kit::{DOCUMENT, Kit, document, word};

/// Carla adds a paragraph in a commit that does `hide`, Eve sets it right with `show`, Carla approves.
fn hidden(hide: impl Fn(&Kit, &str), show: impl Fn(&Kit, &str)) -> Kit {
    let mut kit = Kit::new();
    let text = document("1.0", "We serve.\n\nAnd Carla's paragraph.");
    hide(&kit, &text);
    kit.commit("carla", "Write a paragraph");
    show(&kit, &text);
    kit.commit("eve", "Set it right");
    assert!(kit.path().join(DOCUMENT).exists());
    kit.approve_file("carla", "cio");
    kit
}

fn doubled(text: &str) -> String {
    text.replace("title:", "title: Twice\ntitle:")
}

fn move_to(kit: &Kit, path: &str, text: &str) {
    std::fs::remove_file(kit.path().join(DOCUMENT)).unwrap();
    kit.write(path, text);
}

fn move_back(kit: &Kit, path: &str, text: &str) {
    std::fs::remove_file(kit.path().join(path)).unwrap();
    kit.write(DOCUMENT, text);
}

fn carla_is_barred(kit: &Kit, how: &str) {
    assert_eq!(kit.verdict(), "pending", "{how}");
    let record = kit.record();
    let pending = &record.judged().unwrap().versions("SMP-001").unwrap().pending[0];
    assert_eq!(pending.own_work, ["carla"], "{how}: {:?}", pending.authors);
}

#[test]
fn t42_an_author_cannot_hide_behind_a_text_that_cannot_be_read() {
    let put = |kit: &Kit, text: &str| kit.write(DOCUMENT, text);
    let kit = hidden(|kit, text| kit.write(DOCUMENT, &doubled(text)), put);
    carla_is_barred(&kit, "front matter that is no YAML");
    let kit = hidden(|kit, text| kit.write(DOCUMENT, &text.replace("SMP-001", "SMP-999")), put);
    carla_is_barred(&kit, "another id");
    let kit = hidden(|kit, text| kit.write(DOCUMENT, &format!("{text}\n\u{0}")), put);
    carla_is_barred(&kit, "no text");
    let large = "a".repeat(2 << 20);
    let kit = hidden(|kit, text| kit.write(DOCUMENT, &format!("{text}{large}")), put);
    carla_is_barred(&kit, "larger than a document");
    let kit = hidden(|kit, text| kit.write(DOCUMENT, &text.replace("---\n", "+++\n")), put);
    carla_is_barred(&kit, "no front matter");
}

#[test]
fn t42_an_author_cannot_hide_in_a_file_of_another_name() {
    for path in ["policies/smp.txt", ".hidden/smp.md", "trust.md.bak", "approvals/smp.md"] {
        let mut kit = Kit::new();
        move_to(&kit, path, &document("1.0", "We serve."));
        kit.commit("eve", "Rename");
        kit.write(path, &document("1.0", "We serve.\n\nAnd Carla's paragraph."));
        kit.commit("carla", "Write a paragraph");
        move_back(&kit, path, &document("1.0", "We serve.\n\nAnd Carla's paragraph."));
        kit.commit("eve", "Rename back");
        kit.approve_file("carla", "cio");
        carla_is_barred(&kit, path);
    }
}

#[test]
fn t42_where_a_text_was_meanwhile_is_not_known() {
    // Nobody sees that the text of the other file is that of the document; the deletion alone is seen.
    let kit = hidden(
        |kit, text| move_to(kit, "notes.txt", &text.replace("---", "###")),
        |kit, text| move_back(kit, "notes.txt", text),
    );
    let record = kit.record();
    let pending = &record.judged().unwrap().versions("SMP-001").unwrap().pending[0];
    assert!(pending.authors.untraced, "{pending:?}");
    assert_eq!(kit.verdict(), "pending");
}

#[test]
fn t42_an_untraced_text_is_traced_again_once_the_known_one_is_back() {
    let mut kit = Kit::new();
    let (before, after) = (document("1.0", "We serve."), document("1.0", "We serve.\n\nMore."));
    std::fs::remove_file(kit.path().join(DOCUMENT)).unwrap();
    kit.commit("eve", "Delete");
    kit.write(DOCUMENT, &after);
    kit.commit("eve", "Bring it back with more");
    kit.approve_file("carla", "cio");
    assert_eq!(kit.verdict(), "pending");
    // The untraced text stays untraced, whoever brings it again.
    for text in [&before, &after] {
        kit.write(DOCUMENT, text);
        kit.commit("eve", "To and fro");
    }
    assert_eq!(kit.verdict(), "pending");
    for text in [&before, &document("1.0", "We serve.\n\nEven more.")] {
        kit.write(DOCUMENT, text);
        kit.commit("eve", "Begin with the known text, and write it anew");
    }
    kit.approve_file_again("carla", "cio");
    assert_eq!(kit.verdict(), "approved");
}

#[test]
fn t42_the_first_author_counts_whatever_the_file_was() {
    for first in [doubled as fn(&str) -> String, |t| t.replace("SMP-002", "SMP-099"), |t| t.replace("---", "")] {
        let mut kit = Kit::new();
        let text = document("1.0", "Written by Carla.").replace("SMP-001", "SMP-002");
        kit.write("policies/other.md", &first(&text));
        kit.commit("carla", "Begin");
        kit.write("policies/other.md", &text);
        kit.commit("eve", "Give it its id");
        let mut statement = kit.statement("carla", "cio");
        statement.artifact = "SMP-002".into();
        statement.digest = smsctl::trust::statement::digest(text.as_bytes());
        kit.put(&statement, "carla");
        kit.commit("eve", "Import");
        assert_eq!(word(&kit.record(), text.as_bytes()), "pending");
    }
}

#[test]
fn t42_authors_since_the_version_approved_in_full() {
    // Carla's text was thrown away before 1.1 was approved, and comes back after it.
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &document("1.1", "Carla's words."));
    kit.commit("carla", "Write");
    kit.write(DOCUMENT, &document("1.0", "We serve."));
    kit.commit("eve", "Back to the approved text");
    kit.write(DOCUMENT, &document("1.1", "Carla's words."));
    kit.commit("eve", "And forth");
    kit.approve_file("carla", "cio");
    carla_is_barred(&kit, "to and fro");
}

#[test]
fn t42_a_version_approved_later_absorbs_nobody_of_one_approved_before() {
    // Version 1.1 is approved by Dan after Carla's own 1.2 came and went.
    let two = "[[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\" }, { role = \"service-owner\" }]\nnot = [\"author\"]\n";
    let mut kit = Kit::with(crate::kit::PolicyText { rules: two.into(), ..Default::default() });
    let (eleven, twelve) = (document("1.1", "We serve well."), document("1.2", "We serve Carla."));
    kit.write(DOCUMENT, &eleven);
    kit.commit("eve", "1.1");
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &twelve);
    kit.commit("carla", "1.2");
    kit.approve_file("carla", "cio");
    kit.approve_file("dan", "service-owner");
    kit.write(DOCUMENT, &eleven);
    kit.commit("eve", "Back");
    kit.approve_file("dan", "service-owner");
    assert_eq!(kit.verdict(), "approved");
    kit.write(DOCUMENT, &twelve);
    kit.commit("eve", "Forth");
    carla_is_barred(&kit, "an older version approved later");
}

#[test]
fn a_rename_or_a_revert_is_no_authorship() {
    let stranger = |kit: &mut Kit, message: &str| {
        kit.clock += 3600;
        kit.git(&["add", "-A"]);
        kit.git(&["commit", "-q", "--no-gpg-sign", "--author", "Temp <temp@example.org>", "-m", message]);
    };
    let authors = |kit: &Kit| {
        let record = kit.record();
        let of = record.judged().unwrap().versions("SMP-001").unwrap();
        let newest: &Authors = &of.approved.last().unwrap().authors;
        (newest.persons.iter().cloned().collect::<Vec<_>>().join(" "), newest.unknown.len(), newest.untraced)
    };
    // Renamed before it is approved, and made executable for a while.
    let mut kit = Kit::new();
    let text = document("1.0", "We serve.");
    move_to(&kit, "policies/moved.md", &text);
    stranger(&mut kit, "Rename");
    move_back(&kit, "policies/moved.md", &text);
    stranger(&mut kit, "Rename back");
    kit.approve_file("carla", "cio");
    assert_eq!((kit.verdict().as_str(), authors(&kit)), ("approved", ("eve".into(), 0, false)));
    // Deleted and brought back as it was approved, then changed by Eve.
    std::fs::remove_file(kit.path().join(DOCUMENT)).unwrap();
    stranger(&mut kit, "Delete");
    kit.write(DOCUMENT, &text);
    stranger(&mut kit, "Bring it back");
    kit.write(DOCUMENT, &document("1.1", "We serve well."));
    kit.commit("eve", "Next");
    kit.approve_file("carla", "cio");
    assert_eq!((kit.verdict().as_str(), authors(&kit)), ("approved", ("eve".into(), 0, false)));
    // What Carla tried afterwards and took back does not make her an author of what she approved before.
    kit.write(DOCUMENT, &document("1.2", "Carla's words."));
    kit.commit("carla", "Try");
    kit.write(DOCUMENT, &document("1.1", "We serve well."));
    kit.commit("carla", "Take it back");
    assert_eq!((kit.verdict().as_str(), authors(&kit)), ("approved", ("eve".into(), 0, false)));
}

#[test]
fn an_approval_on_a_branch_judges_what_was_there() {
    // Approved on the branch by commit, and the next version begun by Carla on the same branch.
    let mut kit = Kit::new();
    kit.branch("side");
    kit.write(DOCUMENT, &document("1.1", "We serve well."));
    kit.commit("eve", "1.1");
    kit.approve_commit("carla", "cio");
    kit.write(DOCUMENT, &document("1.2", "We serve Carla."));
    kit.commit("carla", "1.2");
    kit.checkout("main");
    kit.merge("side", &[]);
    kit.approve_file("carla", "cio");
    carla_is_barred(&kit, "the branch after its approval");
    let record = kit.record();
    let approved = &record.judged().unwrap().versions("SMP-001").unwrap().approved;
    assert_eq!(approved.iter().map(|v| v.version.as_str()).collect::<Vec<_>>(), ["1.1"]);
}

/// What one commit does to the document.
#[derive(Clone, Copy, Debug)]
enum Step {
    Write,
    Break,
    OtherId,
    Elsewhere,
    Delete,
    Approve,
}

const AUTHORS: [&str; 3] = ["carla", "dan", "eve"];

fn steps() -> impl Strategy<Value = Vec<(Step, usize)>> {
    let step = prop_oneof![
        3 => Just(Step::Write),
        2 => Just(Step::Break),
        2 => Just(Step::OtherId),
        2 => Just(Step::Elsewhere),
        1 => Just(Step::Delete),
        1 => Just(Step::Approve),
    ];
    vec((step, 0..AUTHORS.len()), 1..6)
}

proptest! {
    #![proptest_config(cases(12))]

    /// Whoever wrote new bytes since the last full approval is an author of what is approved next, or the set is unknown.
    #[test]
    fn nobody_who_wrote_is_left_out(steps in steps()) {
        // Bob holds the role and writes nothing, so that the version is always approved or untraced.
        let mut policy = crate::kit::PolicyText::default();
        policy.assignments.push(("bob", "cio", "2026-01-01T00:00:00Z".into(), None));
        let mut kit = Kit::with(policy);
        let mut wrote = BTreeSet::from(["eve".to_owned()]);
        let (mut at, mut version) = (DOCUMENT.to_owned(), 0);
        for (n, (step, author)) in steps.into_iter().chain([(Step::Write, 2), (Step::Approve, 0)]).enumerate() {
            let text = document(&format!("1.{version}"), &format!("Text {n}."));
            let old = std::mem::replace(&mut at, DOCUMENT.to_owned());
            let _ = std::fs::remove_file(kit.path().join(&old));
            match step {
                Step::Write | Step::Approve => kit.write(&at, &text),
                Step::Break => kit.write(&at, &doubled(&text)),
                Step::OtherId => kit.write(&at, &text.replace("SMP-001", "SMP-999")),
                Step::Elsewhere => {
                    at = format!("policies/{n}.txt");
                    kit.write(&at, &text);
                }
                Step::Delete => {}
            }
            if at == DOCUMENT && !matches!(step, Step::Delete) {
                wrote.insert(AUTHORS[author].to_owned());
            }
            kit.commit(AUTHORS[author], "Change");
            if matches!(step, Step::Approve) {
                kit.approve_file("bob", "cio");
                let record = kit.record();
                let of = record.judged().unwrap().versions("SMP-001").unwrap();
                let newest = of.approved.last().filter(|v| v.version == format!("1.{version}"));
                let pending = of.pending.last().filter(|v| v.version == format!("1.{version}"));
                let authors = newest.map(|v| &v.authors).or(pending.map(|p| &p.authors)).unwrap();
                prop_assert_eq!(newest.is_some(), !authors.untraced);
                prop_assert!(authors.untraced || wrote.is_subset(&authors.persons), "{:?} {:?}", authors, wrote);
                if newest.is_none() {
                    return Ok(());
                }
                wrote.clear();
                version += 1;
            }
        }
    }
}
