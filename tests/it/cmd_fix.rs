//! `smsctl check --fix` and `--diff`, and `smsctl fmt`.

use std::path::Path;

use proptest::prelude::*;
use smsctl::document::{self, FrontMatter, Node};
use smsctl::scaffold::fix::{self, Shapes, same_fields};
use smsctl::source::{FileId, MemoryTree, Source as _, is_markdown};
use smsctl::workspace;

use tempfile::TempDir;

use crate::common::{cases, toolkit};
use crate::example::EXAMPLE;
use crate::run::{Ran, disk, small, smsctl};

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).unwrap()
}

/// The text after `fmt` of one file beside the small SMS, and what the command said.
fn fixed(text: &str) -> (String, Ran) {
    let mut tree = small();
    tree.put("form.md", Some(text.into()));
    let sms = disk(&tree);
    let ran = smsctl(sms.path(), &["fmt", "form.md"]);
    (read(sms.path(), "form.md"), ran)
}

const MESSY: &str = "---\nkind: form  \nid: FRM-01\n# the title\ntitle: no\nversion: 1.10\t\nstatus: draft\nowner: sms-owner\neffective_on: 2026-02-10\nclauses: [8.10, 7.5.4]\nretention: P1Y\nclassification: internal # for staff\n---\n# no";

