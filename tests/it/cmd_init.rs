//! `init`: the toolkit profile and the file of answers.

use std::collections::BTreeSet;

use smsctl::finding::Severity;
use smsctl::scaffold::{self, Answers, Interview, NewFile, OfferKind, Profile};
use smsctl::source::MemoryTree;
use smsctl::workspace::{self, Workspace};

use crate::common::{TODAY, check, lines};
use crate::run::smsctl;

const ANSWERS: &str = r#"
organization = "Harbour Hosting"
customers = ["Port Authority", "Terminal_West"]

[scope]
statement = "The SMS of Harbour Hosting that supports managed hosting for ports from Hamburg"
purpose = "ports keep their terminals running"
locations = ["Hamburg", "Porto"]
teams = ["Operations"]

[[services]]
name = "Managed hosting"
description = "Servers: storage and operation"
outcome = "Applications run without own hardware"
lifecycle = "live"
criticality = "critical"
service_hours = "24 hours a day"
support_hours = "24 hours a day"

[[services]]
name = "Workplace"
customers = ["Terminal_West"]

[[suppliers]]
name = "Fjord Cloud AS"
provides = "Mail cloud"
criticality = "high"

[[roles]]
role = "chief-information-officer"
title = "Managing director"
person = "p-001"
since = 2026-01-01

[[roles]]
role = "service-management-owner"
person = "p-002"
"#;

fn plan(profile: Profile, interview: &Interview) -> Vec<NewFile> {
    let answers = Answers { organization: "Harbour Hosting".into(), language: "en".into(), today: TODAY };
    scaffold::plan_init_with(&answers, profile, interview).unwrap_or_else(|e| panic!("{e}"))
}

fn tree(files: &[NewFile]) -> MemoryTree {
    let seen = files.iter().filter(|f| !f.path.starts_with('.'));
    seen.map(|f| (f.path.clone(), Some(f.text.clone().into_bytes()))).collect()
}

fn load(tree: &MemoryTree) -> Workspace {
    workspace::load(tree, &|_, _| {}).unwrap()
}

/// Errors that are no to-dos, and links that lead nowhere.
fn defects(tree: &MemoryTree) -> Vec<String> {
    let (ws, verdict) = check(tree);
    let bad = |f: &smsctl::rules::Finding| {
        f.rule.name != "to-do"
            && (f.severity == Severity::Error || matches!(f.rule.name, "link-broken" | "duplicate-id"))
    };
    let wanted: BTreeSet<usize> =
        verdict.findings.iter().enumerate().filter(|(_, f)| bad(f)).map(|(index, _)| index).collect();
    let all = lines(&ws, &verdict).into_iter().enumerate();
    all.filter(|(index, _)| wanted.contains(index)).map(|(_, line)| line).collect()
}

fn to_dos(files: &[NewFile]) -> usize {
    files.iter().map(NewFile::to_dos).sum()
}

