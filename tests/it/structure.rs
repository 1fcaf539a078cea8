//! What may be wrong with files, front matter, references, configuration and waivers: rule, place and help of each.

use smsctl::artifact;
use smsctl::rules::{self, Ctx, Verdict};
use smsctl::source::{MemoryTree, Source};
use smsctl::workspace::{self, Workspace};

use crate::common::{TODAY, bare};

const ROLES: &str = "---\nid: SMS-REG-ROL\nkind: register\nregister: roles\ntitle: Roles\nversion: 1.0\nstatus: approved\n\
    owner: operations-manager\napprovers: [operations-manager]\nclauses: [5.3]\nentries:\n  - id: operations-manager\n    \
    title: Operations manager\n    function: operations\n    top_management: false\n    scope: [sms]\n    \
    responsibilities: [runs the services]\n    authorities: [stop a change]\n---\n\n# Roles\n";

const POLICY: &str = "---\nid: SMS-POL-07\nkind: policy\ntitle: Backup Policy\nversion: 1.0\nstatus: approved\n\
    owner: operations-manager\napprovers: [operations-manager]\nclauses: [8.7.2]\nscope_ref: SMS-CTX-01\n---\n\n\
    # Backup Policy\n\nAll customer data is copied each night.\n";

/// A document of this front matter, beside the roles.
fn document(fields: &str) -> String {
    format!(
        "---\n{fields}\nkind: guideline\ntitle: Backup\nversion: 1.0\nstatus: draft\nowner: operations-manager\n\
         approvers: [operations-manager]\nclauses: [8.7.2]\n---\n\n# Backup\n"
    )
}

fn tree<T: AsRef<[u8]>>(files: &[(&str, T)]) -> MemoryTree {
    let mut tree = bare();
    tree.put("registers/roles.md", Some(ROLES.into()));
    for (path, text) in files {
        tree.put(path, Some(text.as_ref().to_vec()));
    }
    tree
}

fn check(source: &dyn Source) -> (Workspace, Verdict) {
    let workspace = workspace::load(source, &|_, _| {}).expect("smsctl.toml is readable");
    let verdict = rules::run(&Ctx::new(&workspace, TODAY));
    (workspace, verdict)
}

/// `path:line:column message` of the findings of a rule. Each must name what to do next.
fn found(source: &dyn Source, rule: &str) -> Vec<String> {
    let (workspace, verdict) = check(source);
    let of_rule = verdict.findings.iter().filter(|f| f.rule.name == rule);
    let line = |f: &rules::Finding| {
        let span = f.problem.span;
        let place = workspace.sources.file(span.file).position(span.start as usize);
        assert!(!f.problem.help.is_empty(), "{} gives no help: {}", rule, f.problem.message);
        format!("{}:{}:{} {}", workspace.sources.path(span), place.line, place.column, f.problem.message)
    };
    of_rule.map(line).collect()
}

#[track_caller]
fn expect(source: &dyn Source, rule: &str, wanted: &[&str]) {
    let found = found(source, rule);
    let matches = found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| f.starts_with(w));
    if !matches {
        let (workspace, verdict) = check(source);
        let all = crate::common::lines(&workspace, &verdict);
        panic!("{rule}\n  found {found:#?}\n  wanted {wanted:#?}\n  of {all:#?}");
    }
}

fn waived(source: &dyn Source) -> Vec<(&'static str, String)> {
    check(source).1.waived.iter().map(|w| (w.finding.rule.name, w.by.reason.clone())).collect()
}

// Fields and references.

#[test]
fn a_misspelt_owner_is_found_at_the_word_and_the_right_one_is_offered() {
    let tree = tree(&[("policy.md", POLICY.replace("owner: operations-manager", "owner: operations-manger"))]);
    let wanted = ["policy.md:7:8 `operations-manger` names no role", "policy.md:10:12 `SMS-CTX-01` names no"];
    expect(&tree, "reference-unresolved", &wanted);
    let (_, verdict) = check(&tree);
    assert!(verdict.findings.iter().any(|f| f.problem.help.contains("Did you mean `operations-manager`?")));
}

