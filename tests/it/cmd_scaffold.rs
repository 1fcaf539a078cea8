//! `init` and `new`, through the library.

use std::collections::BTreeSet;

use smsctl::catalog::Catalog;
use smsctl::scaffold::{self, Answers, NewFile, NewRequest};
use smsctl::source::MemoryTree;
use smsctl::workspace::{self, Workspace};

use crate::common::{TODAY, check, lines};

fn init(organization: &str) -> MemoryTree {
    let answers = Answers { organization: organization.into(), language: "en".into(), today: TODAY };
    let files = scaffold::plan_init(&answers).unwrap();
    files.into_iter().filter(|f| !f.path.starts_with('.')).map(|f| (f.path, Some(f.text.into_bytes()))).collect()
}

fn load(tree: &MemoryTree) -> Workspace {
    workspace::load(tree, &|_, _| {}).unwrap()
}

fn new(tree: &MemoryTree, what: &str, title: Option<&str>) -> NewFile {
    let request = NewRequest { what: what.into(), title: title.map(str::to_owned), ..NewRequest::default() };
    scaffold::plan_new(&load(tree), &request, TODAY).unwrap_or_else(|e| panic!("{what}: {e}"))
}

fn with(tree: &MemoryTree, file: &NewFile) -> MemoryTree {
    let mut tree = tree.clone();
    tree.put(&file.path, Some(file.text.clone().into_bytes()));
    tree
}

/// Everything but what waits to be filled in.
fn defects(tree: &MemoryTree) -> Vec<String> {
    let (workspace, verdict) = check(tree);
    lines(&workspace, &verdict).into_iter().filter(|l| !l.starts_with("to-do ")).collect()
}

#[test]
fn a_new_sms_has_nothing_but_to_dos() {
    assert_eq!(defects(&init("Harbour Hosting")), Vec::<String>::new());
    assert_eq!(defects(&init("TODO(name of the organization)")), Vec::<String>::new());
    let (_, verdict) = check(&init("Harbour Hosting"));
    assert!(verdict.findings.len() > 50);
}

#[test]
fn names_with_quotes_and_signs_are_kept() {
    for name in ["O'Brien & Sons \"IT\"", "Schäfer \\ Söhne: GmbH #1", "株式会社"] {
        let tree = init(name);
        assert_eq!(load(&tree).config.organization, name);
        assert_eq!(defects(&tree), Vec::<String>::new(), "{name}");
    }
}

/// A new document brings no defect of its own into an SMS.
fn brings_no_defect(tree: &MemoryTree, what: &str, title: Option<&str>) {
    let file = new(tree, what, title);
    let before: BTreeSet<String> = defects(tree).into_iter().collect();
    let after: Vec<_> = defects(&with(tree, &file)).into_iter().filter(|l| !before.contains(l)).collect();
    assert_eq!(after, Vec::<String>::new(), "{what}");
}

#[test]
fn all_policies_come_without_defects() {
    let tree = init("Harbour Hosting");
    let have = ["service-management-policy", "change-management-policy", "information-security-policy"];
    let policies = Catalog::get().entries().iter().filter(|e| e.kind == "policy" && !have.contains(&e.id.as_str()));
    assert_eq!(policies.clone().count(), 16);
    policies.for_each(|entry| brings_no_defect(&tree, &entry.id, None));
}

#[test]
fn all_kinds_come_without_defects() {
    let tree = init("Harbour Hosting");
    let workspace = load(&tree);
    for kind in workspace.schemas.kinds().filter(|k| *k != "register") {
        brings_no_defect(&tree, kind, Some("On-call: the first hour"));
    }
}

#[test]
fn all_toolkit_entries_with_a_template_come_without_defects() {
    let tree = init("Harbour Hosting");
    let workspace = load(&tree);
    let mut written = 0;
    for entry in
        Catalog::get().entries().iter().filter(|e| !matches!(e.kind.as_str(), "policy" | "register" | "context"))
    {
        let request = NewRequest { what: entry.id.clone(), ..NewRequest::default() };
        match scaffold::plan_new(&workspace, &request, TODAY) {
            Ok(file) => {
                written += 1;
                assert!(file.text.contains(&format!("template: {}\n", entry.id)), "{}", file.text);
            }
            Err(error) => assert!(error.to_string().contains("exists already"), "{}: {error}", entry.id),
        }
    }
    assert!(written > 100, "{written}");
}

