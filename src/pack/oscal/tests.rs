use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use super::*;
use crate::history::Oid;
use crate::pack::CommitFacts;
use crate::readiness::{Yardstick, assess};
use crate::report::RunReport;
use crate::rules::{self, Ctx};
use crate::source::{MemoryTree, Source, WorkTree};
use crate::trust::{NotJudged, Record};
use crate::workspace;

/// The official schemas by the file they judge.
const SCHEMAS: [(&str, &str); 4] = [
    (CATALOG, "oscal_catalog_schema.json"),
    (COMPONENTS, "oscal_component_schema.json"),
    (RESULTS, "oscal_assessment-results_schema.json"),
    (ACTIONS, "oscal_poam_schema.json"),
];

fn folder(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The OSCAL files of an SMS whose every file is in the pack.
fn made(source: &dyn Source) -> Oscal {
    let ws = workspace::load(source, &|_, _| {}).unwrap();
    let today = ws.config.today.unwrap_or_else(|| "2026-11-20".parse().unwrap());
    let record = Record::not_judged(NotJudged::HistoryNone);
    let ctx = Ctx::new(&ws, today);
    let verdict = rules::run(&ctx);
    let questions = ws.catalog.questions();
    let readiness = assess(&ctx, &verdict, Yardstick::new(&ws.catalog, &questions));
    let report = RunReport::new(&ws, verdict, ".".into(), today);
    let stages = crate::catalog::Stages::built_in();
    let stage = stages.stages.iter().find(|s| s.id == "stage-2").unwrap();
    let commit =
        CommitFacts { oid: Oid::from_str(&"ab".repeat(20)).unwrap(), at: "2026-11-20T12:00:00Z".parse().unwrap() };
    let facts = Facts {
        ws: &ws,
        report: &report,
        record: &record,
        readiness: &readiness,
        stage,
        stages,
        today,
        commit,
        since: None,
        names: true,
    };
    let places = ws.sources.files().iter().map(|f| (f.path.clone(), format!("documents/{}", f.path))).collect();
    files(&facts, &places)
}

fn sample() -> Oscal {
    static SAMPLE: LazyLock<Oscal> = LazyLock::new(sample_again);
    SAMPLE.clone()
}

fn sample_again() -> Oscal {
    made(&WorkTree::open(&folder("examples/toolkit")))
}

fn sample_with(path: &str, change: impl Fn(&str) -> String) -> Oscal {
    let mut tree = MemoryTree::copy_of(&WorkTree::open(&folder("examples/toolkit")));
    let text = String::from_utf8(tree.read(path, u64::MAX).unwrap()).unwrap();
    let changed = change(&text);
    assert!(changed != text, "the change of {path} has no effect");
    tree.put(path, Some(changed.into_bytes()));
    made(&tree)
}

fn tree(files: &[(&str, &str)]) -> MemoryTree {
    files.iter().map(|(path, text)| ((*path).to_owned(), Some(text.as_bytes().to_vec()))).collect()
}

/// The value of a file behind its root.
fn read(oscal: &Oscal, file: &str) -> Value {
    let whole: Value = serde_json::from_slice(&oscal.files[file]).unwrap();
    whole.as_object().unwrap().values().next().unwrap().clone()
}

/// Every value under a key, wherever it stands.
fn every<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(|v| every(v, key)).collect(),
        Value::Object(fields) => {
            let own = fields.get(key);
            own.into_iter().chain(fields.values().flat_map(|v| every(v, key))).collect()
        }
        _ => Vec::new(),
    }
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    every(value, key).into_iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn assert_valid(oscal: &Oscal) {
    for (file, schema) in SCHEMAS {
        let Some(bytes) = oscal.files.get(file) else { continue };
        let schema = std::fs::read(folder("tests/fixtures/oscal").join(schema)).unwrap();
        let schema: Value = serde_json::from_slice(&schema).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).offline().build(&schema).unwrap();
        let value: Value = serde_json::from_slice(bytes).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{file}");
    }
}