#[test]
fn a_doubled_id_is_found_at_the_second_place_with_the_first() {
    let tree = tree(&[("a.md", document("id: SMS-GDL-01")), ("b.md", document("id: SMS-GDL-01"))]);
    expect(&tree, "duplicate-id", &["b.md:2:5 the id `SMS-GDL-01` is used twice"]);
    let (workspace, verdict) = check(&tree);
    let finding = verdict.findings.iter().find(|f| f.rule.name == "duplicate-id").unwrap();
    assert_eq!(workspace.sources.path(finding.problem.related[0].span), "a.md");
}

#[test]
fn circles_are_found_once_along_each_field() {
    let files = [
        ("a.md", document("id: A-1\nsupersedes: [B-1]\ndepends_on: [A-1]")),
        ("b.md", document("id: B-1\nsupersedes: [C-1]")),
        ("c.md", document("id: C-1\nsupersedes: [A-1]\ndepends_on: [B-1]")),
    ];
    let wanted = [
        "a.md:4:14 `depends_on` goes round in a circle: A-1 → A-1",
        "c.md:3:14 `supersedes` goes round in a circle: A-1 → B-1 → C-1 → A-1",
    ];
    expect(&tree(&files), "reference-cycle", &wanted);
    let roles = ROLES.replace("    authorities: [stop a change]\n", "    reports_to: operations-manager\n");
    let wanted = ["registers/roles.md:18:17 `reports_to` goes round in a circle"];
    expect(&tree(&[("registers/roles.md", roles)]), "reference-cycle", &wanted);
}

// Front matter.

#[test]
fn broken_yaml_is_found_at_its_place_and_does_not_break_references_to_it() {
    let cases: [(&str, &str, &str, &str); 5] = [
        ("yaml-syntax", "title: Backup", "title: Backup\n   draft: [", "a.md:5:9 "),
        ("yaml-syntax", "title: Backup", "title:\n\ttext: Backup", "a.md:5:1 the front matter indents with a tab"),
        ("yaml-syntax", "title: Backup", "title: Backup: all", "a.md:4:14 "),
        ("yaml-duplicate-key", "title: Backup", "title: Backup\ntitle: Again", "a.md:5:1 the field `title`"),
        ("yaml-unsupported", "title: Backup", "title: &t Backup", "a.md:4:8 the front matter uses an anchor (`&name`)"),
    ];
    for (rule, from, to, wanted) in cases {
        let broken = document("id: SMS-GDL-01").replace(from, to);
        let tree = tree(&[("a.md", broken), ("b.md", document("id: SMS-GDL-02\nrelated: [SMS-GDL-01]"))]);
        expect(&tree, rule, &[wanted]);
        expect(&tree, "reference-unresolved", &[]);
        expect(&tree, "unread-file", &[]);
    }
}

