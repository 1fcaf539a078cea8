//! `smsctl list`.

use crate::run::{binary, disk, on, small, smsctl};

#[test]
fn the_master_list_is_a_table_by_document_number() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["list"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out, @r"
    ID       KIND      TITLE           VERSION  STATUS    OWNER      EFFECTIVE ON  NEXT REVIEW  CLAUSES      PATH
    CTX-01   context   Context         1.2      approved  sms-owner  2026-02-10    2027-02-10   4.1 4.3      context.md
    POL-01   policy    Service Policy  1.2      approved  sms-owner  2026-02-10    2027-02-10   5.2.1 5.2.2  policies/policy.md
    REG-MSR  register  Measurements    1.2      approved  sms-owner  2026-02-10    2027-02-10   9.1          registers/measurements.md
    REG-OBJ  register  Objectives      1.2      approved  sms-owner  2026-02-10    2027-02-10   6.2.1        registers/objectives.md
    REG-PRO  register  Processes       1.2      approved  sms-owner  2026-02-10    2027-02-10   4.4          registers/processes.md
    REG-ROL  register  Roles           1.2      approved  sms-owner  2026-02-10    2027-02-10   5.3          registers/roles.md
    ");
}

#[test]
fn filters_narrow_it_and_a_clause_takes_those_below() {
    let sms = disk(&small());
    let ids = |args: &[&str]| {
        let ran = smsctl(sms.path(), &[&["list", "--format", "csv"], args].concat());
        ran.out.lines().skip(1).map(|l| l.split(',').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--clause", "5"]), ["POL-01", "REG-ROL"]);
    assert_eq!(ids(&["--clause", "5.2"]), ["POL-01"]);
    assert_eq!(ids(&["--kind", "context"]), ["CTX-01"]);
    assert_eq!(ids(&["--status", "draft"]), Vec::<String>::new());
    assert_eq!(ids(&["--owner", "sms-owner", "--kind", "policy"]), ["POL-01"]);
}

#[test]
fn a_filter_that_names_nothing_is_refused_with_the_nearest() {
    let sms = disk(&small());
    for (args, near) in [
        (["--kind", "polcy"], "Did you mean `policy`?"),
        (["--status", "aproved"], "Did you mean `approved`?"),
        (["--owner", "sms-ownr"], "Did you mean `sms-owner`?"),
        (["--clause", "5.2.9"], "Did you mean `5.2"),
    ] {
        let ran = smsctl(sms.path(), &[&["list"][..], &args].concat());
        assert_eq!(ran.status, 2, "{}", ran.out);
        assert!(ran.err.contains(near), "{}", ran.err);
    }
}

#[test]
fn entities_have_a_type_an_id_a_label_and_a_place() {
    let sms = disk(&small());
    insta::assert_snapshot!(smsctl(sms.path(), &["list", "--entities", "--clause", "9.1"]).out, @r"
    TYPE         ID       LABEL             WHERE
    measurement  MSR-1    MSR-1             registers/measurements.csv:2
    measurement  MSR-2    MSR-2             registers/measurements.csv:3
    metric       in-time  Restored in time  registers/measurements.md:14
    register     REG-MSR  Measurements      registers/measurements.md:2
    ");
    let json = smsctl(sms.path(), &["list", "--entities", "--kind", "objective", "--format", "json"]).out;
    insta::assert_snapshot!(json, @r#"
    {
      "schema": "smsctl-list/1",
      "entities": [
        {
          "id": "OBJ-01",
          "type": "objective",
          "label": "Restore quickly",
          "status": "active",
          "document": "REG-OBJ",
          "path": "registers/objectives.md",
          "line": 14
        }
      ],
      "unread": []
    }
    "#);
}

#[test]
fn documents_come_as_json() {
    let sms = disk(&small());
    insta::assert_snapshot!(smsctl(sms.path(), &["list", "--kind", "policy", "--format", "json"]).out, @r#"
    {
      "schema": "smsctl-list/1",
      "documents": [
        {
          "id": "POL-01",
          "kind": "policy",
          "register": null,
          "title": "Service Policy",
          "version": "1.2",
          "status": "approved",
          "owner": "sms-owner",
          "effective_on": "2026-02-10",
          "next_review": "2027-02-10",
          "clauses": [
            "5.2.1",
            "5.2.2"
          ],
          "path": "policies/policy.md"
        }
      ],
      "unread": []
    }
    "#);
}

#[test]
fn hostile_titles_reach_neither_terminal_nor_spreadsheet() {
    let mut tree = small();
    let text = "---\nid: FRM-01\nkind: form\ntitle: \"=cmd()\\x1b[2J\\x85\"\nversion: 1.0\nstatus: draft\nowner: sms-owner\nclauses: [7.5.4]\n---\n";
    tree.put("form.md", Some(text.into()));
    let sms = disk(&tree);
    for format in ["table", "csv", "json"] {
        let out = smsctl(sms.path(), &["list", "--kind", "form", "--format", format]).out;
        assert!(!out.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r')), "{out:?}");
    }
    let csv = smsctl(sms.path(), &["list", "--kind", "form", "--format", "csv"]).out;
    assert!(csv.contains(",'=cmd()"), "{csv}");
}

#[test]
fn a_terminal_cuts_lines_and_files_left_out_are_said() {
    let mut tree = small();
    tree.put("broken.md", Some("---\nid: X-1\nkind: policy\ntitle: [\n---\n".into()));
    let sms = disk(&tree);
    let ran = on(sms.path(), &["list"], Some(100));
    assert!(ran.out.lines().all(|l| l.chars().count() <= 100), "{}", ran.out);
    assert!(ran.err.contains("broken.md"), "{}", ran.err);
    let narrow = on(sms.path(), &["list"], Some(60)).out;
    assert!(
        narrow.contains("REG-OBJ") && narrow.ends_with("(no room for CLAUSES, EFFECTIVE ON, PATH, OWNER, KIND)\n"),
        "{narrow}"
    );
    let json = smsctl(sms.path(), &["list", "--format", "json"]).out;
    assert!(json.contains("\"unread\": [\n    \"broken.md\"\n  ]"), "{json}");
}

/// `assert_cmd` has no way to hand a closed pipe in.
#[allow(clippy::disallowed_methods)]
#[test]
fn the_binary_lists_and_survives_a_closed_pipe() {
    let sms = disk(&small());
    binary(sms.path()).args(["list", "-q"]).assert().success().stderr("");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("smsctl"));
    let status = command.env_clear().current_dir(sms.path()).arg("list").stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(0));
}