/// What the schemas do not say: identifiers are there once, and what is referred to is there.
fn assert_whole(oscal: &Oscal) {
    let catalog = read(oscal, CATALOG);
    let controls: BTreeSet<String> = every(&catalog, "id").iter().map(|v| v.as_str().unwrap().to_owned()).collect();
    assert_eq!(controls.len(), every(&catalog, "id").len());
    let wording: Vec<&Value> = every(&catalog, "groups").into_iter().chain(every(&catalog, "controls")).collect();
    assert!(wording.iter().all(|v| v.is_array()));
    for file in oscal.files.keys() {
        let value = read(oscal, file);
        let ids = texts(&value, "uuid");
        let known: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), known.len(), "{file}: identifiers are there once");
        let named = ["actor-uuid", "subject-uuid", "observation-uuid", "risk-uuid", "finding-uuid", "component-uuid"];
        for id in named.into_iter().flat_map(|key| texts(&value, key)) {
            assert!(known.contains(&id), "{file}: {id}");
        }
        for link in texts(&value, "href").iter().filter_map(|h| h.strip_prefix('#')) {
            assert!(known.contains(&link.to_owned()), "{file}: #{link}");
        }
        let roles: BTreeSet<String> =
            value["metadata"]["roles"].as_array().into_iter().flatten().map(|r| r["id"].to_string()).collect();
        assert!(every(&value, "role-id").iter().all(|id| roles.contains(&id.to_string())), "{file}");
        for control in texts(&value, "control-id").iter().chain(&texts(&value, "target-id")) {
            assert!(controls.contains(control), "{file}: {control}");
        }
    }
}

#[test]
fn the_sample_keeps_the_schemas_of_nist() {
    let oscal = sample();
    assert_eq!(oscal.files.keys().collect::<Vec<_>>(), [RESULTS, CATALOG, COMPONENTS, ACTIONS]);
    assert_eq!(oscal.left_out, []);
    assert_valid(&oscal);
    assert_whole(&oscal);
}

#[test]
fn an_sms_without_documents_keeps_them_too() {
    let oscal = made(&tree(&[("smsctl.toml", "[sms]\norganization = \"Acme\"\n")]));
    assert_eq!(oscal.files.keys().collect::<Vec<_>>(), [RESULTS, CATALOG, COMPONENTS]);
    assert_eq!(oscal.left_out.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>(), [ACTIONS]);
    assert_valid(&oscal);
    assert_whole(&oscal);
    let nameless = made(&tree(&[("smsctl.toml", "")]));
    assert_valid(&nameless);
    assert_whole(&nameless);
}

#[test]
fn the_catalog_is_the_clause_tree() {
    let catalog = read(&sample(), CATALOG);
    let chapters: Vec<&str> = catalog["groups"].as_array().unwrap().iter().map(|g| g["id"].as_str().unwrap()).collect();
    assert_eq!(chapters, ["clause-4", "clause-5", "clause-6", "clause-7", "clause-8", "clause-9", "clause-10"]);
    let clauses = texts(&catalog, "class").len();
    assert_eq!(clauses, crate::catalog::Catalog::get().clauses().len());
    let third = &catalog["groups"][2]["controls"][0];
    assert_eq!(third["controls"][1]["title"], "Actions to address risks and opportunities, paragraph 6.1.2");
    assert_eq!(third["controls"][1]["props"][1]["value"], "clause-06.01.02");
    assert_eq!(third["parts"][0]["props"][0]["value"], "paraphrase");
}

#[test]
fn each_current_document_is_one_component_with_its_file() {
    let ws = workspace::load(&WorkTree::open(&folder("examples/toolkit")), &|_, _| {}).unwrap();
    let components = read(&sample(), COMPONENTS);
    let ids: Vec<&str> = every(&components, "props")
        .into_iter()
        .filter_map(|p| p.as_array()?.iter().find(|p| p["name"] == "document-id")?["value"].as_str())
        .collect();
    let mut current: Vec<&str> = ws.artifacts().filter(|a| a.is_current()).map(workspace::ArtifactView::id).collect();
    current.sort_unstable();
    assert_eq!(ids, current);
    let policy = ws.artifact_at("policies/service-management-policy.md").unwrap();
    let resources = components["back-matter"]["resources"].as_array().unwrap();
    let of_policy = resources.iter().find(|r| r["document-ids"][0]["identifier"] == policy.id()).unwrap();
    assert_eq!(of_policy["rlinks"][0]["href"], "../documents/policies/service-management-policy.md");
    assert_eq!(of_policy["rlinks"][0]["hashes"][0]["value"], text::sha256(policy.text()));
    let table = resources.iter().flat_map(|r| r["rlinks"].as_array().unwrap()).find(|l| l["media-type"] == "text/csv");
    assert!(table.is_some(), "the table beside a register is told");
    let component = components["components"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["title"] == "Service Management Policy")
        .unwrap();
    assert_eq!(component["type"], "policy");
    let controls = texts(&component["control-implementations"], "control-id");
    assert!(controls.contains(&"clause-5.2.1".to_owned()), "{controls:?}");
}

