//! `smsctl status`.

use serde_json::Value;
use smsctl::source::{MemoryTree, Source as _};

use crate::common::{bare, repository, toolkit};
use crate::due::valid;
use crate::example::EXAMPLE;
use crate::kit::{DOCUMENT, Kit};
use crate::run::{Ran, disk, on, small, smsctl};

fn status(tree: &MemoryTree, args: &[&str]) -> Ran {
    let sms = disk(tree);
    smsctl(sms.path(), &[&["status"][..], args].concat())
}

fn json(tree: &MemoryTree) -> Value {
    valid(&status(tree, &["--format", "json"]).out, "status")
}

/// Words enough for a document.
const WORDS: &str = "We run every service as agreed, look at what happened each month, ask our customers what they need, \
                     and decide each quarter what becomes better next.";

/// The small SMS with a policy that says something.
fn telling() -> MemoryTree {
    let mut tree = small();
    tree.put("policies/policy.md", Some(policy("POL-01", "1.2", WORDS).into_bytes()));
    tree
}

fn policy(id: &str, version: &str, words: &str) -> String {
    format!(
        "---\nid: {id}\nkind: policy\ntitle: Service Management Policy\nversion: {version}\nstatus: approved\n\
         owner: service-owner\napprovers: [cio]\neffective_on: 2026-01-02\nreview_interval: P1Y\nclauses: [5.2.1]\n---\n\n\
         # Service Management Policy\n\n{words}\n"
    )
}

fn find<'v>(list: &'v Value, id: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("{id} is not there"))
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect()
}

fn fresh() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ran = smsctl(folder.path(), &["init", "--organization", "Fresh Ltd", "."]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    folder
}

#[test]
fn the_sample_answers_every_clause_and_question_with_evidence() {
    let json = json(&toolkit());
    let (clauses, questions) = (json["clauses"].as_array().unwrap(), json["questions"].as_array().unwrap());
    assert_eq!((clauses.len(), questions.len()), (63, 48));
    let there = |e: &Value| {
        let path = e["path"].as_str().unwrap();
        assert!(repository().join("examples/toolkit").join(path).is_file(), "{path}");
    };
    for clause in clauses {
        clause["documents"].as_array().unwrap().iter().chain(clause["records"].as_array().unwrap()).for_each(there);
        let shown = clause["documents"].as_array().unwrap().len() + clause["records"].as_array().unwrap().len();
        let (verdict, missing) = (clause["verdict"].as_str().unwrap(), clause["missing"].as_array().unwrap().len());
        match verdict {
            "answered" => assert!(shown > 0 && missing == 0, "{clause}"),
            "partly" => assert!(shown > 0 && missing > 0, "{clause}"),
            _ => assert!(shown == 0 && missing > 0, "{clause}"),
        }
    }
    for question in questions {
        question["evidence"].as_array().unwrap().iter().for_each(there);
        let (verdict, missing) = (question["verdict"].as_str().unwrap(), question["missing"].as_array().unwrap().len());
        let shown = question["evidence"].as_array().unwrap().len();
        match verdict {
            "answered" => assert!(shown > 0 && missing == 0, "{question}"),
            "needs-interview" => assert!(shown > 0 && question["interview"].is_string(), "{question}"),
            _ => assert!(missing > 0, "{question}"),
        }
    }
    let groups: u64 = json["groups"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|g| !g["id"].as_str().unwrap().contains('.'))
        .map(|g| g["total"].as_u64().unwrap())
        .sum();
    assert_eq!(groups, 63);
}