/// In an SMS that has nothing yet, what a template would refer to waits to be filled in.
#[test]
fn documents_come_without_defects_into_an_empty_sms() {
    let tree = crate::common::bare();
    let workspace = load(&tree);
    let names = workspace
        .schemas
        .registers()
        .map(str::to_owned)
        .chain(Catalog::get().entries().iter().filter(|e| e.kind == "policy").map(|e| e.id.clone()));
    for what in names.collect::<Vec<_>>() {
        let file = new(&tree, &what, None);
        let found = defects(&with(&tree, &file));
        let of_file: Vec<_> = found
            .iter()
            .filter(|l| ["reference-", "field-", "link-", "yaml-"].iter().any(|p| l.starts_with(p)))
            .collect();
        assert_eq!(of_file, Vec::<&String>::new(), "{what}");
    }
}

#[test]
fn the_first_policy_is_the_service_management_policy() {
    let mut tree = init("Harbour Hosting");
    tree.remove("policies/service-management-policy.md");
    let file = new(&tree, "policy", None);
    assert_eq!(file.path, "policies/service-management-policy.md");
    assert!(file.text.contains("id: SMS-POL-01\n"));
    let error = scaffold::plan_new(
        &load(&with(&tree, &file)),
        &NewRequest { what: "policy".into(), ..NewRequest::default() },
        TODAY,
    );
    assert!(error.unwrap_err().help().unwrap().contains("backup-policy"));
}

#[test]
fn ids_go_on_where_the_sms_stopped() {
    let tree = init("Harbour Hosting");
    let first = new(&tree, "procedure", Some("One"));
    let second = new(&with(&tree, &first), "procedure", Some("Two"));
    let id = |f: &NewFile| f.text.lines().find_map(|l| l.strip_prefix("id: ")).unwrap().to_owned();
    assert_eq!((id(&first), id(&second)), ("SMS-PRC-01".into(), "SMS-PRC-02".into()));
}

#[test]
fn new_refuses_rather_than_guesses() {
    let workspace = load(&init("Harbour Hosting"));
    let ask = |what: &str, title: Option<&str>, id: Option<&str>| {
        let request = NewRequest {
            what: what.into(),
            title: title.map(str::to_owned),
            id: id.map(str::to_owned),
            ..NewRequest::default()
        };
        scaffold::plan_new(&workspace, &request, TODAY).unwrap_err().to_string()
    };
    assert!(ask("polcy", None, None).contains("no kind"));
    assert!(ask("procedure", None, None).contains("title"));
    assert!(ask("register", Some("nope"), None).contains("no register"));
    assert!(ask("objectives", None, None).contains("exists already"));
    assert!(ask("procedure", Some("X"), Some("SMS-POL-01")).contains("in use"));
    for id in ["a b", "x", "SMS--1", "ä-1", "../x", "", "SMS-PRC-07\nkind: policy"] {
        assert!(ask("procedure", Some("X"), Some(id)).contains("is no id"), "{id}");
    }
}

#[test]
fn a_kind_of_the_user_is_written_from_its_schema() {
    let mut tree = init("Harbour Hosting");
    let schema = r#"{"type":"object","$ref":"smsctl:/schemas/common.schema.json#/$defs/control-block",
        "properties":{"kind":{"const":"runbook"},"system":{"type":"string","description":"System it is for."},
        "services":{"type":"array","items":{"type":"string","x-ref":"service"}}},"required":["system"],"unevaluatedProperties":false}"#;
    tree.put("schemas/runbook.schema.json", Some(schema.as_bytes().to_vec()));
    let config = format!(
        "{}\n[kinds.runbook]\nschema = \"schemas/runbook.schema.json\"\n",
        "[sms]\norganization = \"Harbour Hosting\"\n"
    );
    tree.put("smsctl.toml", Some(config.into_bytes()));
    let file = new(&tree, "runbook", Some("Restart the cache"));
    assert_eq!(file.path, "runbooks/restart-the-cache.md");
    assert!(file.text.contains("system: TODO(System it is for)"), "{}", file.text);
    brings_no_defect(&tree, "runbook", Some("Restart the cache"));
}