#[test]
fn a_document_outside_the_pack_has_no_file() {
    let oscal = crate::pack::facts::sample::with("stage-2", false, |facts| files(facts, &Places::new()));
    assert_valid(&oscal);
    let components = read(&oscal, COMPONENTS);
    assert_whole(&oscal);
    assert_eq!((components.get("back-matter"), every(&components, "links").len()), (None, 0));
    assert_eq!(components["components"][0]["remarks"], "The file of this document is not in the pack.");
}

#[test]
fn audits_held_are_results_and_planned_ones_are_not() {
    let results = read(&sample(), RESULTS);
    let titles: Vec<String> = results["results"].as_array().unwrap().iter().map(|r| r["title"].to_string()).collect();
    assert_eq!(titles.len(), 6, "{titles:?}");
    assert!(titles[0].contains("Check by smsctl") && titles[5].contains("AUD-2026-01"), "{titles:?}");
    let last = &results["results"][5];
    assert_eq!(last["start"], "2026-06-02T00:00:00Z");
    let selected = &last["reviewed-controls"]["control-selections"][0]["include-controls"];
    assert_eq!(selected[0]["control-id"], "clause-5.2");
    assert_eq!(last["observations"].as_array().unwrap().len(), 4);
    let findings = last["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "praise and observations are no findings about a clause");
    assert_eq!(findings[0]["target"]["target-id"], "clause-8.6.1_smt");
    assert!(!texts(&results, "state").contains(&"satisfied".to_owned()));
}

#[test]
fn an_audit_that_oscal_cannot_hold_is_named() {
    let path = "registers/internal-audits.md";
    let oscal = sample_with(path, |t| t.replace("held_on: 2024-06-11", "held_on: 1024-06-11"));
    assert!(oscal.left_out[0].1.contains("AUD-2024-01"), "{:?}", oscal.left_out);
    assert_valid(&oscal);
    let oscal = sample_with(path, |t| t.replace("reported_on: 2024-06-25\n    status: closed", "status: cancelled"));
    assert_eq!((read(&oscal, RESULTS)["results"].as_array().unwrap().len(), oscal.left_out.len()), (5, 0));
    let oscal = sample_with(path, |t| t.replace("clauses: [8.2, 8.2.1", "clauses: [zz]\n    x: [8.2.1"));
    assert!(oscal.left_out[0].1.contains("AUD-2024-02"), "{:?}", oscal.left_out);
    assert_eq!(read(&oscal, RESULTS)["results"].as_array().unwrap().len(), 5);
}

#[test]
fn an_audit_of_a_chapter_reviews_all_its_clauses() {
    let oscal =
        sample_with("registers/internal-audits.md", |t| t.replace("clauses: [8.2, 8.2.1", "clauses: [10, 8.2, 8.2.1"));
    let results = read(&oscal, RESULTS);
    let selected = texts(&results["results"][2]["reviewed-controls"], "control-id");
    assert!(selected.contains(&"clause-10.1.2".to_owned()) && !selected.contains(&"clause-10".to_owned()));
    assert_valid(&oscal);
    assert_whole(&oscal);
}

#[test]
fn a_nonconformity_of_the_audit_itself_is_among_its_findings() {
    let oscal = sample_with("records/nc-002-late-notice-to-top-management.md", |t| {
        t.replace("source_ref: FND-07", "source_ref: AUD-2025-02")
    });
    let results = read(&oscal, RESULTS);
    let of = |n: usize| texts(&results["results"][n]["findings"], "title");
    assert!(of(4).iter().any(|t| t.contains("NC-002")), "{:?}", of(4));
    assert_whole(&oscal);
}

#[test]
fn nonconformities_carry_their_actions() {
    let plan = read(&sample(), ACTIONS);
    let items = plan["poam-items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    let risks = plan["risks"].as_array().unwrap();
    let open = risks.iter().find(|r| r["title"].to_string().contains("NC-002")).unwrap();
    assert_eq!((&open["status"], &open["deadline"]), (&"remediating".into(), &"2027-01-15T00:00:00Z".into()));
    let lifecycles = texts(&open["remediations"], "lifecycle");
    assert_eq!(lifecycles, ["completed", "completed", "completed", "planned"]);
    assert_eq!(open["remediations"][3]["tasks"][0]["timing"]["on-date"]["date"], "2027-01-15T00:00:00Z");
    assert_eq!(open["remediations"][3]["tasks"][0]["responsible-roles"][0]["role-id"], "operations-manager");
    let closed = risks.iter().find(|r| r["title"].to_string().contains("NC-001")).unwrap();
    assert_eq!((&closed["status"], closed.get("deadline")), (&"closed".into(), None));
    assert_eq!(texts(&closed["risk-log"], "status-change"), ["open", "closed"]);
}

const POLICY: &str = "policies/service-management-policy.md";

/// The policy with an owner that does not exist, which is an error, and a review long overdue, which is a warning.
fn neglected(policy: &str) -> String {
    policy.replace("\nowner: ", "\nowner: nobody # ").replace("\neffective_on: ", "\neffective_on: 2020-01-01 # ")
}

fn props(of: &Value, name: &str) -> Vec<String> {
    let all = every(of, "props").into_iter().flat_map(|p| p.as_array().unwrap());
    all.filter(|p| p["name"] == name).map(|p| p["value"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn only_findings_that_fail_the_check_are_findings_about_clauses() {
    let oscal = sample_with(POLICY, neglected);
    let check = read(&oscal, RESULTS)["results"][0].clone();
    assert!(props(&check["observations"], "severity").contains(&"warning".to_owned()));
    let findings = check["findings"].as_array().unwrap();
    assert!(!findings.is_empty() && findings.iter().all(|f| props(f, "severity") == ["error"]));
    assert!(findings.iter().all(|f| f["target"]["status"]["reason"] == "fail"));
    let observed =
        check["observations"].as_array().unwrap().iter().find(|o| props(o, "severity") == ["error"]).unwrap();
    assert_eq!(observed["subjects"][0]["type"], "resource");
    assert!(
        observed["relevant-evidence"][0]["description"]
            .as_str()
            .unwrap()
            .contains("service-management-policy.md, line ")
    );
    assert_valid(&oscal);
    assert_whole(&oscal);
}

#[test]
fn waived_findings_stay_and_say_why() {
    let before = read(&sample_with(POLICY, neglected), RESULTS);
    let rule = props(&before["results"][0]["findings"][0], "rule").remove(0);
    let entry =
        format!("\n[[waivers]]\nrule = \"{rule}\"\nreason = \"wait\"\nowner = \"Jo Doe\"\nexpires = 2027-01-01\n");
    let mut tree = MemoryTree::copy_of(&WorkTree::open(&folder("examples/toolkit")));
    let text = |path: &str, tree: &MemoryTree| String::from_utf8(tree.read(path, u64::MAX).unwrap()).unwrap();
    tree.put(POLICY, Some(neglected(&text(POLICY, &tree)).into_bytes()));
    tree.put("smsctl.toml", Some((text("smsctl.toml", &tree) + &entry).into_bytes()));
    let oscal = made(&tree);
    let results = read(&oscal, RESULTS);
    let found = results["results"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| props(f, "rule") == [rule.clone()])
        .unwrap();
    let status = &found["target"]["status"];
    assert_eq!((&status["reason"], &status["remarks"]), (&"other".into(), &"wait".into()));
    assert_eq!(props(found, "waived-until"), ["2027-01-01"]);
    let text = String::from_utf8(oscal.files[RESULTS].clone()).unwrap();
    assert!(!text.contains("Jo Doe"), "an owner that is no role may be a person");
    assert_valid(&oscal);
    assert_whole(&oscal);
}

#[test]
fn names_of_persons_are_nowhere() {
    let oscal = sample_with("registers/roles.md", |t| t.replace("person: P-017", "person: Zebulon Quist"));
    for (file, bytes) in &oscal.files {
        assert!(!String::from_utf8_lossy(bytes).contains("Zebulon"), "{file}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let hostile =
        "\\u001b[31m\\u202e <b>&amp;</b> {{ insert: param, x }} [a](javascript:x) ``` \\u0000 # \\uFEFF 👩‍👩‍👧 ".to_owned();
    let long = "w".repeat(300);
    let evil = format!("\"{hostile}{long}\\n\\n- x\"");
    let config = format!("[sms]\norganization = {}\n", evil.replace("\\u0000", "").replace("\\u001b", "\\u007f"));
    let policy = format!(
        "---\nid: ../../x\nkind: policy\ntitle: {evil}\nversion: {evil}\nstatus: approved\nowner: {evil}\napprovers: [{evil}, 1st, '']\nclauses: [{evil}, '8', 5.2.1, 5.2.1, 'iso-1:2']\n---\n# x\n"
    );
    let register = |name: &str, prefix: &str, entries: &str| {
        format!(
            "---\nid: {prefix}\nkind: register\nregister: {name}\ntitle: {evil}\nversion: 1.0\nstatus: approved\nowner: x\nclauses: [9.2]\nentries:\n{entries}---\n# x\n"
        )
    };
    let audits = format!(
        "  - {{id: A-1, title: {evil}, clauses: [9.2, {evil}], held_on: 2026-01-02, lead_auditor: {evil}, auditors: [{evil}], criteria: {evil}, plan_ref: {evil}, findings: [{{id: {evil}, grade: {evil}, clause: {evil}, statement: {evil}}}, {{grade: major, clause: 9.2, evidence: {evil}, nc_ref: {evil}}}, 7]}}\n  - {{id: A-1, title: again, clauses: [9.2], held_on: 2026-01-02}}\n"
    );
    let cases = format!(
        "  - {{id: N-1, title: {evil}, statement: {evil}, raised_on: 2999-99-99, raised_by: {evil}, clause: {evil}, status: {evil}, root_cause: {evil}, containment: {evil}, corrective_actions: [{{text: {evil}, owner: {evil}, due_on: 2026-01-01, evidence_refs: [{evil}, A-1, A-1]}}, {{due_on: 9999-12-31}}, x], effectiveness: {{checked_on: 2026-02-30}}, closed_on: 1066-10-14}}\n  - {{id: N-1, clause: '8'}}\n"
    );
    let oscal = made(&tree(&[
        ("smsctl.toml", &config),
        ("policies/a b%é'\"<x>.md", &policy),
        ("policies/copy.md", &policy),
        ("registers/audits.md", &register("internal-audits", "R-1", &audits)),
        ("registers/cases.md", &register("nonconformities", "R-2", &cases)),
    ]));
    assert_eq!(oscal.files.len(), 4);
    assert_valid(&oscal);
    assert_whole(&oscal);
    for (file, bytes) in &oscal.files {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7f}']), "{file}");
        let value: Value = serde_json::from_str(&text).unwrap();
        let seen = format!("{:?}", texts(&value, "title"));
        assert!(!seen.contains("<b>") || seen.contains("\\\\<b>"), "{file}: {seen}");
    }
    assert_eq!(read(&oscal, RESULTS)["results"].as_array().unwrap().len(), 3);
}

#[test]
fn a_deep_tree_of_the_user_is_nested_only_so_far() {
    let mut clauses = String::from("id,parent,title,paraphrase\nflat,,Alone,x\n1,,One,x\n");
    for n in 2..400 {
        clauses += &format!("{n},{},(untitled),x\n", n - 1);
    }
    let config = "[sms]\norganization = \"Acme\"\nstandard = \"deep\"\n[catalog.clauses]\ndeep = \"deep.csv\"\n";
    let oscal = made(&tree(&[("smsctl.toml", config), ("deep.csv", &clauses)]));
    let catalog = read(&oscal, CATALOG);
    assert!(texts(&catalog, "id").contains(&"clause-399".to_owned()));
    assert_eq!(catalog["controls"][0]["id"], "clause-flat");
    assert_valid(&oscal);
    assert_whole(&oscal);
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let (one, two) = (sample(), sample_again());
    assert_eq!(one.files, two.files);
}

#[test]
fn identifiers_of_things_outlive_a_change_and_those_of_files_do_not() {
    let before = sample();
    let after =
        sample_with("policies/service-management-policy.md", |t| t.replace("title: Service", "title: Our Service"));
    let id = |oscal: &Oscal| {
        let value = read(oscal, COMPONENTS);
        let all = value["components"].as_array().unwrap().clone();
        let own = all.into_iter().find(|c| c["title"].to_string().contains("Service Management Policy")).unwrap();
        (own["uuid"].clone(), value["uuid"].clone())
    };
    let ((thing, file), (same, other)) = (id(&before), id(&after));
    assert_eq!(thing, same);
    assert_ne!(file, other);
}