/// Counted by hand in `examples/toolkit`: the only policy that names 5.2.1 is SMS-POL-01; the only document of kind context
/// is SMS-CTX-01, and 4.3 asks for one; of the management reviews two were held since 2025-11-20, MR-2026-01 on 2026-03-24
/// and MR-2026-02 on 2026-09-24.
#[test]
fn three_clauses_of_the_sample_counted_by_hand() {
    let json = json(&toolkit());
    let policy = find(&json["clauses"], "5.2.1");
    assert_eq!((ids(&policy["documents"]), policy["verdict"].as_str()), (vec!["SMS-POL-01"], Some("answered")));
    let scope = find(&json["clauses"], "4.3");
    assert_eq!((ids(&scope["documents"]), scope["verdict"].as_str()), (vec!["SMS-CTX-01"], Some("answered")));
    let review = find(&json["clauses"], "9.3");
    assert_eq!(review["verdict"], "answered");
    let reviews: Vec<&Value> =
        review["records"].as_array().unwrap().iter().filter(|r| r["id"].as_str().unwrap().starts_with("MR-")).collect();
    let told: Vec<_> = reviews.iter().map(|r| (r["id"].as_str().unwrap(), r["path"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("MR-2026-02", "records/management-review-2026-09.md"),
            ("MR-2026-01", "records/management-review-2026-03.md")
        ]
    );
}

/// The small SMS, by hand: 5.2.1 has one policy (POL-01), approved, its review due on 2027-01-02; 9.1 asks for records, and
/// measurements.csv has two, of 2026-10-02 and 2026-11-03; 8.6.1 has nothing; 8.1 asks for a record (any measurement).
#[test]
fn a_small_sms_counted_by_hand() {
    let json = json(&telling());
    let clause = |id| find(&json["clauses"], id);
    assert_eq!(
        (ids(&clause("5.2.1")["documents"]), clause("5.2.1")["verdict"].as_str()),
        (vec!["POL-01"], Some("answered"))
    );
    let measured = clause("9.1");
    assert_eq!((measured["records_total"].as_u64(), ids(&measured["records"])), (Some(2), vec!["MSR-2", "MSR-1"]));
    assert_eq!(measured["records"][0]["on"], "2026-11-03");
    assert_eq!(
        (clause("8.6.1")["verdict"].as_str(), clause("8.1")["verdict"].as_str()),
        (Some("open"), Some("answered"))
    );
    let steps = &clause("8.6.1")["steps"];
    assert!(["present", "approved", "current", "evidenced"].iter().all(|s| steps[s] == false));
    assert_eq!(clause("8.6.1")["missing"][0]["command"], "smsctl new incident-management-process");
    // 5.1, 5.2.1, 5.2.2 and 5.3 stand below 5.
    let chapter = find(&json["groups"], "5");
    assert_eq!(chapter["total"], 4);
}

#[test]
fn a_record_older_than_a_year_does_not_count() {
    let sms = disk(&small());
    let at = |day: &str| {
        let out = smsctl(sms.path(), &["status", "--format", "json", "--today", day]).out;
        let json: Value = serde_json::from_str(&out).unwrap();
        let clause = find(&json["clauses"], "9.1");
        (clause["records_total"].as_u64().unwrap(), clause["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(at("2026-11-02"), (1, "answered".into()));
    assert_eq!(at("2027-11-03").0, 1);
    assert_eq!(at("2027-11-04"), (0, "partly".into()));
}

#[test]
fn a_fresh_sms_has_documents_and_nothing_to_rely_on() {
    let folder = fresh();
    let json = valid(&smsctl(folder.path(), &["status", "--format", "json"]).out, "status");
    let count = |what: &str, verdict: &str| json["summary"][what][verdict].as_u64().unwrap();
    assert_eq!((count("clauses", "answered"), count("questions", "answered")), (0, 0));
    assert_eq!(count("questions", "needs_interview"), 0);
    assert_eq!(json["summary"]["gates_passed"], serde_json::json!([]));
    let policy = find(&json["clauses"], "5.2.1");
    assert_eq!(
        policy["steps"],
        serde_json::json!({"present": true, "approved": false, "current": false, "evidenced": false})
    );
    let text = policy["missing"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("SMS-POL-01 is not finished: to fill in: "), "{text}");
    let steps = json["next_steps"].as_array().unwrap();
    assert_eq!(steps.len(), 5);
    assert!(steps.iter().all(|s| s["command"].as_str().unwrap().starts_with("smsctl ")), "{steps:?}");
    assert_eq!(steps[0]["gate"], "application");
    for condition in json["gates"].as_array().unwrap().iter().flat_map(|g| g["conditions"].as_array().unwrap()) {
        assert_eq!(condition["state"] == "met", condition["missing"] == serde_json::json!([]), "{condition}");
    }
}

#[test]
fn an_approved_document_with_a_placeholder_is_not_current() {
    let mut tree = small();
    tree.put(
        "policies/policy.md",
        Some(policy("POL-01", "1.2", &format!("{WORDS} We serve TODO(whom).")).into_bytes()),
    );
    let json = json(&tree);
    let clause = find(&json["clauses"], "5.2.1");
    assert_eq!(clause["verdict"], "partly");
    assert_eq!(
        clause["steps"],
        serde_json::json!({"present": true, "approved": true, "current": false, "evidenced": false})
    );
    // Switching the rule off makes no document finished.
    let config = "[sms]\norganization = \"N\"\n[rules]\nto-do = \"off\"\n";
    tree.put("smsctl.toml", Some(config.into()));
    assert_eq!(find(&self::json(&tree)["clauses"], "5.2.1")["verdict"], "partly");
}

#[test]
fn an_overdue_review_is_not_current_and_says_what_to_run() {
    let sms = disk(&telling());
    let out = smsctl(sms.path(), &["status", "--format", "json", "--today", "2027-01-03"]).out;
    let json: Value = serde_json::from_str(&out).unwrap();
    let missing = &find(&json["clauses"], "5.2.1")["missing"][0];
    assert_eq!(missing["text"], "the review of POL-01 was due on 2027-01-02");
    assert_eq!(
        (missing["command"].as_str(), missing["overdue"].as_bool()),
        (Some("smsctl record review POL-01"), Some(true))
    );
}

#[test]
fn an_sms_without_anything_answers_nothing() {
    let json = json(&bare());
    let clauses = json["clauses"].as_array().unwrap();
    assert!(clauses.iter().all(|c| c["verdict"] == "open" && !c["missing"].as_array().unwrap().is_empty()));
    let questions = json["questions"].as_array().unwrap();
    assert!(questions.iter().all(|q| q["verdict"] == "open"), "{questions:#?}");
    let conditions = json["gates"].as_array().unwrap().iter().flat_map(|g| g["conditions"].as_array().unwrap());
    let met: Vec<&str> = conditions.filter(|c| c["state"] == "met").map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(met, Vec::<&str>::new());
    let nowhere = tempfile::tempdir().unwrap();
    let ran = smsctl(nowhere.path(), &["status"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("smsctl.toml"), "{}", ran.err);
}

#[test]
fn a_rule_that_is_off_leaves_its_question_undecided() {
    let mut tree = toolkit();
    let json_of = |tree: &MemoryTree| self::json(tree);
    assert_eq!(find(&json_of(&tree)["questions"], "CL-033")["verdict"], "answered");
    let config =
        "[sms]\norganization = \"N\"\n[check]\ntoday = 2026-11-20\n[rules]\nsupplier-review-overdue = \"off\"\n";
    tree.put("smsctl.toml", Some(config.into()));
    let json = json_of(&tree);
    let question = find(&json["questions"], "CL-033");
    assert_eq!(question["verdict"], "partly");
    let texts: Vec<&str> =
        question["missing"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["supplier-review-overdue could not be judged: it is switched off in smsctl.toml"]);
}

#[test]
fn a_gate_decides_the_exit_status_and_says_why() {
    let folder = fresh();
    for gate in GATES {
        let ran = smsctl(folder.path(), &["status", "--fail-under", gate]);
        assert_eq!(ran.status, 1, "{gate}");
        assert!(ran.err.starts_with(&format!("smsctl: the gate {gate} is not passed: ")), "{}", ran.err);
    }
    assert_eq!(smsctl(folder.path(), &["status"]).status, 0);
    assert_eq!(smsctl(folder.path(), &["status", "--fail-under", "stage-3"]).status, 2);
}

const GATES: [&str; 5] = ["application", "stage-1", "stage-2", "surveillance", "recertification"];

#[test]
fn claims_of_approval_pass_no_gate_unless_somebody_accepts_them() {
    let sms = disk(&toolkit());
    for gate in GATES {
        let args = ["status", "--fail-under", gate, "--format", "json"];
        let ran = smsctl(sms.path(), &args);
        assert!(
            ran.status == 1 && ran.err.contains("approvals are verified from the signed history"),
            "{gate}: {}",
            ran.err
        );
        let json = valid(&ran.out, "status");
        let state = &find(&find(&json["gates"], gate)["conditions"], "approvals")["state"];
        assert_eq!((state, &json["approvals"]["claims_accepted"]), (&"undecided".into(), &false.into()));
        let ran = smsctl(sms.path(), &[&args[..], &["--accept-claims"]].concat());
        assert_eq!(
            (ran.status, &valid(&ran.out, "status")["approvals"]["claims_accepted"]),
            (0, &true.into()),
            "{}",
            ran.err
        );
    }
    for format in ["human", "markdown"] {
        let ran = smsctl(sms.path(), &["status", "--format", format]);
        assert!(ran.out.replace('\n', " ").contains("so no gate passes"), "{}", ran.out);
        let ran = smsctl(sms.path(), &["status", "--format", format, "--accept-claims"]);
        assert!(ran.out.replace('\n', " ").contains("--accept-claims was given"), "{}", ran.out);
    }
}

#[test]
fn a_shallow_clone_passes_no_gate() {
    let folder = tempfile::tempdir().unwrap();
    let from = format!("file://{}", EXAMPLE.folder.path().display());
    let clone = folder.path().join("clone");
    let cloned = crate::common::alone("git", folder.path())
        .args(["clone", "-q", "--depth", "1", &from, clone.to_str().unwrap()])
        .status();
    assert!(cloned.unwrap().success());
    for gate in GATES {
        let status = |folder| smsctl(folder, &["status", "--fail-under", gate]).status;
        assert_eq!((status(EXAMPLE.folder.path()), status(&clone)), (0, 1), "{gate}");
    }
}

/// Findings of the certification body stand in the register of the certificate, with or without a nonconformity.
#[test]
fn an_open_finding_of_the_certification_body_is_open() {
    let path = "registers/certification.md";
    let text = String::from_utf8(toolkit().read(path, u64::MAX).unwrap()).unwrap();
    let open = |edit: &dyn Fn(&str) -> String| {
        let mut tree = toolkit();
        tree.put(path, Some(edit(&text).into()));
        let json = valid(&status(&tree, &["--format", "json", "--accept-claims"]).out, "status");
        let gates = json["gates"].as_array().unwrap().clone();
        let conditions = gates.iter().flat_map(|g| g["conditions"].as_array().unwrap().clone());
        let open = conditions.filter(|c| c["state"] != "met").map(|c| c["id"].as_str().unwrap().to_owned());
        open.collect::<Vec<_>>()
    };
    assert_eq!(open(&str::to_owned), Vec::<String>::new());
    let finding = "accepted_on: 2025-02-24, verified_on: 2026-02-11";
    assert!(text.contains(finding));
    let unverified = |text: &str| text.replacen(finding, "accepted_on: 2025-02-24", 1);
    assert_eq!(open(&unverified), Vec::<String>::new(), "the plan of a minor finding was accepted");
    assert_eq!(open(&|text| text.replacen(finding, "improvement_ref: IMP-001", 1)), ["concerns", "majors", "findings"]);
    let major = |text: &str| unverified(text).replacen("id: FND-E01, grade: minor", "id: FND-E01, grade: major", 1);
    assert_eq!(open(&major), ["concerns", "majors", "findings"]);
    // A register that cannot be read holds nothing open and nothing closed.
    let broken = open(&|text| text.replacen("title:", "title: [", 1));
    assert!(["concerns", "majors", "findings"].iter().all(|id| broken.iter().any(|b| b == id)), "{broken:?}");
    let never_held = open(&|text| text.replace("stage: stage-1", "stage: pre-audit"));
    assert!(never_held.contains(&"concerns".to_owned()), "{never_held:?}");
}

/// What a template brings is no answer.
#[test]
fn an_untouched_toolkit_meets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["init", "--organization", "Fresh Ltd", "--profile", "toolkit", "."];
    assert_eq!(smsctl(folder.path(), &args).status, 0);
    let json = valid(&smsctl(folder.path(), &["status", "--format", "json", "--accept-claims"]).out, "status");
    for gate in json["gates"].as_array().unwrap() {
        for condition in gate["conditions"].as_array().unwrap() {
            let accepted = condition["id"] == "approvals";
            assert_eq!(condition["state"] == "met", accepted, "{}: {condition}", gate["id"]);
            assert!(accepted || !condition["missing"].as_array().unwrap().is_empty(), "{condition}");
        }
    }
    let done = json["plan"].as_array().unwrap().iter().flat_map(|day| day["items"].as_array().unwrap());
    let done: Vec<_> = done.filter(|item| item["done"] == true).collect();
    assert!(done.is_empty(), "{done:?}");
    let ran = smsctl(folder.path(), &["status"]);
    let bars: String = ran
        .out
        .lines()
        .filter(|l| l.starts_with("Clauses") || l.starts_with("Checklist") || l.contains("0/"))
        .collect();
    assert!(bars.contains("....") && !bars.contains(['+', '#']), "{bars}");
    // One value does not answer clauses whose documents are drafts.
    let json = |tree: &tempfile::TempDir| valid(&smsctl(tree.path(), &["status", "--format", "json"]).out, "status");
    let register = folder.path().join("registers/measurements.md");
    let text = std::fs::read_to_string(&register).unwrap();
    let with_value = text.replace(
        "entries: []",
        "entries:\n  - {id: MEA-1, title: Availability, metric_ref: MET-1, value: 99.9, on: 2026-11-01}",
    );
    assert_ne!(text, with_value, "{text}");
    std::fs::write(&register, with_value).unwrap();
    assert!(json(&folder)["clauses"].as_array().unwrap().iter().all(|c| c["verdict"] != "answered"));
}

fn approval(kit: &Kit, args: &[&str]) -> (String, String) {
    let ran = smsctl(kit.path(), &[&["status", "--format", "json"][..], args].concat());
    assert_eq!(ran.status, 0, "{}", ran.err);
    let json = valid(&ran.out, "status");
    assert_eq!(json["approvals"]["judged"], true);
    let clause = find(&json["clauses"], "5.2.1");
    let document = &clause["documents"][0];
    (document["approval"].as_str().unwrap().to_owned(), clause["verdict"].as_str().unwrap().to_owned())
}

#[test]
fn approvals_come_from_the_history_where_it_can_be_judged() {
    let mut kit = Kit::new();
    kit.write(DOCUMENT, &policy("SMP-001", "1.1", WORDS));
    let before = kit.commit("eve", "Write the policy anew");
    assert_eq!(approval(&kit, &[]), ("no".into(), "partly".into()));
    kit.approve_file("carla", "cio");
    assert_eq!(approval(&kit, &[]), ("proven".into(), "answered".into()));
    assert_eq!(approval(&kit, &["--rev", &before]), ("no".into(), "partly".into()));
    kit.write(DOCUMENT, &policy("SMP-001", "1.1", &WORDS.replace("month", "year")));
    assert_eq!(approval(&kit, &[]), ("no".into(), "partly".into()));
    // As of the day it was approved, the approved text is in force, whatever the work tree holds.
    assert_eq!(approval(&kit, &["--as-of", "2026-01-05"]), ("proven".into(), "answered".into()));
}

#[test]
fn without_a_history_the_status_of_a_document_counts_and_that_is_said() {
    let json = json(&small());
    assert_eq!(json["approvals"]["judged"], false);
    assert_eq!(find(&json["clauses"], "5.2.1")["documents"][0]["approval"], "claimed");
    let ran = status(&small(), &[]);
    assert!(ran.out.contains("Approvals could not be verified (not a Git repository)"), "{}", ran.out);
}

#[test]
fn the_summary_fits_one_screen() {
    let sms = disk(&toolkit());
    let ran = on(sms.path(), &["status"], Some(80));
    assert!(ran.out.lines().all(|l| l.chars().count() <= 80), "{}", ran.out);
    assert!(ran.out.lines().count() <= 48, "{}", ran.out);
    assert!(ran.out.contains('█') && !ran.out.contains('\u{1b}'));
    assert!(on(sms.path(), &["status", "--color", "always"], Some(80)).out.contains("\u{1b}[32m"));
    let plain = smsctl(sms.path(), &["status"]).out;
    assert!(plain.contains("####") && !plain.contains('█'), "{plain}");
    for part in ["Gates", "First ninety days", "Next dates", "Next steps"] {
        assert!(plain.contains(&format!("\n{part}")), "{part}");
    }
}

#[test]
fn sections_are_shown_when_asked_for() {
    let sms = disk(&small());
    let show = |args: &[&str]| smsctl(sms.path(), &[&["status"][..], args].concat()).out;
    let clauses = show(&["--clauses"]);
    assert!(clauses.contains("5.2.1 Establishing") && !clauses.contains("CL-001"), "{clauses}");
    assert!(show(&["--checklist"]).contains("CL-048  open"));
    assert!(show(&["--gates"]).contains("recertification"));
    assert!(show(&["--plan"]).contains("scope confirmed"));
    let both = show(&["--gates", "--plan"]);
    assert!(both.contains("stage-2") && both.contains("scope confirmed"));
    let clause = show(&["--clause", "6.2"]);
    assert!(clause.contains("6.2.1 Establish objectives: answered") && clause.contains("REG-OBJ"), "{clause}");
    assert!(!clause.contains("6.3"), "{clause}");
    let ran = smsctl(sms.path(), &["status", "--clause", "5.2.9"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("the standard has no clause `5.2.9`. Did you mean"), "{}", ran.err);
}

#[test]
fn questions_of_the_user_come_behind_those_of_smsctl() {
    let mut tree = small();
    let config = "[sms]\norganization = \"N\"\n[catalog]\nchecklists = [\"own.csv\"]\n";
    tree.put("smsctl.toml", Some(config.into()));
    let own = "id,area,clauses,question,pass_criterion,automation,registers,checks\n\
               OWN-1,Ours,5.3,Who decides?,roles are there,full,roles,each roles authorities\n\
               OWN-2,Ours,5.3,What else?,nobody knows,full,roles,frown upon it\n";
    tree.put("own.csv", Some(own.into()));
    let json = json(&tree);
    assert_eq!(json["questions"].as_array().unwrap().len(), 50);
    assert_eq!(find(&json["questions"], "OWN-1")["verdict"], "answered");
    let second = find(&json["questions"], "OWN-2");
    assert_eq!(second["verdict"], "partly");
    assert_eq!(second["missing"][0]["text"], "`frown upon it` is not understood");
    let sms = disk(&tree);
    assert!(
        smsctl(sms.path(), &["explain", "own-1"]).out.contains("each entry of the register roles says `authorities`")
    );
}

#[test]
fn markdown_holds_all_sections() {
    let text = status(&small(), &["--format", "markdown"]).out;
    for title in [
        "# Readiness of Northwind Managed Services on 2026-11-20",
        "## Gates",
        "## Clauses",
        "## Checklist",
        "## Next steps",
    ] {
        assert!(text.contains(&format!("{title}\n")), "{title}");
    }
    assert!(status(&small(), &["--format", "markdown", "--plan"]).out.contains("| 90 |"));
}

#[test]
fn the_same_sms_gives_the_same_bytes() {
    let tree = toolkit();
    let sms = disk(&tree);
    let run = || smsctl(sms.path(), &["status", "--format", "json"]).out;
    assert_eq!(run(), run());
}

#[test]
fn questions_stages_and_dates_are_explained() {
    let nowhere = tempfile::tempdir().unwrap();
    let explain = |name: &str| smsctl(nowhere.path(), &["explain", name]).out;
    let question = explain("cl-012");
    assert!(question.contains("CL-012") && question.contains("the Service Management Plan is approved"), "{question}");
    assert!(explain("CL-003").contains("What the interview decides"));
    let stage = explain("stage-1");
    assert!(stage.contains("Ready for stage 1") && stage.contains("service management plan (in full)"), "{stage}");
    let timing = explain("T-03");
    assert!(timing.contains("First surveillance") && timing.contains("twelve months"), "{timing}");
    let near = smsctl(nowhere.path(), &["explain", "stage-3"]);
    assert!(near.err.contains("stage-"), "{}", near.err);
}