#[test]
fn the_whole_form_of_one_file() {
    let (text, ran) = fixed(MESSY);
    insta::assert_snapshot!(text, @r#"
    ---
    id: FRM-01
    kind: form
    # the title
    title: "no"
    version: "1.10"
    status: draft
    owner: sms-owner
    effective_on: 2026-02-10
    clauses: ["8.10", 7.5.4]
    classification: internal # for staff
    retention: P1Y
    ---
    # no
    "#);
    insta::assert_snapshot!(ran.err, @r"
    fixed form.md: put the fields in order; cut white space at the end of 2 lines; put 3 values in quotes; ended the last line
    ");
    assert!(text.ends_with('\n'));
    assert_eq!(fixed(&text).0, text);
}

#[test]
fn a_block_text_keeps_its_white_space_and_crlf_stays() {
    let text =
        "---\r\nid: FRM-01  \r\nkind: form\r\ntitle: |\r\n  two  \r\n  lines\t\r\n\r\nversion: 1.1\r\n---\r\nbody  ";
    let (fixed, _) = fixed(text);
    assert_eq!(
        fixed,
        "---\r\nid: FRM-01\r\nkind: form\r\ntitle: |\r\n  two  \r\n  lines\t\r\n\r\nversion: 1.1\r\n---\r\nbody  \r\n"
    );
}

#[test]
fn an_unclear_comment_stops_the_file() {
    let text = "---\nkind: form\n# of whom?\n\nid: FRM-01\ntitle: no\n---\n";
    let (after, ran) = fixed(text);
    assert_eq!(after, text);
    assert!(
        ran.err.contains("left alone form.md: the fields are out of order, but the comment on line 3 may belong"),
        "{}",
        ran.err
    );
    let text = "---\nkind: form\nclauses:\n  - 7.5.4\n  # inside?\nid: FRM-01\n---\n";
    assert_eq!(fixed(text).0, text);
}

#[test]
fn broken_files_are_left_alone_and_named() {
    let text = "---\nid: FRM-01\nkind: form\ntitle: [\n---  \n";
    let (after, ran) = fixed(text);
    assert_eq!(after, text);
    assert!(ran.err.contains("left alone form.md: it cannot be read"), "{}", ran.err);
}

#[test]
fn a_diff_writes_nothing() {
    let mut tree = small();
    tree.put("form.md", Some(MESSY.into()));
    let sms = disk(&tree);
    let ran = smsctl(sms.path(), &["fmt", "--diff", "form.md"]);
    assert_eq!((ran.status, read(sms.path(), "form.md").as_str()), (1, MESSY));
    insta::assert_snapshot!(ran.out, @r#"
    --- a/form.md
    +++ b/form.md
    @@ -1,14 +1,14 @@
     ---
    -kind: form  
     id: FRM-01
    +kind: form
     # the title
    -title: no
    -version: 1.10	
    +title: "no"
    +version: "1.10"
     status: draft
     owner: sms-owner
     effective_on: 2026-02-10
    -clauses: [8.10, 7.5.4]
    +clauses: ["8.10", 7.5.4]
    +classification: internal # for staff
     retention: P1Y
    -classification: internal # for staff
     ---
    -# no
    \ No newline at end of file
    +# no
    "#);
    assert_eq!(smsctl(sms.path(), &["fmt", "--diff", "policies"]).status, 0);
    for args in [["check", "--fix"], ["fmt", "--diff"]] {
        let ran = smsctl(sms.path(), &[args[0], args[1], "--rev", "HEAD"]);
        assert_eq!(ran.status, 2, "{}", ran.out);
    }
}

#[test]
fn generated_tables_are_written_anew() {
    let mut tree = small();
    let readme = "# SMS\n\n<!-- smsctl-generated: documents -->\nold\n<!-- /smsctl-generated -->\n\nend  ";
    tree.put("README.md", Some(readme.into()));
    let objectives = String::from_utf8(tree.read("registers/objectives.md", u64::MAX).unwrap()).unwrap()
        + "\n<!-- smsctl-generated: entries -->\n<!-- /smsctl-generated -->\n";
    tree.put("registers/objectives.md", Some(objectives.into()));
    let sms = disk(&tree);
    let before = smsctl(sms.path(), &["check", "--format", "json"]).out;
    let json: serde_json::Value = serde_json::from_str(&before).unwrap();
    let stale: Vec<_> =
        json["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "generated-table-stale").collect();
    assert_eq!(stale.len(), 2);
    assert!(stale.iter().all(|f| f["fixable"] == true));
    let ran = smsctl(sms.path(), &["check", "--fix", "--format", "concise"]);
    assert!(!ran.out.contains("generated-table-stale"), "{}", ran.out);
    insta::assert_snapshot!(read(sms.path(), "README.md"), @r"
    # SMS

    <!-- smsctl-generated: documents -->

    | Id | Title | Kind | Version | Status | Owner | Effective on | Next review |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | CTX-01 | [Context](context.md) | context | 1.2 | approved | sms-owner | 2026-02-10 | 2027-02-10 |
    | POL-01 | [Service Policy](policies/policy.md) | policy | 1.2 | approved | sms-owner | 2026-02-10 | 2027-02-10 |
    | REG-MSR | [Measurements](registers/measurements.md) | register | 1.2 | approved | sms-owner | 2026-02-10 | 2027-02-10 |
    | REG-OBJ | [Objectives](registers/objectives.md) | register | 1.2 | approved | sms-owner | 2026-02-10 | 2027-02-10 |
    | REG-PRO | [Processes](registers/processes.md) | register | 1.2 | approved | sms-owner | 2026-02-10 | 2027-02-10 |
    | REG-ROL | [Roles](registers/roles.md) | register | 1.2 | approved | sms-owner | 2026-02-10 | 2027-02-10 |

    <!-- /smsctl-generated -->

    end
    ");
    assert!(
        read(sms.path(), "registers/objectives.md")
            .ends_with("| OBJ-01 | Restore quickly | sms-owner | active |\n\n<!-- /smsctl-generated -->\n")
    );
    assert_eq!(smsctl(sms.path(), &["check", "--diff"]).out, "");
}

#[cfg(unix)]
#[test]
fn permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut tree = small();
    tree.put("form.md", Some(MESSY.into()));
    let sms = disk(&tree);
    let path = sms.path().join("form.md");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    smsctl(sms.path(), &["fmt"]);
    assert_ne!(read(sms.path(), "form.md"), MESSY);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

fn front(text: &str) -> Option<Node> {
    match document::parse(FileId(0), text).0.front {
        FrontMatter::Present { node, .. } => Some(node),
        _ => None,
    }
}

fn body(text: &str) -> String {
    text.get(document::parse(FileId(0), text).0.front.body_start()..).unwrap().trim_end_matches(['\n', '\r']).to_owned()
}

/// Puts every file of a tree in form; asserts that nothing is said differently and that a second run has nothing to do.
fn prove(tree: &MemoryTree) {
    let ws = workspace::load(tree, &|_, _| {}).unwrap();
    for mend in fix::plan_form(&ws, |_| true).mends {
        let (Some(before), Some(after)) = (front(&mend.before), front(&mend.after)) else {
            panic!("{} lost its front matter", mend.path)
        };
        assert!(same_fields(&before, &after), "{}\n{}", mend.path, mend.after);
        assert_eq!(body(&mend.before), body(&mend.after), "{}", mend.path);
        let mut changes = Vec::new();
        let again = fix::mend_text(&mend.after, &Shapes::of(&after, &ws), &mut changes);
        assert_eq!(again.as_deref(), Ok(mend.after.as_str()), "{}: {changes:?}", mend.path);
    }
}

#[test]
fn what_a_kind_has_of_its_own_stands_before_ties_and_history() {
    let text = "---\nid: POL-09\nkind: policy\nclauses: [5.2.1]\nrelated: [POL-01]\nchanges:\n  - {version: 1.1, why: x}\n\
                # who gets it\navailability: public\ntags: [a]\n---\n";
    let wanted = "---\nid: POL-09\nkind: policy\nclauses: [5.2.1]\n# who gets it\navailability: public\nrelated: [POL-01]\n\
                  changes:\n  - {version: 1.1, why: x}\ntags: [a]\n---\n";
    assert_eq!(fixed(text).0, wanted);
    let register = "---\nid: REG-09\nkind: register\ntitle: X\nregister: forums\nentries: []\n---\n";
    assert!(fixed(register).0.starts_with("---\nid: REG-09\nkind: register\nregister: forums\ntitle: X\n"));
}

#[test]
fn the_sample_says_the_same_in_the_usual_form() {
    prove(&toolkit());
    prove(&small());
}

/// One careless edit of a text, chosen by numbers.
fn mutate(text: &str, (what, at): (u8, usize)) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let close = lines.iter().skip(1).position(|l| l.trim_end() == "---").map_or(lines.len(), |n| n + 1);
    let n = 1 + at % close.saturating_sub(1).max(1);
    let m = 1 + (at / 7) % close.saturating_sub(1).max(1);
    match what {
        0 => lines[n] = format!("{} \n", lines[n].trim_end()),
        1 => lines.insert(n, "# a comment\n".into()),
        2 => lines.insert(n, "\n".into()),
        3 => lines.swap(n, m),
        4 => lines.insert(n, "extra: |\n  kept  \n  as it is\t\n\n".into()),
        5 => lines[n] = lines[n].replace(": ", ": 007 "),
        6 => lines.insert(n, "  # deep\n".into()),
        7 => lines[n] = lines[n].replace('"', ""),
        8 => return text.replace('\n', "\r\n"),
        9 => return text.trim_end().to_owned(),
        10 => lines.insert(n, "tags: [no, 1.10, 2026-01-01, 0x1, yes]\n".into()),
        _ => lines[n] = lines[n].replace("version: ", "version:   +"),
    }
    lines.concat()
}

proptest! {
    #![proptest_config(cases(96))]
    #[test]
    fn whatever_happened_to_a_file_its_form_never_changes_what_it_says(
        file in 0_usize..1000,
        edits in prop::collection::vec((0_u8..12, 0_usize..10_000), 1..6),
    ) {
        let sample = toolkit();
        let paths: Vec<_> = sample.entries().iter().map(|e| e.path.clone()).filter(|p| is_markdown(p)).collect();
        let path = &paths[file % paths.len()];
        let mut text = String::from_utf8(sample.read(path, u64::MAX).unwrap()).unwrap();
        for edit in edits {
            text = mutate(&text, edit);
        }
        let mut tree = crate::common::bare();
        tree.put(path, Some(text.into_bytes()));
        prove(&tree);
    }
}

/// A copy of the sample with its signed history, which some test may change.
fn example() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    crate::common::copy(EXAMPLE.folder.path(), folder.path());
    folder
}

/// The files of a folder that `git` calls changed.
fn changed(folder: &Path) -> Vec<String> {
    let out = crate::common::alone("git", folder).current_dir(folder).args(["status", "--porcelain"]).output().unwrap();
    String::from_utf8(out.stdout).unwrap().lines().map(|line| line[3..].to_owned()).collect()
}

#[test]
fn a_fix_of_the_signed_sample_changes_nothing() {
    let folder = example();
    for command in [&["check", "--fix"][..], &["generate"]] {
        let ran = smsctl(folder.path(), command);
        assert_eq!((ran.status, changed(folder.path())), (0, Vec::new()), "{command:?}: {}{}", ran.out, ran.err);
    }
    let ran = smsctl(folder.path(), &["fmt"]);
    let last = ran.err.lines().last().unwrap();
    assert!(last.contains("approved texts left alone: a changed byte ends an approval."), "{last}");
    assert!(!changed(folder.path()).iter().any(|p| p.starts_with("policies/")));
    let ran = smsctl(folder.path(), &["check", "--format", "concise"]);
    assert!(ran.status == 0 && ran.out.contains(": 0 errors, 0 warnings, 3 notes"), "{}", ran.out);
}

#[test]
fn an_approved_text_is_changed_only_when_somebody_says_so() {
    let folder = example();
    // The table of the approved treatment plan follows the register of risks.
    let risks = read(folder.path(), "registers/risks.md").replace("\n    title: ", "\n    title: New ");
    std::fs::write(folder.path().join("registers/risks.md"), risks).unwrap();
    let stale =
        |folder: &Path| smsctl(folder, &["check", "--format", "concise"]).out.matches("generated-table-stale").count();
    assert!(stale(folder.path()) > 0);
    let ran = smsctl(folder.path(), &["check", "--fix", "--verbose", "--format", "concise"]);
    let plan = "plans/risk-treatment-plan.md";
    assert!(ran.err.contains(&format!("left alone {plan}: it is approved as it is")), "{}", ran.err);
    assert!(stale(folder.path()) > 0 && !changed(folder.path()).iter().any(|p| p == plan));
    let ran = smsctl(folder.path(), &["generate"]);
    assert!(ran.status == 1 && ran.err.contains("left alone"), "{}", ran.err);
    smsctl(folder.path(), &["check", "--fix", "--fix-approved"]);
    assert_eq!(stale(folder.path()), 0);
}

/// The errors of an SMS, each with its rule, file and message.
fn errors(ws: &workspace::Workspace, verdict: &smsctl::rules::Verdict) -> Vec<String> {
    crate::common::lines(ws, verdict).into_iter().filter(|l| l.contains("error")).collect()
}

proptest! {
    #![proptest_config(cases(24))]
    #[test]
    fn a_fix_never_adds_an_error_and_has_nothing_to_do_the_second_time(
        edits in prop::collection::vec((0_usize..1000, 0_u8..12, 0_usize..10_000), 1..8),
    ) {
        let mut tree = small();
        let table = "\n<!-- smsctl-generated: documents -->\n<!-- /smsctl-generated -->\n\n<!-- smsctl-generated: entries -->\n<!-- /smsctl-generated -->\n";
        for path in ["registers/objectives.md", "context.md"] {
            let text = String::from_utf8(tree.read(path, u64::MAX).unwrap()).unwrap() + table;
            tree.put(path, Some(text.into()));
        }
        let paths: Vec<_> = tree.entries().iter().map(|e| e.path.clone()).filter(|p| is_markdown(p)).collect();
        for (file, what, at) in edits {
            let path = &paths[file % paths.len()];
            let text = mutate(&String::from_utf8(tree.read(path, u64::MAX).unwrap()).unwrap(), (what, at));
            tree.put(path, Some(text.into()));
        }
        for form in [false, true] {
            let (ws, verdict) = crate::common::check(&tree);
            let before = errors(&ws, &verdict);
            let plan = |ws: &workspace::Workspace| if form { fix::plan_form(ws, |_| true) } else { fix::plan_tables(ws, |_| true) };
            for fix in plan(&ws).mends {
                tree.put(&fix.path, Some(fix.after.into()));
            }
            let (ws, verdict) = crate::common::check(&tree);
            prop_assert!(errors(&ws, &verdict).len() <= before.len(), "{before:?} {:?}", errors(&ws, &verdict));
            prop_assert!(plan(&ws).mends.is_empty());
        }
    }
}