#[test]
fn the_toolkit_profile_is_whole_and_linked() {
    let files = plan(Profile::Toolkit, &Interview::default());
    let paths: BTreeSet<&str> = files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths.len(), files.len(), "each path once");
    let tree = tree(&files);
    assert_eq!(defects(&tree), Vec::<String>::new());
    let ws = load(&tree);
    let offers = scaffold::offers(&ws);
    let day_one = |name: &str| ws.catalog.entry(name).is_some_and(|e| e.day_one);
    let schema = |name: &str| ws.catalog.entry(name).and_then(|e| e.register.clone());
    let lost = offers.iter().filter(|o| o.what == OfferKind::Entry && o.is_missing() && day_one(&o.name));
    let lost = lost.filter(|o| schema(&o.name).is_none_or(|r| ws.schemas.register(&r).is_some()));
    assert_eq!(lost.map(|o| o.name.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(
        offers.iter().any(|o| o.name == "major-incident-report" && o.is_missing()),
        "nothing that has not happened"
    );
    let process = &files.iter().find(|f| f.path == "processes/change-management-process.md").unwrap().text;
    assert!(process.contains("](../policies/change-management-policy.md)"), "{process}");
    assert!(process.contains("related: [SMS-SOP-"), "{process}");
}

#[test]
fn owners_of_the_toolkit_profile_are_roles() {
    let ws = load(&tree(&plan(Profile::Toolkit, &Interview::default())));
    for artifact in ws.artifacts() {
        let owner = artifact.front().str("owner").unwrap_or_default();
        assert!(ws.entity(owner).is_some_and(|e| e.is("role")), "{}: {owner}", artifact.path());
    }
}

#[test]
fn answers_fill_documents_and_registers() {
    let interview = Interview::parse("answers.toml", ANSWERS).unwrap();
    for profile in [Profile::Core, Profile::Toolkit] {
        let (without, files) = (plan(profile, &Interview::default()), plan(profile, &interview));
        let tree = tree(&files);
        assert_eq!(defects(&tree), Vec::<String>::new());
        let ws = load(&tree);
        let service = ws.entity("SVC-001").unwrap();
        assert_eq!(service.str("description"), Some("Servers: storage and operation"));
        assert_eq!((service.str("lifecycle"), service.str("criticality")), (Some("live"), Some("critical")));
        let second = ws.entity("SVC-002").unwrap();
        assert_eq!(second.node().texts("customer_refs").map(|(t, _)| t).collect::<Vec<_>>(), ["IP-11"]);
        assert_eq!(ws.entity("IP-11").unwrap().str("name"), Some("Terminal_West"));
        assert_eq!(ws.entity("IP-01").unwrap().str("name"), Some("Port Authority"));
        assert_eq!(ws.entity("SUP-001").unwrap().str("name"), Some("Fjord Cloud AS"));
        let role = ws.entity("chief-information-officer").unwrap();
        assert_eq!(role.str("title"), Some("Managing director"));
        assert_eq!(role.node().list("holders")[0].str("person"), Some("p-001"));
        let since = ws.entity("service-management-owner").unwrap().node().list("holders")[0].date("valid_from");
        assert_eq!(since, Some(TODAY));
        let context = &files.iter().find(|f| f.path == "context/sms-context-and-scope.md").unwrap().text;
        assert!(
            context.contains("The SMS of Harbour Hosting that supports managed hosting for ports from Hamburg."),
            "{context}"
        );
        assert!(!context.contains("supports the provision of TODO"), "{context}");
        let policy = &files.iter().find(|f| f.path == "policies/service-management-policy.md").unwrap().text;
        assert!(
            policy.contains("provides Managed hosting and Workplace to Port Authority and Terminal\\_West."),
            "{policy}"
        );
        let now = to_dos(&files)
            - files.iter().filter(|f| f.path == "registers/services.md").map(NewFile::to_dos).sum::<usize>();
        let before = to_dos(&without);
        assert!(now + 10 < before, "{now} of {before} left");
    }
}

#[test]
fn answers_that_do_not_fit_are_named_with_their_lines() {
    for (text, said) in [
        ("organisation = \"X\"\n", "answers.toml:1:1: "),
        ("organisation = \"X\"\n", "organization"),
        ("[[services]]\nname = \"X\"\ncriticality = \"huge\"\n", "answers.toml:3:15: "),
        ("[[services]]\ndescription = \"X\"\n", "`name`"),
        ("customers = \"X\"\n", "answers.toml:1:13: "),
        ("[scope\n", "answers.toml:1:"),
    ] {
        let error = Interview::parse("answers.toml", text).unwrap_err();
        assert!(error.to_string().contains(said), "{said}: {error}");
        assert!(error.help().unwrap().contains("nothing was written"));
    }
    let answers = Answers { organization: "X".into(), language: "en".into(), today: TODAY };
    for (text, said) in [
        ("[[roles]]\nrole = \"service-managment-owner\"\nperson = \"p-1\"\n", "has no role `service-managment-owner`"),
        (
            "customers = [\"A\"]\n[[services]]\nname = \"S\"\ncustomers = [\"B\"]\n",
            "the customer `B`, who is not listed",
        ),
    ] {
        let interview = Interview::parse("answers.toml", text).unwrap();
        let error = scaffold::plan_init_with(&answers, Profile::Core, &interview).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn init_reads_answers_and_refuses_bad_ones_before_it_writes() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("bad.toml"), "organisation = \"X\"\n").unwrap();
    let refused = smsctl(dir.path(), &["init", "sms", "--profile", "toolkit", "--answers", "bad.toml"]);
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("bad.toml:1:1") && refused.err.contains("smsctl schema answers"), "{}", refused.err);
    assert!(!dir.path().join("sms").exists());
    std::fs::write(dir.path().join("good.toml"), ANSWERS).unwrap();
    let made = smsctl(dir.path(), &["init", "sms", "--profile", "toolkit", "--answers", "good.toml"]);
    assert_eq!((made.status, made.err.as_str()), (0, ""), "{}", made.out);
    let config = std::fs::read_to_string(dir.path().join("sms/smsctl.toml")).unwrap();
    assert!(
        config.contains("organization = \"Harbour Hosting\"\n") && config.contains("language = \"en\""),
        "{config}"
    );
    let readme = std::fs::read_to_string(dir.path().join("sms/README.md")).unwrap();
    assert!(
        readme.contains("| SMS-PRO-12 | [Change Management Process](processes/change-management-process.md) |"),
        "{readme}"
    );
    let missing = smsctl(dir.path(), &["-C", "sms", "new", "--list", "--missing", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&missing.out).unwrap();
    assert_eq!(json["schema"], "smsctl-new/1");
    assert!(json["offers"].as_array().unwrap().iter().all(|o| o["existing"].as_array().unwrap().is_empty()));
    assert!(missing.out.contains("\"major-incident-report\""), "{}", missing.out);
    let none = smsctl(dir.path(), &["init", "other", "--answers", "none.toml"]);
    assert!(none.status == 2 && none.err.contains("none.toml does not exist"), "{}", none.err);
}

/// The example of the documentation is a file of answers.
#[test]
fn the_documented_answers_are_read() {
    let page = std::fs::read_to_string(crate::common::repository().join("docs/answers.md")).unwrap();
    let text = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let interview = Interview::parse("answers.toml", text).unwrap();
    assert_eq!((interview.services.len(), interview.roles.len(), interview.customers.len()), (1, 1, 2));
    plan(Profile::Core, &interview);
}

/// A workflow that names an action by a tag runs whatever the tag is moved to.
#[test]
fn the_workflow_names_actions_by_commit() {
    let files = plan(Profile::Core, &Interview::default());
    let workflow = &files.iter().find(|f| f.path == ".github/workflows/smsctl.yml").unwrap().text;
    let uses: Vec<&str> = workflow.lines().filter_map(|l| l.trim_start().strip_prefix("- uses: ")).collect();
    assert_eq!(uses.len(), 2, "{workflow}");
    for action in uses {
        let (at, note) = action.split_once('@').unwrap().1.split_once(" # ").unwrap();
        let commit = at.len() == 40 && at.bytes().all(|b| b.is_ascii_hexdigit()) && note.starts_with('v');
        assert!(commit || note.contains("made by a build from the sources"), "{action}");
    }
    assert!(workflow.contains("group: smsctl-${{ github.ref }}\n"), "{workflow}");
}