#[test]
fn a_block_that_is_not_closed_or_not_first_is_found() {
    let text = document("id: SMS-GDL-01");
    let unclosed = text.replacen("\n---\n", "\n", 1);
    expect(&tree(&[("a.md", unclosed)]), "front-matter-malformed", &["a.md:1:1 the front matter starts here"]);
    let late = format!("\n{text}");
    let wanted = ["a.md:2:1 the front matter does not start on the first line"];
    expect(&tree(&[("a.md", &late)]), "front-matter-malformed", &wanted);
    expect(&tree(&[("a.md", &late)]), "unread-file", &[]);
    expect(&tree(&[("a.md", "---\nid: SMS-GDL-01\nkind\n---\n")]), "yaml-syntax", &["a.md:"]);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_fine() {
    let text = format!("\u{feff}{}", document("id: SMS-GDL-01\nowner_: x").replace('\n', "\r\n"));
    let tree = tree(&[("a.md", text)]);
    expect(&tree, "field-unknown", &["a.md:3:1 `owner_`"]);
    for rule in ["not-utf8", "yaml-syntax", "front-matter-malformed", "unread-file", "heading-mismatch"] {
        expect(&tree, rule, &[]);
    }
}

// Bytes.

fn wide(text: &str, big_endian: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|u| if big_endian { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

#[test]
fn other_encodings_and_nul_bytes_are_found() {
    let text = document("id: SMS-GDL-01");
    for (big_endian, mark) in [(false, false), (false, true), (true, false), (true, true)] {
        let tree = tree(&[("a.md", wide(&text, big_endian, mark))]);
        expect(&tree, "not-utf8", &["a.md:1:1 the file is UTF-16 text, not UTF-8"]);
    }
    let nul = text.replace("title: Backup", "title: Back\0up");
    expect(&tree(&[("a.md", nul)]), "not-utf8", &["a.md:4:12 the file holds a NUL byte"]);
    let latin = [text.as_bytes(), b"\nCaf\xE9\n"].concat();
    expect(&tree(&[("a.md", latin)]), "not-utf8", &["a.md:14:4 the file is not UTF-8: byte 0xE9"]);
}

// CSV.

const MEASUREMENTS: &str = "---\nid: SMS-REG-MSR\nkind: register\nregister: measurements\ntitle: Measurements\nversion: 1.0\n\
    status: approved\nowner: operations-manager\napprovers: [operations-manager]\nclauses: [9.1]\n\
    entries_from: measurements.csv\n---\n\n# Measurements\n";

fn with_csv(register: &str, csv: &str) -> MemoryTree {
    tree(&[("registers/measurements.md", register), ("registers/measurements.csv", csv)])
}

#[test]
fn csv_faults_are_found_in_the_csv() {
    let doubled = with_csv(MEASUREMENTS, "id,metric,id\nMSR-0001,up-time,MSR-0002\n");
    expect(&doubled, "csv-malformed", &["registers/measurements.csv:1:11 the column `id` stands here a second time"]);
    let open = with_csv(MEASUREMENTS, "id,metric\nMSR-0001,\"up-time\nMSR-0002,up-time\n");
    expect(&open, "csv-malformed", &["registers/measurements.csv:2:10 this quotation mark is never closed"]);
    let value =
        with_csv(MEASUREMENTS, "id,metric,period,value,collected_on\nMSR-0001,up-time,2026-10,many,2026-11-03\n");
    expect(&value, "field-invalid", &["registers/measurements.csv:2:26 `value`: `many` is not a number"]);
    expect(&value, "reference-unresolved", &["registers/measurements.csv:2:10 `up-time` names no metric"]);
}

#[test]
fn entries_stand_in_one_place() {
    let both = MEASUREMENTS.replace("entries_from", "entries: []\nentries_from");
    let wanted = ["registers/measurements.md:12:15 the register has both `entries` and `entries_from`"];
    expect(&with_csv(&both, "id\n"), "csv-malformed", &wanted);
    let gone = MEASUREMENTS.replace("measurements.csv", "measurement.csv");
    let wanted = ["registers/measurements.md:11:15 `measurement.csv` does not exist"];
    expect(&with_csv(&gone, "id\n"), "csv-malformed", &wanted);
    let to_do = MEASUREMENTS.replace("measurements.csv", "TODO(which file).csv");
    expect(&with_csv(&to_do, "id\n"), "csv-malformed", &[]);
    expect(&with_csv(&to_do, "id\n"), "to-do", &["registers/measurements.md:11:15 to fill in: which file"]);
    expect(&with_csv(MEASUREMENTS, "id,metric\n"), "register-empty", &["registers/measurements.md:11:15 "]);
    expect(&with_csv(MEASUREMENTS, "id,metric\na\n"), "register-empty", &[]);
}

// Waivers. An unknown reference is what they cover.

const OWNER: &str = "owner: operations-manager";

#[test]
fn a_waiver_covers_its_line_and_the_next_with_text() {
    let fill = |text: &str| format!("{}\n{text}\n", document("id: SMS-GDL-01"));
    let same = fill("Copies go to TODO(site). <!-- smsctl-allow to-do: the site opens in March -->");
    let before = fill("<!-- smsctl-allow to-do: the site opens in March -->\n\nCopies go to TODO(site).");
    for text in [same, before] {
        let tree = tree(&[("a.md", text)]);
        expect(&tree, "to-do", &[]);
        expect(&tree, "waiver-unused", &[]);
        assert_eq!(waived(&tree), [("to-do", "the site opens in March".to_owned())]);
    }
    let far = fill("<!-- smsctl-allow to-do: the site opens in March -->\n\nText.\n\nCopies go to TODO(site).");
    let tree = tree(&[("a.md", far)]);
    expect(&tree, "to-do", &["a.md:18:14 "]);
    expect(&tree, "waiver-unused", &["a.md:14:1 the waiver of `to-do` matches no finding"]);
}

#[test]
fn a_waiver_may_stand_in_a_comment_of_the_front_matter() {
    let unknown = "owner: nobody-yet";
    let same = format!("{unknown} # smsctl-allow reference-unresolved: role opens in March");
    let before = format!("# smsctl-allow reference-unresolved: role opens in March\n{unknown}");
    for text in [same, before] {
        let tree = tree(&[("a.md", document("id: SMS-GDL-01").replace(OWNER, &text))]);
        expect(&tree, "reference-unresolved", &[]);
        expect(&tree, "waiver-unused", &[]);
        assert_eq!(waived(&tree), [("reference-unresolved", "role opens in March".to_owned())]);
    }
}

#[test]
fn a_waiver_that_does_not_count_says_why() {
    let cases = [
        ("to-do", "waiver-without-reason", "the waiver of `to-do` gives no reason"),
        ("to-do:  ", "waiver-without-reason", "the waiver of `to-do` gives no reason"),
        ("", "waiver-without-reason", "this waiver cannot be read"),
        (": because", "waiver-without-reason", "this waiver cannot be read"),
        ("to-do until 2026-02-30: later", "waiver-without-reason", "this waiver cannot be read"),
        ("to-do till March: later", "waiver-without-reason", "this waiver cannot be read"),
        ("to-do until 2026-11-19: later", "waiver-expired", "the waiver of `to-do` ended on 2026-11-19"),
        ("to-doo: later", "config-unknown-name", "there is no rule `to-doo`"),
        ("P-036: agreed wording", "config-unknown-name", "there is no rule `P-036`"),
    ];
    for (waiver, rule, message) in cases {
        let text = format!("{}\nGo to TODO(site). <!-- smsctl-allow {waiver} -->\n", document("id: SMS-GDL-01"));
        let tree = tree(&[("a.md", text)]);
        expect(&tree, rule, &[&format!("a.md:14:19 {message}")]);
        expect(&tree, "to-do", &["a.md:14:7 "]);
        expect(&tree, "waiver-unused", &[]);
    }
    let last_day = "Go to TODO(site). <!-- smsctl-allow to-do until 2026-11-20: later -->";
    let tree = tree(&[("a.md", format!("{}\n{last_day}\n", document("id: SMS-GDL-01")))]);
    expect(&tree, "to-do", &[]);
}

#[test]
fn a_requirement_number_is_answered_with_its_rule() {
    let text = format!("{}\n<!-- smsctl-allow P-091: agreed -->\n", document("id: SMS-GDL-01"));
    let (_, verdict) = check(&tree(&[("a.md", text)]));
    let finding = verdict.findings.iter().find(|f| f.rule.name == "config-unknown-name").unwrap();
    assert!(finding.problem.help.starts_with("P-091 is decided by the rule `"), "{}", finding.problem.help);
}

fn configured(config: &str) -> MemoryTree {
    let text = document("id: SMS-GDL-01").replace("title: Backup", "title: TODO(name)");
    tree(&[("a.md", text.as_str()), ("smsctl.toml", &format!("[sms]\norganization = \"N\"\n{config}"))])
}

#[test]
fn waivers_in_the_configuration_give_one_finding_each() {
    let waiver = |fields: &str| configured(&format!("[[waivers]]\n{fields}\n"));
    let good = waiver("rule = \"to-do\"\nsubject = \"SMS-GDL-01\"\nreason = \"r\"\nexpires = 2026-11-20");
    assert_eq!(waived(&good), [("to-do", "r".to_owned())]);
    assert_eq!(waived(&waiver("rule = \"to-do\"\nsubject = \"a.md\"\nreason = \"r\"")).len(), 1);
    assert_eq!(waived(&waiver("rule = \"to-do\"\nreason = \"r\"")).len(), 1);
    let cases = [
        ("rule = \"to-do\"\nsubject = \"SMS-GDL-02\"\nreason = \"r\"", "waiver-unused", "4:8"),
        ("rule = \"to-do\"", "waiver-without-reason", "4:8"),
        ("rule = \"to-do\"\nreason = \"\"", "waiver-without-reason", "4:8"),
        ("rule = \"to-do\"\nreason = \"r\"\nexpires = 2026-01-31", "waiver-expired", "4:8"),
        ("rule = \"to-dos\"\nreason = \"r\"", "config-unknown-name", "4:8"),
        ("rule = \"P-036\"\nreason = \"r\"", "config-unknown-name", "4:8"),
        ("rule = \"to-do\"\nreasons = \"r\"\nreason = \"r\"", "config-unknown-name", "5:1"),
        ("reason = \"r\"", "config-invalid", "4:10"),
    ];
    let (_, verdict) = check(&waiver("rule = \"to-do\""));
    assert!(verdict.findings.iter().any(|f| f.problem.help.starts_with("Add `reason = ")));
    for (fields, rule, place) in cases {
        let tree = waiver(fields);
        expect(&tree, rule, &[&format!("smsctl.toml:{place} ")]);
        let (_, verdict) = check(&tree);
        let about = |f: &&rules::Finding| f.rule.name.starts_with("waiver-") || f.rule.name.starts_with("config-");
        assert_eq!(verdict.findings.iter().filter(about).count(), 1, "{fields}");
    }
}

// Configuration.

#[test]
fn unknown_names_in_the_configuration_are_found() {
    let cases = [
        ("[chekc]\nfail-on = \"note\"", "config-unknown-name", "3:2 `chekc`"),
        ("[check]\nfailon = \"note\"", "config-unknown-name", "4:1 `check.failon`"),
        ("[rules]\ntodo = \"off\"", "config-unknown-name", "4:1 there is no rule `todo`"),
        ("[rules]\nempty-document = { word = 5 }", "config-unknown-name", "4:20 the rule `empty-document` has no"),
        ("[rules]\nempty-document = { words = \"few\" }", "config-invalid", "4:28 the setting `words`"),
        ("[rules]\nto-do = \"fatal\"", "config-invalid", "4:9 "),
        ("[words.en]\nweak-verb = [\"x\"]", "config-unknown-name", "4:1 there is no word list `weak-verb`"),
        ("[check]\nfail-on = \"fatal\"", "config-invalid", "4:11 `check.fail-on`: `fatal` is none of"),
        ("[check]\ntoday = \"2026-02-30\"", "config-invalid", "4:9 `check.today`"),
    ];
    for (config, rule, wanted) in cases {
        expect(&configured(config), rule, &[&format!("smsctl.toml:{wanted}")]);
    }
    let known = "[rules]\nempty-document = { severity = \"note\", words = 1_000 }\n";
    for rule in ["config-invalid", "config-unknown-name"] {
        expect(&configured(known), rule, &[]);
    }
}

const RUNBOOK: &str = r#"{"$ref": "common.schema.json#/$defs/control-block", "type": "object",
    "properties": {"for_role": {"type": "string", "x-ref": "role"}}, "unevaluatedProperties": false}"#;

const CERTIFICATES: &str = r##"{"$ref": "common.schema.json#/$defs/control-block", "type": "object",
    "properties": {"register": {"const": "certificates"}, "entries": {"type": "array", "items": {"$ref": "#/$defs/entry"}}},
    "unevaluatedProperties": false,
    "$defs": {"entry": {"type": "object", "x-entity": "certificate", "x-id-prefix": "CRT",
      "properties": {"id": {"type": "string"}, "owner": {"type": "string", "x-ref": "role"},
        "replaces": {"type": "string", "x-ref": "certificate", "x-acyclic": true}}}}}"##;

fn own_kinds(runbook: &str, certificates: &str) -> MemoryTree {
    let config = "[sms]\norganization = \"N\"\n[kinds.runbook]\nschema = \"schemas/runbook.json\"\n\
                  [registers.certificates]\nschema = \"schemas/certificates.json\"\n";
    let register = document("id: SMS-REG-CRT\nregister: certificates").replace("guideline", "register").replacen(
        "\n---\n\n",
        "\nentries:\n  - {id: CRT-1, owner: nobody, replaces: CRT-2}\n  - {id: CRT-2, replaces: CRT-1}\n  - {id: X-3}\n---\n\n",
        1,
    );
    let page = document("id: SMS-RUN-01\nfor_role: operation-manager").replace("guideline", "runbook");
    tree(&[
        ("smsctl.toml", config),
        ("schemas/runbook.json", runbook),
        ("schemas/certificates.json", certificates),
        ("run.md", &page),
        ("certificates.md", &register),
    ])
}

#[test]
fn kinds_and_registers_of_the_user_get_the_checks_for_free() {
    let tree = own_kinds(RUNBOOK, CERTIFICATES);
    let wanted = ["certificates.md:12:24 `nobody` names no role", "run.md:3:11 `operation-manager` names no role"];
    expect(&tree, "reference-unresolved", &wanted);
    expect(&tree, "reference-cycle", &["certificates.md:13:27 `replaces` goes round"]);
    expect(
        &tree,
        "id-unusual-form",
        &["certificates.md:14:10 the id `X-3` of this certificate does not start with `CRT-`"],
    );
    for rule in ["kind-unknown", "config-invalid", "field-unknown"] {
        expect(&tree, rule, &[]);
    }
}

#[test]
fn a_broken_schema_of_the_user_is_one_finding() {
    let cases = [
        ("{", "the schema of `runbook` cannot be used: it is not JSON"),
        (r#"{"type": "thing"}"#, "the schema of `runbook` cannot be used: it is not a valid schema"),
    ];
    for (schema, message) in cases {
        let tree = own_kinds(schema, CERTIFICATES);
        expect(&tree, "config-invalid", &[&format!("smsctl.toml:4:10 {message}")]);
        expect(&tree, "kind-unknown", &[]);
    }
    let tree = own_kinds(RUNBOOK, RUNBOOK);
    let wanted = ["smsctl.toml:6:10 the schema of `certificates` cannot be used: it has no `$defs.entry`"];
    expect(&tree, "config-invalid", &wanted);
    expect(&tree, "kind-unknown", &[]);
    expect(&tree, "field-unknown", &[]);
}

/// Parts that contain each other would be unrolled without end.
#[test]
fn a_schema_that_contains_itself_many_times_is_read_in_bounded_time() {
    let fields: Vec<String> = (0..20).map(|n| format!("\"f{n}\": {{\"$ref\": \"#\"}}")).collect();
    let schema = format!("{{\"type\": \"object\", \"properties\": {{{}}}}}", fields.join(","));
    assert!(smsctl::schema::Schema::parse(&schema).is_ok());
}

// Files that are not artifacts.

#[test]
fn front_matter_of_other_tools_makes_no_artifact() {
    let page = "---\ntitle: News\ndate: 2026-05-01\nlayout: post\n---\n\nText.\n";
    let odd = "---\ntitle: &t News\nlayout: *t\n---\n\nText.\n";
    let tree = tree(&[("news.md", page), ("odd.md", odd), ("README.md", page)]);
    let (workspace, _) = check(&tree);
    assert_eq!(workspace.artifacts.len(), 1);
    let role = |path: &str| artifact::role(workspace.document_at(path).unwrap());
    assert_eq!((role("news.md"), role("odd.md")), (artifact::Role::Page, artifact::Role::Page));
    let wanted = ["news.md:1:1 `news.md` is not read as an artifact: its front matter names no kind", "odd.md:1:1 "];
    expect(&tree, "unread-file", &wanted);
    expect(&tree, "yaml-unsupported", &[]);
}

#[test]
fn ten_thousand_pages_without_front_matter_give_few_findings() {
    let config = "[sms]\norganization = \"N\"\n";
    let pages = (0..10_000).map(|n| (format!("docs/{}/{n}.md", n % 97), Some(b"# Page\n\n[x](gone.md)\n".to_vec())));
    let tree: MemoryTree = pages.chain([("smsctl.toml".to_owned(), Some(config.into()))]).collect();
    let (_, verdict) = check(&tree);
    assert!(verdict.findings.len() < 20, "{} findings", verdict.findings.len());
    expect(&tree, "nothing-checked", &["smsctl.toml:1:2 "]);
    expect(&tree, "unread-file", &["smsctl.toml:1:2 10000 files are not read as artifacts"]);
}

// Sections.

const PROCESS: &str = "---\nid: SMS-PRO-01\nkind: process\ntitle: Changes\nversion: 0.1\nstatus: draft\n\
    owner: operations-manager\napprovers: [operations-manager]\nclauses: [8.5.1]\n---\n\n# Changes\n\n## 1 Purpose\n\n\
    Planned work on live services does not turn into an incident, and everyone who is touched by it knows in time.\n\n\
    ## 2 Activities\n\nAsk, assess, agree, do, look back.\n\n## 3. SCOPE:\n\nAll live services.\n";

#[test]
fn sections_of_drafts_are_judged_in_the_language_whose_titles_are_known() {
    let english = tree(&[("p.md", PROCESS)]);
    let wanted =
        ["p.md:12:1 the sections `Triggers and inputs`, `Roles and RACI` and `Measures and performance criteria` are"];
    expect(&english, "section-missing", &wanted);
    expect(&english, "section-out-of-order", &["p.md:18:1 the section `2 Activities` stands out of order"]);
    let german = tree(&[("p.md", PROCESS.replace("version: 0.1", "version: 0.1\nlanguage: de-BE"))]);
    for rule in ["section-missing", "section-out-of-order"] {
        expect(&german, rule, &[]);
        assert!(check(&german).1.not_evaluated.iter().any(|n| n.rule == rule), "{rule}");
    }
    let retired = tree(&[("p.md", PROCESS.replace("status: draft", "status: retired"))]);
    expect(&retired, "section-missing", &[]);
}

#[test]
fn sections_of_a_kind_of_the_user_are_judged_in_any_language() {
    let schema = RUNBOOK.replacen('{', r#"{"x-sections": [["Zweck", "Ziel"], "Ablauf"],"#, 1);
    let mut tree = own_kinds(&schema, CERTIFICATES);
    let words = "Wer nachts gerufen wird, findet hier jeden Schritt, den er gehen muss, und wen er danach anrufen soll, ohne zu suchen.";
    let page = document("id: SMS-RUN-01\nlanguage: de").replace("guideline", "runbook");
    tree.put("run.md", Some(format!("{page}\n## 1. Ziel\n\n{words}\n").into_bytes()));
    expect(&tree, "section-missing", &["run.md:13:1 the section `Ablauf` is missing"]);
}

// Links.

#[test]
fn links_are_followed_from_artifacts_and_pages() {
    let text = "\nSee [a](../registers/roles.md#roles), [b](../registers/), [c](<my notes.txt>), [d](my%20notes.txt),\n\
        [e](https://example.org/x.md), <desk@example.org>, ![f](/logo.png), [g](../registers/role.md),\n\
        [h](../registers/roles.md#role), [i](#bakcup), [j](..\\registers\\roles.md), [k](../../x.md), [l](../.github/x).\n";
    let page = document("id: SMS-GDL-01") + text;
    let tree = tree(&[("docs/a.md", page.as_str()), ("docs/my notes.txt", ""), ("README.md", "[x](doc/a.md)\n")]);
    let wanted = [
        "README.md:1:5 the link `doc/a.md` leads to no file",
        "docs/a.md:15:57 the link `/logo.png` leads out",
        "docs/a.md:15:73 the link `../registers/role.md` leads to no file",
        "docs/a.md:16:52 the link `..\\registers\\roles.md` leads out",
        "docs/a.md:16:80 the link `../../x.md` leads out",
    ];
    expect(&tree, "link-broken", &wanted);
    let wanted = [
        "docs/a.md:16:26 `#role` is no heading of `registers/roles.md`",
        "docs/a.md:16:38 `#bakcup` is no heading of this",
    ];
    expect(&tree, "anchor-broken", &wanted);
    let (_, verdict) = check(&tree);
    assert!(verdict.not_evaluated.iter().any(|n| n.rule == "link-broken"), "the hidden folder is not mentioned");
    let helps: Vec<_> = verdict.findings.iter().map(|f| f.problem.help.as_str()).collect();
    for help in ["Did you mean `docs/a.md`?", "Did you mean `../registers/roles.md`?", "Did you mean `#backup`?"] {
        assert!(helps.contains(&help), "{help}: {helps:?}");
    }
}

// A work tree on disk.

#[cfg(unix)]
mod on_disk {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    use smsctl::source::WorkTree;

    use super::{ROLES, check, document, expect};

    fn disk(root: &Path) {
        fs::write(root.join("smsctl.toml"), "[sms]\norganization = \"N\"\n").unwrap();
        fs::create_dir(root.join("registers")).unwrap();
        fs::write(root.join("registers/roles.md"), ROLES).unwrap();
    }

    #[test]
    fn links_are_never_followed_and_always_mentioned() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        disk(root.path());
        fs::write(outside.path().join("a.md"), document("id: SMS-GDL-01")).unwrap();
        symlink(outside.path().join("a.md"), root.path().join("out.md")).unwrap();
        symlink(outside.path(), root.path().join("policies")).unwrap();
        symlink("loop.md", root.path().join("loop.md")).unwrap();
        symlink(".", root.path().join("registers/again")).unwrap();
        let tree = WorkTree::open(root.path());
        assert_eq!(check(&tree).0.artifacts.len(), 1);
        let wanted = ["loop.md", "out.md", "policies", "registers/again"];
        let wanted = wanted.map(|p| format!("smsctl.toml:1:2 `{p}` is not read as an artifact: it is a symbolic link"));
        expect(&tree, "unread-file", &wanted.each_ref().map(String::as_str));
    }

    #[test]
    fn entries_are_not_read_through_a_link() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        disk(root.path());
        fs::write(outside.path().join("x.csv"), "id,metric\n").unwrap();
        symlink(outside.path().join("x.csv"), root.path().join("registers/measurements.csv")).unwrap();
        fs::write(root.path().join("registers/measurements.md"), super::MEASUREMENTS).unwrap();
        let wanted = ["registers/measurements.csv:1:1 the file cannot be read: it is not a regular file"];
        expect(&WorkTree::open(root.path()), "unreadable-file", &wanted);
    }

    /// The superuser may read everything, so there is nothing to see for it.
    #[test]
    fn a_file_without_permission_is_a_finding() {
        let root = tempfile::tempdir().unwrap();
        disk(root.path());
        let path = root.path().join("secret.md");
        fs::write(&path, document("id: SMS-GDL-01")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::File::open(&path).is_ok() {
            return;
        }
        let wanted = ["secret.md:1:1 the file cannot be read: you have no permission"];
        expect(&WorkTree::open(root.path()), "unreadable-file", &wanted);
    }
}
