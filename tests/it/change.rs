//! What changed between two versions of a document: nothing is lost, nothing is invented, and a manager can read it.

use proptest::collection::vec;
use proptest::prelude::*;
use smsctl::change::{
    ChangeKind, Class, Comparison, EntryKind, Harmless, Mark, Segment, What, compare as compare_bytes, compare_csv,
    segments,
};
use smsctl::report::change::{human, json};

use crate::common::{cases, repository, spent};
use crate::formats::assert_valid;

const POLICY: &str = include_str!("../../examples/toolkit/policies/service-management-policy.md");

fn compare(old: &str, new: &str) -> Comparison {
    compare_bytes(Some(old.as_bytes()), Some(new.as_bytes()))
}

/// As a manager sees it, without colour.
fn shown(old: &str, new: &str) -> String {
    human(&compare(old, new), &[], 100, false)
}

fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn a_policy_is_read_before_it_is_signed() {
    let new = edited(
        POLICY,
        &[
            ("version: 2.0\n", "version: 2.1\n"),
            ("approvers: [chief-information-officer]", "approvers: [chief-information-officer, head-of-operations]"),
            ("review_interval: P1Y\n", ""),
            (
                "  - {id: PC-09, element: objectives-framework, since_version: 2.0}\n",
                "  - {id: PC-09, element: other, since_version: 2.0}\n  - {id: PC-10, element: other, since_version: 2.1}\n",
            ),
            ("and all customers; interfaces", "and most customers; interfaces"),
            ("within the time agreed for its priority", "within four hours"),
            (
                "- **PC-04** We control every change to a live service so that planned work does not turn into an incident.\n",
                "",
            ),
            ("Ideas from\nstaff, customers and suppliers enter", "Ideas\nfrom staff, customers and suppliers enter"),
            ("## Other parties", "## Suppliers"),
            ("recorded in the\nminutes.", "recorded in the\nminutes.\n\nThis sentence is new."),
        ],
    );
    insta::assert_snapshot!(human(&compare(POLICY, &new), &["SMS-POL-01, 2.0 → 2.1".to_owned()], 100, false), @r#"
    SMS-POL-01, 2.0 → 2.1

    Front matter
      Version: 2.0 → 2.1
      Approvers: chief-information-officer → chief-information-officer, head-of-operations
      Scope alignment: Covers all in-scope services in five groups, both sites, the teams that deliver
      them, and [-all-]{+most+} customers; interfaces as in the scope statement.
      Commitments PC-09 element: objectives-framework → other
      Commitments PC-10: {+id: PC-10; element: other; since_version: 2.1+}
      Review interval: [-P1Y-]

    Service Management Policy › Framework for objectives
      Line 86, list item PC-02 changed
        - **PC-02** We restore service after an incident within [-the time agreed for its priority-]
        {+four hours+}.
      Old line 87, list item PC-04 removed
        [-- **PC-04** We control every change to a live service so that planned work does not turn into
        an incident.-]

    Service Management Policy › Commitment to continual improvement of the SMS and the services
      Line 108, paragraph: only line breaks moved

    Service Management Policy
      Line 111, heading changed
        ## [-Other parties-]{+Suppliers+} that deliver parts of our services

    Service Management Policy › Review triggers and cadence
      Line 154, paragraph added
        {+This sentence is new.+}

    34 words of the text added or removed; it had 986 before.
    First difference: line 5, column 12 (front matter).
    "#);
}

#[test]
fn tables_change_row_by_row() {
    let old = "# T\n\n| Priority | Restore | Owner |\n|---|---|---|\n| P1 | 4 hours | desk |\n| P2 | 8 hours | desk |\n| P3 | 2 days | desk |\n";
    let new = "# T\n\n| Priority | Restore | Owner |\n|----------|---------|-------|\n| P1       | 2 hours | desk  |\n| P3       | 2 days  | desk  |\n| P4 | 5 days | \\| |\n";
    insta::assert_snapshot!(shown(old, new), @r#"
    T
      Line 4, rule of a table: only white space changed
      Line 5, row P1 changed
        Restore: 4 hours → 2 hours
      Old line 6, row P2 removed
        Priority: [-P2-]
        Restore: [-8 hours-]
        Owner: [-desk-]
      Line 6, row P3: 8 spaces added
      Line 7, row P4 added
        Priority: {+P4+}
        Restore: {+5 days+}
        Owner: {+\|+}

    9 words of the text added or removed; it had 16 before.
    First difference: line 4, column 5 (text).
    "#);
    assert!(compare(old, new).size.tables_touched);
    let wider = "# T\n\n| Priority | Restore | By | Owner |\n|---|---|---|---|\n| P1 | 4 hours | x | desk |\n| P2 | 8 hours | y | desk |\n| P3 | 2 days | z | desk |\n";
    insta::assert_snapshot!(shown(old, wider), @r#"
    T
      Line 3, row Priority changed
        By: {+By+}
      Line 4, rule of a table changed
        |---|---|---|{+---|+}
      Line 5, row P1 changed
        By: {+x+}
      Line 6, row P2 changed
        By: {+y+}
      Line 7, row P3 changed
        By: {+z+}

    4 words of the text added or removed; it had 16 before.
    First difference: line 3, column 24 (text).
    "#);
}

const REGISTER: &str = "---\nid: R-1\nkind: register\nregister: objectives\nversion: 1.0\nentries:\n  - id: OBJ-01\n    title: Restore fast\n    target: {value: 95, unit: \"%\"}\n  - id: OBJ-02\n    title: Answer calls\n  - id: OBJ-03\n    title: Train staff\n---\n\n# R\n";

#[test]
fn entries_change_by_id_and_field() {
    let new = "---\nid: R-1\nkind: register\nregister: objectives\nversion: 1.0\nentries:\n  - id: OBJ-03\n    title: Train staff\n  - id: OBJ-01\n    title: Restore fast\n    target: {value: 97.5, unit: \"%\"}\n  - id: OBJ-04\n    title: Save power\n    actions: [one, \"two, three\"]\n---\n\n# R\n";
    insta::assert_snapshot!(shown(REGISTER, new), @r#"
    Entries
      OBJ-01 changed:
        Target value: 95 → 97.5
      OBJ-04 added:
        Title: {+Save power+}
        Actions: {+one, "two, three"+}
      OBJ-02 removed:
        Title: [-Answer calls-]

    How the file is written
      The order in `entries` changed.

    First difference: line 7, column 14 (front matter).
    "#);
    let c = compare(REGISTER, new);
    assert!(c.size.entries_touched && c.size.fields_touched.is_empty());
    let turned = REGISTER.replace("OBJ-01", "x").replace("OBJ-02", "OBJ-01").replace('x', "OBJ-02");
    assert!(!compare(REGISTER, &turned).is_empty());
    let moved = "entries:
  - id: OBJ-03
    title: Train staff
";
    let moved = REGISTER
        .replace(
            "  - id: OBJ-03
    title: Train staff
",
            "",
        )
        .replace(
            "entries:
",
            moved,
        );
    let moved = compare(REGISTER, &moved).entries;
    assert_eq!(moved.iter().map(|e| (e.id.as_str(), &e.change)).collect::<Vec<_>>(), [("OBJ-03", &EntryKind::Moved)]);
}

#[test]
fn one_entity_in_a_file_is_an_entry() {
    let old = "---\nid: NC-001\nkind: record\nregister: nonconformities\nentry:\n  status: open\n---\n";
    let new = "---\nid: NC-001\nkind: record\nregister: nonconformities\nentry:\n  status: closed\n---\n";
    insta::assert_snapshot!(shown(old, new), @r#"
    Entries
      NC-001 changed:
        Status: open → closed

    First difference: line 6, column 11 (front matter).
    "#);
}

/// One small change a line: what a reader is told of it, and what it is at the first place.
#[test]
#[allow(clippy::too_many_lines)]
fn the_smallest_change_is_said() {
    let base =
        "---\nid: A-1\nowner: cio # the boss\ntags: [a, b]\n---\n\n# T\n\nOne two three.\n\n1. First\n2. Second\n";
    let cases = [
        ("space", base.replace("One two", "One  two")),
        ("space at the end of a line", base.replace("three.\n", "three. \n")),
        ("crlf", base.replace('\n', "\r\n")),
        ("no last line break", base.trim_end().to_owned()),
        ("two more line breaks at the end", format!("{base}\n\n")),
        ("byte order mark", format!("\u{feff}{base}")),
        ("order of keys", base.replace("id: A-1\nowner: cio # the boss\n", "owner: cio # the boss\nid: A-1\n")),
        ("quotes", base.replace("id: A-1", "id: 'A-1'")),
        ("comment", base.replace("# the boss", "# smsctl-allow x: y")),
        ("list style", base.replace("[a, b]", "[a,b]")),
        ("list against text", base.replace("[a, b]", "\"a, b\"")),
        ("list of other parts", base.replace("[a, b]", "[\"a, b\"]")),
        ("rewrap", base.replace("One two three", "One\ntwo three")),
        ("tab", base.replace("One two", "One\ttwo")),
        ("blank line", base.replace("# T\n\n", "# T\n\n\n")),
        ("space in a blank line", base.replace("# T\n\n", "# T\n \n")),
        ("new first item", base.replace("1. First\n2. Second", "1. Zeroth\n2. First\n3. Second")),
        ("dots", base.replace("---\n\n# T", "...\n\n# T")),
        ("marker", base.replace("1. First\n2. Second", "- First\n- Second")),
        ("accent", base.replace("three", "thre\u{301}e")),
        ("invisible", base.replace("three", "th\u{202e}ree")),
        ("escape", base.replace("three", "th\u{1b}[31mree")),
    ];
    let mut out = String::new();
    for (name, new) in cases {
        let c = compare(base, &new);
        assert!(!c.is_empty(), "{name}");
        out += &format!("== {name}\n{}", human(&c, &[], 80, false));
    }
    let out = out.replace('\u{301}', "<accent>");
    insta::assert_snapshot!(out, @r#"
    == space
    T
      Line 9, paragraph: 1 space added

    0 words of the text added or removed; it had 8 before.
    First difference: line 9, column 5 (white space).
    == space at the end of a line
    T
      Line 9, paragraph: 1 space added

    0 words of the text added or removed; it had 8 before.
    First difference: line 9, column 15 (white space).
    == crlf
    How the file is written
      Line ends changed from LF to CRLF.

    First difference: line 1, column 4 (line end).
    == no last line break
    How the file is written
      The line break at the end of the file was removed (line 12).

    First difference: line 12, column 10 (end of the file).
    == two more line breaks at the end
    How the file is written
      Blank lines changed at one place (line 13).

    First difference: line 13, column 1 (end of the file).
    == byte order mark
    How the file is written
      A byte order mark was added (line 1).

    First difference: line 1, column 1 (byte order mark).
    == order of keys
    How the file is written
      The order of fields changed.

    First difference: line 2, column 1 (order only).
    == quotes
    How the file is written
      Quotes or spacing in the front matter changed, all values are the same (line 2).

    First difference: line 2, column 5 (front matter).
    == comment
    How the file is written
      A comment in the front matter was removed: # the boss.
      A comment in the front matter was added: # smsctl-allow x: y (line 3).

    First difference: line 3, column 14 (front matter).
    == list style
    How the file is written
      Quotes or spacing in the front matter changed, all values are the same (line 4).

    First difference: line 4, column 10 (front matter).
    == list against text
    Front matter
      Tags: [a, b] → a, b

    First difference: line 4, column 7 (front matter).
    == list of other parts
    Front matter
      Tags: a, b → "a, b"

    First difference: line 4, column 8 (front matter).
    == rewrap
    T
      Line 9, paragraph: only line breaks moved

    0 words of the text added or removed; it had 8 before.
    First difference: line 9, column 4 (white space).
    == tab
    T
      Line 9, paragraph: only white space changed

    0 words of the text added or removed; it had 8 before.
    First difference: line 9, column 4 (white space).
    == blank line
    How the file is written
      Blank lines changed at one place (line 8).

    First difference: line 9, column 1 (white space).
    == space in a blank line
    How the file is written
      Only spacing that is not seen changed (line 8).

    First difference: line 8, column 1 (white space).
    == new first item
    T
      Line 11, list item added
        {+1. Zeroth+}
      Line 12, list item: only its number changed
      Line 13, list item: only its number changed

    2 words of the text added or removed; it had 8 before.
    First difference: line 11, column 4 (text).
    == dots
    How the file is written
      Quotes or spacing in the front matter changed, all values are the same (line 5).

    First difference: line 5, column 1 (front matter).
    == marker
    T
      Line 11, list item changed
        [-1.-]{+-+} First
      Line 12, list item changed
        [-2.-]{+-+} Second

    2 words of the text added or removed; it had 8 before.
    First difference: line 11, column 1 (text).
    == accent
    T
      Line 9, paragraph changed
        One two [-three-]{+thre<accent>e+}.

    2 words of the text added or removed; it had 8 before.
    First difference: line 9, column 13 (text).
    == invisible
    T
      Line 9, paragraph changed
        One two [-three-]{+th\u{202e}ree+}.

    2 words of the text added or removed; it had 8 before.
    First difference: line 9, column 11 (text).
    == escape
    T
      Line 9, paragraph changed
        One two [-three-]{+th\u{1b}[31mree+}.

    3 words of the text added or removed; it had 8 before.
    First difference: line 9, column 11 (text).
    "#);
    assert_eq!(human(&compare(base, base), &[], 80, false), "Nothing changed.\n");
}

#[test]
fn moved_blocks_are_known_again() {
    let old = "# T\n\nAlpha stands here alone.\n\nBeta follows with words.\n\nGamma is third here.\n\nDelta ends it.\n";
    let new = "# T\n\nBeta follows with words.\n\nGamma is third here.\n\nDelta ends it.\n\nAlpha stands here alone.\n";
    insta::assert_snapshot!(shown(old, new), @r#"
    T
      Line 9, paragraph moved here from line 3
        Alpha stands here alone.

    8 words of the text added or removed; it had 16 before.
    First difference: line 3, column 1 (order only).
    "#);
    assert_eq!(compare(old, new).first.map(|f| f.what), Some(What::OrderOnly));
}

#[test]
fn code_html_quotes_and_other_lines_are_compared_too() {
    let old = "---\nbroken: [\n---\n# T\n\n```sh\nrm -r old\nls\n```\n\n> said once\n\n<!-- smsctl-allow to-do: x -->\n\n[a]: b.md\n\n***\n";
    let new = "---\nbroken: {\n---\n# T\n\n~~~sh\nrm -rf old\n  ls\n~~~\n\n> said twice\n\n<!-- smsctl-allow to-do: y -->\n\n[a]: c.md\n\n---\n";
    insta::assert_snapshot!(shown(old, new), @r#"
    Text
      Line 1, code changed
        ---
        broken: [-[-]{+{+}
        ---

    T
      Line 6, code changed
        [-```-]{+~~~+}sh
        rm -[-r old
        ls
        ```-]{+rf old
          ls
        ~~~+}
      Line 11, quotation changed
        > said [-once-]{+twice+}
      Line 13, HTML changed
        <!-- smsctl-allow to-do: [-x-]{+y+} -->
      Line 15, text changed
        [a]: [-b.md-]{+c.md+}
      Old line 17, text removed
        [-***-]
      Line 17, text added
        {+---+}

    12 words of the text added or removed; it had 14 before.
    First difference: line 2, column 9 (front matter).
    "#);
}

#[test]
fn scripts_and_signs_of_the_world() {
    let old = "# 方針\n\n我们在四小时内恢复服务。\n\nאנו משחזרים שירות.\n\nAll good 👩\u{200d}💻 here.\n";
    let new = "# 方針\n\n我们在两小时内恢复服务。\n\nאנו משפרים שירות.\n\nAll good 👩 here.\n";
    insta::assert_snapshot!(human(&compare(old, new), &[], 40, false), @r#"
    方針
      Line 3, paragraph changed
        我们在[-四-]{+两+}小时内恢复服务。
      Line 5, paragraph changed
        אנו [-משחזרים-]{+משפרים+} שירות.
      Line 7, paragraph changed
        All good [-👩‍💻-]{+👩+} here.

    4 words of the text added or removed; it had 19 before.
    First difference: line 3, column 4 (text).
    "#);
}

#[test]
fn colour_marks_by_more_than_colour() {
    let text = human(&compare("# T\n\na b c\n", "# T\n\na x c\n"), &["Title".to_owned()], 80, true);
    assert!(text.contains("a \u{1b}[31;9mb\u{1b}[0m\u{1b}[32;4mx\u{1b}[0m c"), "{text:?}");
}

#[test]
fn new_and_removed_documents_are_shown_whole() {
    let text = b"---\nid: A-1\n---\n\n# T\n\nWords.\n".as_slice();
    insta::assert_snapshot!(human(&compare_bytes(None, Some(text)), &[], 80, false), @r#"
    The document is new.

    Front matter
      Id: {+A-1+}

    Text
      Line 5, heading added
        {+# T+}

    T
      Line 7, paragraph added
        {+Words.+}

    2 words of the text added or removed; it had 0 before.
    First difference: line 1, column 1 (front matter).
    "#);
    insta::assert_snapshot!(human(&compare_bytes(Some(text), None), &[], 80, false), @r#"
    The document was removed.

    Front matter
      Id: [-A-1-]

    Text
      Old line 5, heading removed
        [-# T-]

    T
      Old line 7, paragraph removed
        [-Words.-]

    2 words of the text added or removed; it had 2 before.
    First difference: line 1, column 1 (end of the file).
    "#);
    assert!(!compare_bytes(None, Some(b"")).is_empty() && compare_bytes(None, None).is_empty());
    assert!(matches!(compare_bytes(None, Some(b"")).class(), Class::Material(_)));
}

fn reasons(old: &str, new: &str) -> Vec<String> {
    match compare(old, new).class() {
        Class::Editorial(_) => Vec::new(),
        Class::Material(reasons) => reasons,
    }
}

#[test]
fn an_editorial_change_touches_nothing_that_was_agreed() {
    let reasons = |edits: &[(&str, &str)]| reasons(POLICY, &edited(POLICY, edits));
    let version = ("version: 2.0\n", "version: 2.0.1\n");
    let log = ("changes:\n", "changes:\n  - version: 2.0.1\n    why: Typing mistakes.\n");
    assert_eq!(reasons(&[version, log]), Vec::<String>::new());
    assert_eq!(reasons(&[("so that\n  a recovery plan", "so\n  that a recovery plan")]), ["a commitment changed"][..0]);
    assert_eq!(reasons(&[("owner: service", "owner: senior-service")]), ["the field `owner` changed"]);
    assert_eq!(reasons(&[("PC-08, element: other", "PC-08, element: purpose-fit")]), ["a commitment changed"]);
    assert_eq!(reasons(&[("id: SMS-POL-01\n", "id: SMS-POL-01 # smsctl-allow a: b\n")]).len(), 1);
    assert_eq!(reasons(&[("**PC-09** We test", "We test")])[0], "a commitment changed");
    assert_eq!(reasons(&[("restore service", "bring back service")])[0], "a commitment changed");
    assert_eq!(
        reasons(&[("depend every working day", "rely every working day")]),
        ["in line 54 `depend` became `rely`"]
    );
    assert_eq!(reasons(&[("## Other parties", "## Third parties")]).len(), 1);
    assert!(matches!(compare(REGISTER, &REGISTER.replace("95", "96")).class(), Class::Material(_)));
}

/// A text with most of what a policy is made of.
const EDITORIAL: &str = "---\nid: POL-09\nkind: policy\nversion: 1.0\nchanges:\n  - version: 1.0\n    why: First.\n---\n# Backup policy\n\n\
    ## Scope\n\nThis policy covers the hosting platform, its storage and the tapes. It was writen after the review, and each\n\
    restore is recorded by the service manager alone. Backups are kept for four hours; a copy goes to the vault.\n\n\
    - The operator checks the log.\n- The log is kept for 15 minutes.\n- Tapes are labelled and stored, if the vault is open.\n\n\
    1. Open the ticket.\n2. Close the ticket.\n\n> Recieve the tape. Then sign.\n\n\
    See the [plan](plans/plan.md) and `restore.sh`. The Archive must keep it, and the group must approve it. The the desk informs IT.\n\n\
    Answer the [ticket](within 4 hours), \\[a\\](4h), the backend, or the [form](4h one.\n\n| [x | y](4h) |\n| --- | --- |\n\nXenon vault keeps 500 gibibytes. Solved in time[^a](4h). Solved in [P1](<4h) after. Solved [P1](4h\\) after. [Solved [P1](p1.md) quickly](4m) in a vlan. Lost data is recoved. Keep: this; that.\n\n[^a]: A note.\n\nDeduplicate and re-sign\n\n\
    | Priority | P1 | P2 | P3 |\n| --- | --- | --- | --- |\n| Answer | fast | slow | none |\n\nThe colour of a tape says what it holds.\n";

#[test]
fn harmless_changes_are_proved_editorial() {
    let benign = [
        ("writen", "written", "spelling `writen` to `written` in line 13"),
        ("colour", "color", "spelling `colour` to `color` in line 42"),
        ("labelled and stored", "labeled and stored", ""),
        ("The the desk", "The desk", ""),
        ("(plans/plan.md)", "(plans/backup-plan.md)", "link target"),
        ("(plans/plan.md)", "(plans/plan.html)", "link target"),
        ("The Archive must", "The archive must", "letter case `Archive` to `archive`"),
        ("platform, its storage and", "platform, its\nstorage and", "white space in line 13"),
        ("the hosting platform", "the  hosting platform", "white space"),
        ("hosting platform, its", "hosting platform – its", "punctuation"),
        ("This policy covers the hosting", "This policy covers the *hosting*", ""),
        ("a copy goes to the vault.", "a copy goes to the vault", "punctuation `.` removed"),
        ("checks the log.", "checks the log;", ""),
        ("checks the log.", "checks the log", ""),
        ("the hosting platform", "the \"hosting\" platform", ""),
        ("says what it holds", "says, what it holds", ""),
        ("\n\nThe colour", "\n\n\nThe colour", ""),
        ("| Answer | fast |", "| Answer   | fast |", "white space"),
        ("| --- | --- | --- | --- |", "| ----- | --- | --- | --- |", ""),
        ("See the [plan]", "see the [plan]", ""),
        ("vault is open.\n", "vault is open.  \n", ""),
        ("version: 1.0\nchanges:\n", "version: 1.0.1\nchanges:\n  - version: 1.0.1\n    why: Spelling.\n", ""),
    ];
    for (from, to, why) in benign {
        let comparison = compare(EDITORIAL, &edited(EDITORIAL, &[(from, to)]));
        match comparison.class() {
            Class::Editorial(harmless) => {
                let words: Vec<_> = harmless.iter().map(Harmless::in_words).collect();
                assert!(words.join(", ").contains(why), "{from}: {words:?}");
            }
            Class::Material(reasons) => panic!("{from:?} to {to:?}: {reasons:?}"),
        }
    }
    // Harmless and not proved to be: a capital may make it a name.
    assert_eq!(
        reasons(EDITORIAL, &edited(EDITORIAL, &[("Recieve", "Receive")])),
        ["in line 23 `Recieve` became `Receive`"]
    );
}

#[test]
fn no_change_of_meaning_is_editorial() {
    let changes = [
        ("four hours", "eight hours"),
        ("four hours", "four days"),
        ("15 minutes", "15 days"),
        ("15 minutes", "1.5 minutes"),
        ("15 minutes", "15minutes"),
        ("| Priority | P1 | P2 | P3 |", "| Priority | P3 | P3 | P3 |"),
        ("| fast | slow |", "| slow | slow |"),
        ("| fast | slow | none |", "| fast |  | none |"),
        ("| fast | slow | none |", "| fast | slow |"),
        ("| --- | --- | --- | --- |\n| Answer | fast | slow | none |\n", "| --- | --- | --- | --- |\n"),
        ("- The operator checks the log.\n", ""),
        ("- The operator checks the log.\n", "- The operator checks the log.\n- The vault burns.\n"),
        ("is recorded", "is never recorded"),
        ("is recorded", "is not recorded"),
        ("by the service manager alone", "by anyone"),
        ("manager alone", "manager"),
        ("service manager", "service manger"),
        ("the hosting", "no hosting"),
        ("must approve", "may approve"),
        ("must approve", "must not approve"),
        ("must approve", "**may** approve"),
        ("each\nrestore", "any\nrestore"),
        ("stored, if the", "stored if the"),
        ("if the vault", "unless the vault"),
        ("open.\n", "closed.\n"),
        ("after the review", "before the review"),
        ("covers the", "excludes the"),
        ("its storage and the", "its storage or the"),
        (", its storage", ""),
        ("informs IT", "informs it"),
        ("[ticket](within 4 hours)", "[ticket](within 8 hours)"),
        ("[form](4h", "[form](8h"),
        ("\\[a\\](4h)", "\\[a\\](8h)"),
        ("| [x | y](4h) |", "| [x | y](8h) |"),
        ("the backend", "the backed"),
        ("gibibytes", "gigabytes"),
        ("Deduplicate", "Duplicate"),
        ("re-sign", "resign"),
        ("time[^a](4h)", "time[^a](8h)"),
        ("[P1](<4h) after", "[P1](<8h) after"),
        ("[P1](4h\\) after", "[P1](8h\\) after"),
        ("quickly](4m)", "quickly](8m)"),
        ("a vlan", "a van"),
        ("is recoved", "is removed"),
        ("Keep: this;", "Keep; this:"),
        ("Xenon vault", "Xenos vault"),
        ("1. Open the ticket.\n2. Close the ticket.", "1. Close the ticket.\n2. Open the ticket."),
        ("2. Close", "3. Close"),
        ("`restore.sh`", "`erase.sh`"),
        ("`restore.sh`", "restore.sh"),
        ("[plan](plans/plan.md)", "plan"),
        ("See the [plan]", "See the ![plan]"),
        ("tapes. It was", "tapes? It was"),
        ("The operator checks", "The operator <!-- checks"),
        ("is recorded", "is ~~recorded~~"),
        ("# Backup policy", "## Backup policy"),
        ("## Scope\n\n", ""),
        ("- The log is kept", "  - The log is kept"),
        ("> Recieve", "Recieve"),
        ("copy goes", "cop\u{200b}y goes"),
        ("copy goes", "copy g\u{43e}es"),
        ("vault.\n", "vault. It burns.\n"),
        ("Backups are kept for four hours; a copy", "Backups are kept for four hours a copy"),
        ("    why: First.", "    why: Never."),
        ("tapes. It was", "tapes it was"),
        ("covers the hosting platform, its", "covers its hosting platform, the"),
    ];
    assert!(changes.len() >= 40);
    for (from, to) in changes {
        let comparison = compare(EDITORIAL, &edited(EDITORIAL, &[(from, to)]));
        assert!(matches!(comparison.class(), Class::Material(_)), "{from:?} to {to:?} passes as editorial");
    }
}

proptest! {
    #![proptest_config(cases(256))]
    #[test]
    fn a_word_that_came_went_or_became_another_is_never_editorial(
        at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), how in 0_u8..3,
    ) {
        let body = EDITORIAL.find("# Backup").unwrap();
        let words: Vec<_> = EDITORIAL[body..].match_indices(|c: char| c.is_alphanumeric()).map(|(at, _)| body + at)
            .filter(|at| !EDITORIAL[..*at].ends_with(char::is_alphanumeric)).collect();
        let word = |start: usize| &EDITORIAL[start..start + EDITORIAL[start..].find(|c: char| !c.is_alphanumeric()).unwrap()];
        let (start, with) = (*at.get(&words), word(*other.get(&words)));
        let was = word(start);
        let instead = match how {
            0 => String::new(),
            1 => format!("{was} {with}"),
            _ => with.to_owned(),
        };
        let new = format!("{}{instead}{}", &EDITORIAL[..start], &EDITORIAL[start + was.len()..]);
        let same_letters = instead.eq_ignore_ascii_case(was);
        let in_target = EDITORIAL[..start].rfind("](").is_some_and(|open| !EDITORIAL[open..start].contains(')'));
        let repeats = EDITORIAL[..start].ends_with("The ") && was == "the" || EDITORIAL[start..].starts_with("The the");
        prop_assume!(!same_letters && !in_target && !repeats);
        prop_assert!(matches!(compare(EDITORIAL, &new).class(), Class::Material(_)), "{was} to {instead}");
    }
}

#[test]
fn the_first_place_is_told_in_characters() {
    let place = |old: &str, new: &str| compare(old, new).first.map(|f| (f.offset, f.line, f.column, f.what)).unwrap();
    assert_eq!(place("añé x\n", "añé y\n"), (6, 1, 5, What::Text));
    assert_eq!(place("añ\n", "aó\n"), (1, 1, 2, What::Text));
    assert_eq!(place("a\nb\n", "a\r\nb\n"), (1, 1, 2, What::LineEnding));
    assert_eq!(place("a\nb c\n", "a\nb  c\n"), (4, 2, 3, What::Whitespace));
    assert_eq!(place("a\n", "a"), (1, 1, 2, What::EndOfFile));
    assert_eq!(place("a\n", "a\n\n"), (2, 2, 1, What::EndOfFile));
    assert_eq!(place("a\n", "a\nb\n"), (2, 2, 1, What::Text));
    assert_eq!(place("a\n", "\u{feff}a\n"), (0, 1, 1, What::ByteOrderMark));
    assert_eq!(place("---\nid: A\n---\n", "---\nid: B\n---\n"), (8, 2, 5, What::FrontMatter));
    assert_eq!(place("---\na: 1\nb: 2\n---\n", "---\nb: 2\na: 1\n---\n").3, What::OrderOnly);
}

#[test]
fn csv_changes_by_id() {
    let csv = |old: &str, new: &str| human(&compare_csv(Some(old.as_bytes()), Some(new.as_bytes())), &[], 80, false);
    let old = "id,metric,target.value\nM-1,mttr,4\nM-2,calls,90\n";
    insta::assert_snapshot!(csv(old, "id,metric,target.value\nM-2,calls,95\nM-3,\"a, b\",1\n"), @r#"
    Entries
      M-2 changed:
        Target value: 90 → 95
      M-3 added:
        Metric: {+a, b+}
        Target: {+value: 1+}
      M-1 removed:
        Metric: [-mttr-]
        Target: [-value: 4-]

    First difference: line 2, column 3 (text).
    "#);
    insta::assert_snapshot!(csv(old, "id,target.value,metric\nM-1,4,mttr\nM-2,90,\"calls\"\n"), @r#"
    How the file is written
      The order of columns changed (line 1).

    First difference: line 1, column 4 (order only).
    "#);
    insta::assert_snapshot!(csv("a,b\n1,2\n", "a,b\n1,3\n"), @r#"
    Entries
      #1 changed:
        B: 2 → 3

    First difference: line 2, column 3 (text).
    "#);
    let defect = compare_csv(Some(old.as_bytes()), Some(b"id,metric\nM-1\n"));
    assert!(matches!(defect.class(), Class::Material(_)));
    insta::assert_snapshot!(csv(old, "id,metric,target.value\nM-1,mttr\nM-2,calls,90\n"), @r#"
    Text
      Old line 2, text removed
        [-M-1,mttr,4-]
      Line 2, text added
        {+M-1,mttr+}

    0 words of the text added or removed; it had 0 before.
    First difference: line 2, column 9 (text).
    "#);
}

#[test]
fn the_json_keeps_its_schema() {
    let schema = repository().join("schemas/diff.schema.json");
    let new = edited(POLICY, &[("restore service", "mend service"), ("version: 2.0\n", "version: 2.1\n")]);
    let other = format!("{}\n| a | b |\n|--|--|\n| 1 | 2 |\n", REGISTER.replace("95", "96"));
    for c in [
        compare(POLICY, &new),
        compare(REGISTER, &other),
        compare("a", "a "),
        compare("a", "a"),
        compare_bytes(None, Some(b"x")),
    ] {
        assert_valid(&schema, &json(&c, None).to_string());
    }
}

#[test]
fn hostile_documents_are_compared_in_time() {
    // An eighth of the largest file, so that the tests stay quick; what grows faster than the text still shows.
    let mega = 1 << 17;
    let words = |seed: usize, step: usize| {
        (0..mega / 8).map(|i| format!("w{:06} ", (seed + i * step) % 999_983)).collect::<String>()
    };
    let repeat = |text: &str| text.repeat(mega / text.len());
    let numbered = |n: usize, sep: &str| (0..n).map(|i| format!("{i} text {}{sep}", i * 7 % 13)).collect::<String>();
    let list =
        |n: usize| (0..mega / 24).map(|i| format!("- item {} of {n} here\n", i * n % 99_991)).collect::<String>();
    let table = |n: usize| {
        format!(
            "| a | b |\n|--|--|\n{}",
            (0..mega / 24).map(|i| format!("| {} | cell {} |\n", i * n % 99_991, i + n)).collect::<String>()
        )
    };
    let yaml = |n: usize| {
        format!(
            "---\nentries:\n{}---\n",
            (0..mega / 32).map(|i| format!("  - {{id: A-{}, v: {}}}\n", i * n % 99_991, i)).collect::<String>()
        )
    };
    let cases = [
        ("one paragraph of other words", words(1, 7), words(500_000, 11)),
        ("two letters", repeat("a b "), repeat("b a a ")),
        ("short paragraphs", repeat("a\n\nb\n\n"), repeat("b\n\na\n\na\n\n")),
        ("other paragraphs", numbered(mega / 16, "\n\n"), numbered(mega / 17, " x\n\n")),
        ("lists", list(3), list(5)),
        ("tables", table(3), table(7)),
        ("headings", numbered(mega / 20, "\n===\n\n"), numbered(mega / 21, "\n---\n\n")),
        ("entries", yaml(3), yaml(5)),
        ("no spaces", repeat("漢"), repeat("字漢字")),
        ("one word", repeat("x"), repeat("y")),
        ("quotes", repeat("> "), repeat(">> ")),
        ("blank", repeat("\n"), repeat("\n ")),
    ];
    for (name, old, new) in cases {
        let start = spent();
        let c = compare(&old, &new);
        assert!(!c.is_empty());
        let page = human(&c, &[], 80, false);
        assert!(!page.is_empty());
        let took = spent().saturating_sub(start);
        assert!(took.as_secs() < 20, "{name}: {took:?}");
    }
}

/// Pieces of Markdown and YAML.
const PIECES: &[&str] = &[
    "---\n",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    "  ",
    "\t",
    "# ",
    "## ",
    "- ",
    "1. ",
    "2. ",
    "> ",
    "| a | b |\n|--|--|\n",
    "| ",
    " |\n",
    "|",
    "```\n",
    "~~~\n",
    "**PC-01** ",
    "id: A-1\n",
    "entries:\n",
    "  - id: B-1\n",
    "    v: 1\n",
    "tags: [a, b]\n",
    "a",
    "b",
    "word ",
    "two words ",
    "漢字",
    "👩\u{200d}💻",
    "שלום",
    "e\u{301}",
    "\u{feff}",
    "\u{202e}",
    "# c\n",
    " # c",
    "'x'",
    "\"y\"",
    "<!-- c -->\n",
    "===\n",
    "***\n",
    "[a]: b\n",
    "|\n",
    "\u{2028}",
    "commitments:\n",
    "  - {id: PC-01, element: other}\n",
    "...\n",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = vec(proptest::sample::select(PIECES), 0..40).prop_map(|p| p.concat());
    (pieces, any::<bool>())
        .prop_map(|(text, front)| if front { format!("---\nid: A-1\n{text}\n---\n{text}") } else { text })
}

/// A text and one that differs from it in a few places.
fn two_texts() -> impl Strategy<Value = (String, String)> {
    let edit = (any::<proptest::sample::Index>(), 0..4_usize, proptest::sample::select(PIECES));
    let near = (text(), vec(edit, 0..4)).prop_map(|(old, edits)| {
        let mut new: Vec<char> = old.chars().collect();
        for (at, gone, piece) in edits {
            let at = at.index(new.len() + 1);
            let end = (at + gone).min(new.len());
            new.splice(at..end, piece.chars());
        }
        (old, new.into_iter().collect())
    });
    prop_oneof![3 => near, 1 => (text(), text())]
}

fn side(segments: &[Segment], mark: Mark) -> String {
    segments.iter().filter(|s| s.mark == Mark::Same || s.mark == mark).map(|s| s.text.as_str()).collect()
}

fn sound(old: &str, new: &str) -> Result<(), TestCaseError> {
    let c = compare(old, new);
    prop_assert_eq!(c.is_empty(), old == new);
    let said = c.fields.len() + c.entries.len() + c.blocks.len() + c.layout.len();
    prop_assert_eq!(said == 0, old == new);
    prop_assert_eq!(c.first.is_none(), old == new);
    for block in &c.blocks {
        let (was, is) = (side(&block.segments, Mark::Removed), side(&block.segments, Mark::Added));
        // One mark is taken off; a second one is text.
        let lines = |text: &str| text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        // The text is what stands at the line the block names.
        for (text, line, whole) in [(was, block.old_line, lines(old)), (is, block.new_line, lines(new))] {
            if let Some(line) = line {
                let from: usize = whole.split_inclusive('\n').take(line - 1).map(str::len).sum();
                prop_assert!(whole[from..].starts_with(&text), "{text:?} at {line} of {whole:?}");
            } else {
                prop_assert_eq!(text, "");
            }
        }
    }
    let page = human(&c, &[], 60, false);
    prop_assert!(
        !page.contains(|ch: char| (ch.is_control() && ch != '\n') || ch == '\u{202e}' || ch == '\u{2028}'),
        "{page:?}"
    );
    prop_assert_eq!(page, human(&compare(old, new), &[], 60, false));
    let _ = (c.class(), json(&c, None), human(&c, &[], 1, true));
    Ok(())
}

/// The body of a text whose every line appears among the changes of a document that is new.
fn every_line_is_shown(text: &str) -> Result<(), TestCaseError> {
    let c = compare_bytes(None, Some(text.as_bytes()));
    let shown: String = c.blocks.iter().map(|b| side(&b.segments, Mark::Added) + "\n").collect();
    prop_assert!(c.blocks.iter().all(|b| b.change == ChangeKind::Added));
    let (document, _) = smsctl::document::parse(smsctl::source::FileId(0), text);
    for line in text[document.front.body_start()..]
        .lines()
        .map(|l| l.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
        .filter(|l| !l.is_empty())
    {
        prop_assert!(shown.contains(line), "{line:?} of {text:?} is not in {shown:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn whatever_differs_is_said((old, new) in two_texts()) {
        sound(&old, &new)?;
    }

    #[test]
    fn no_line_of_a_new_document_is_left_out(text in text()) {
        every_line_is_shown(&text)?;
    }

    #[test]
    fn segments_make_both_texts((old, new) in two_texts()) {
        let segments = segments(&old, &new);
        prop_assert_eq!(side(&segments, Mark::Removed), old);
        prop_assert_eq!(side(&segments, Mark::Added), new);
    }

    #[test]
    fn bytes_of_any_sort_are_compared(old in vec(any::<u8>(), 0..60), new in vec(any::<u8>(), 0..60)) {
        for c in [compare_bytes(Some(&old), Some(&new)), compare_csv(Some(&old), Some(&new))] {
            prop_assert_eq!(c.is_empty(), old == new);
            let _ = human(&c, &[], 40, false);
        }
        prop_assert!(compare_bytes(Some(&old), Some(&old)).is_empty());
    }

    #[test]
    fn csv_of_any_sort_is_compared((old, new) in two_texts()) {
        let c = compare_csv(Some(old.as_bytes()), Some(new.as_bytes()));
        prop_assert_eq!(c.is_empty(), old == new);
        prop_assert_eq!(c.entries.len() + c.blocks.len() + c.layout.len() == 0, old == new);
    }
}
