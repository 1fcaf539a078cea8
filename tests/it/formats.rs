//! Every format tells the same of the same SMS, and what others specify is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use assert_cmd::Command;
use serde_json::Value;
use smsctl::report::{self, HumanOptions, RunReport};
use smsctl::source::{MemoryTree, Source as _, SourceMap};

use crate::common::{TODAY, check, repository, toolkit};
use crate::report::{Made, accepted, three};

const FORMATS: [&str; 7] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit"];

/// What all formats tell of a finding: rule, path, line.
type Told = (String, String, usize);

const BROKEN: &str = "\u{feff}---\r\nid: SMS-POL-01\r\nkind: policy\r\ntitle: Zweite, 第二 & <b>\r\nownr: nobody\r\n\
    owner: no-such-role\r\nclauses: [5.2.1, 99.1]\r\n---\r\n# Zweite\r\n";

/// The sample with many defects.
fn defective() -> MemoryTree {
    let mut tree = toolkit();
    let config = "\n[rules]\nto-do = \"note\"\nunread-file = \"off\"\n\n[[waivers]]\nrule = \"duplicate-id\"\n\
        subject = \"SMS-TWICE\"\nreason = \"two of a kind, \\\"for a time\\\"\"\nowner = \"service-management-owner\"\n";
    let mut toml = tree.read("smsctl.toml", u64::MAX).unwrap();
    toml.extend_from_slice(config.as_bytes());
    tree.put("smsctl.toml", Some(toml));
    let twice = "---\nid: SMS-TWICE\nkind: record\ntitle: Twice\n---\n# Twice\n";
    let waived =
        "---\nid: SMS-WAIVED\n# smsctl-allow kind-unknown: agreed <now> & \"here\"\nkind: no-such-kind\n---\n# X\n";
    for (path, text) in [
        ("policies/a, b%20 é 第.md", BROKEN),
        ("policies/syntax.md", "---\nid: [SMS\n---\n# X\n"),
        ("policies/nul.md", "---\nid: SMS-NUL\n\0---\n"),
        ("policies/todo.md", "---\nid: SMS-TODO\nkind: policy\ntitle: TODO(title)\nowner: TODO(role)\n---\n# X\n"),
        ("policies/empty.md", ""),
        ("records/twice-1.md", twice),
        ("records/twice-2.md", twice),
        ("records/waived.md", waived),
    ] {
        tree.put(path, Some(text.as_bytes().to_vec()));
    }
    tree
}

struct Checked {
    sources: SourceMap,
    report: RunReport,
}

fn checked(tree: &MemoryTree) -> Checked {
    let (workspace, verdict) = check(tree);
    let report = RunReport::new(&workspace, verdict, "sms".into(), TODAY);
    Checked { sources: workspace.sources, report }
}

fn rendered(checked: &Checked, format: &str) -> String {
    let options = HumanOptions { graphical: false, colour: false, width: 80, verbose: true, quiet: false };
    match format {
        "human" => report::human(&checked.report, &checked.sources, options),
        "concise" => report::concise(&checked.report),
        "json" => report::json(&checked.report),
        "sarif" => report::sarif(&checked.report),
        "github" => report::github(&checked.report),
        "gitlab" => report::gitlab(&checked.report),
        _ => report::junit(&checked.report),
    }
}

/// `path:line:column: severity[rule] message`
fn of_line(line: &str) -> Option<Told> {
    let (place, rest) = ["error", "warning", "note"].iter().find_map(|s| line.split_once(&format!(": {s}[")))?;
    let mut parts = place.rsplitn(3, ':');
    let line = parts.nth(1)?.parse().ok()?;
    Some((rest.split_once(']')?.0.to_owned(), parts.next()?.to_owned(), line))
}

fn of_human(text: &str) -> Vec<Told> {
    let mut told = Vec::new();
    let mut file = String::new();
    for line in text.lines() {
        let named = ["error[", "warning[", "note["].iter().find_map(|s| line.strip_prefix(s));
        if let Some((rule, place)) = named.and_then(|rest| rest.split_once("] ")) {
            let mut parts = place.rsplitn(3, ':');
            let line = parts.nth(1).unwrap().parse().unwrap();
            told.push((rule.to_owned(), parts.next().unwrap().to_owned(), line));
        } else if let Some(rest) = line.strip_prefix("     line ") {
            let number = rest.split_whitespace().next().unwrap().parse().unwrap();
            told.push(("to-do".to_owned(), file.clone(), number));
        } else if let Some((number, path)) = line.trim_start().split_once(". ")
            && number.parse::<usize>().is_ok()
        {
            path.clone_into(&mut file);
        }
    }
    told
}

fn of_json(text: &str) -> Vec<Told> {
    let value: Value = serde_json::from_str(text).unwrap();
    let root = value["sms"]["root"].as_str().unwrap();
    let prefix = if root == "." { String::new() } else { format!("{root}/") };
    let told = |f: &Value| {
        let at = &f["location"];
        (string(&f["rule"]), format!("{prefix}{}", string(&at["path"])), number(&at["start"]["line"]))
    };
    value["findings"].as_array().unwrap().iter().map(told).collect()
}

fn of_sarif(text: &str) -> Vec<Told> {
    let value: Value = serde_json::from_str(text).unwrap();
    let results = value["runs"][0]["results"].as_array().unwrap().iter().filter(|r| r.get("suppressions").is_none());
    let told = |r: &Value| {
        let at = &r["locations"][0]["physicalLocation"];
        (string(&r["ruleId"]), unescape(&string(&at["artifactLocation"]["uri"])), number(&at["region"]["startLine"]))
    };
    results.map(told).collect()
}

fn of_gitlab(text: &str) -> Vec<Told> {
    let value: Value = serde_json::from_str(text).unwrap();
    let told = |r: &Value| {
        let at = &r["location"];
        (string(&r["check_name"]), string(&at["path"]), number(&at["lines"]["begin"]))
    };
    value.as_array().unwrap().iter().map(told).collect()
}

fn of_junit(text: &str) -> Vec<Told> {
    junit(text)
        .iter()
        .flat_map(|case| case.lines.iter())
        .filter(|l| !l.starts_with("waived"))
        .filter_map(|l| of_line(l))
        .collect()
}

fn of_github(text: &str) -> Vec<Told> {
    commands(text)
        .into_iter()
        .filter_map(|c| Some((c.get("title")?.clone(), c.get("file")?.clone(), c.get("line")?.parse().ok()?)))
        .collect()
}

fn told(format: &str, text: &str) -> Vec<Told> {
    let mut told = match format {
        "human" => of_human(text),
        "concise" => text.lines().filter_map(of_line).collect(),
        "json" => of_json(text),
        "sarif" => of_sarif(text),
        "github" => of_github(text),
        "gitlab" => of_gitlab(text),
        _ => of_junit(text),
    };
    told.sort();
    told
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Undoes percent encoding.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let hex = String::from_utf8(vec![*high, *low]).unwrap();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                rest = tail;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Workflow commands as GitHub reads them: `::name key=value,…::text`, the name and the text among the values.
fn commands(text: &str) -> Vec<BTreeMap<String, String>> {
    let lines = text.lines().filter_map(|l| l.strip_prefix("::"));
    let command = |line: &str| {
        let (head, text) = line.split_once("::").unwrap();
        let (name, properties) = head.split_once(' ').unwrap();
        let mut all = BTreeMap::from([("name".to_owned(), name.to_owned()), ("text".to_owned(), unescape(text))]);
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').unwrap();
            all.insert(key.to_owned(), unescape(value));
        }
        all
    };
    lines.map(command).collect()
}

#[derive(Debug, Default)]
struct Case {
    class: String,
    failed: bool,
    skipped: bool,
    lines: Vec<String>,
}

/// The test cases of a JUnit report, read by an XML parser.
fn junit(text: &str) -> Vec<Case> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut cases: Vec<Case> = Vec::new();
    let mut words: Option<String> = None;
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return cases,
            Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "testcase" => {
                let class = e.try_get_attribute("classname").unwrap().unwrap();
                let class = class.value.into_owned();
                cases.push(Case { class, ..Case::default() });
            }
            Event::Start(e) | Event::Empty(e) => {
                if let Some(case) = cases.last_mut() {
                    case.failed |= e.name().as_ref() == "failure";
                    case.skipped |= e.name().as_ref() == "skipped";
                }
                words = Some(String::new());
            }
            Event::Text(t) => words.get_or_insert_default().push_str(&t),
            Event::GeneralRef(r) => {
                let name = r.to_string();
                let meant = quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned);
                let meant = meant.or_else(|| r.resolve_char_ref().unwrap().map(String::from));
                words.get_or_insert_default().push_str(&meant.expect("a known entity"));
            }
            Event::End(e) if matches!(e.name().as_ref(), "failure" | "system-out") => {
                let case = cases.last_mut().expect("a case");
                case.lines.extend(words.take().unwrap_or_default().lines().map(str::to_owned));
            }
            _ => {}
        }
    }
}

pub fn assert_valid(schema: &Path, instance: &str) {
    let text = std::fs::read_to_string(schema).unwrap();
    // OASIS's pattern of `language` has a bracket that only browsers read as a letter.
    let text = text.replace("-[a-zA-Z]{2}]?$", r"-[a-zA-Z]{2}\\]?$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).offline().build(&schema).unwrap();
    let instance: Value = serde_json::from_str(instance).unwrap();
    let errors: Vec<_> = validator.iter_errors(&instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// Reports that try a format: of the defective sample, of accepted findings, of a clean SMS, of text that is hard to write.
static TRIALS: LazyLock<Vec<Checked>> = LazyLock::new(|| {
    let hostile = "a\u{1b}[31m%0A::error::x\r\n<b> & \"]]>\" \u{fffe}\u{0}\u{85}, {0} [x](y)";
    let mut made = Made::new();
    made.report.sms.organization = hostile.into();
    let file = made.file("a b/<&\">%25,:\n\u{1}é.md", "text\n");
    for severity in [smsctl::finding::Severity::Error, smsctl::finding::Severity::Note] {
        made.add("field-unknown", severity, file, "text", hostile);
        made.add("field-unknown", severity, file, "text", hostile);
        made.relate(file, "text", hostile);
        made.report.findings.last_mut().unwrap().help = hostile.into();
    }
    made.report.off.push("to-do");
    let reason = hostile.to_owned();
    made.report.not_evaluated.push(smsctl::rules::NotEvaluated { rule: "approval-unverified", reason });
    let by_hand = [made, three(), accepted(), Made::new()].into_iter();
    let by_hand = by_hand.map(|made| Checked { sources: made.sources, report: made.report });
    by_hand.chain([checked(&defective()), checked(&toolkit())]).collect()
});

#[test]
fn all_formats_tell_the_same() {
    let checked = checked(&defective());
    let mut expected: Vec<Told> = checked
        .report
        .findings
        .iter()
        .map(|f| (f.rule.name.to_owned(), format!("sms/{}", f.location.path), f.location.start.line))
        .collect();
    expected.sort();
    let rules: BTreeSet<_> = expected.iter().map(|t| &t.0).collect();
    assert!(rules.len() > 5 && expected.len() > 10, "the sample has too few defects: {expected:?}");
    assert!(checked.report.waived.len() > 1, "nothing is waived");
    for format in FORMATS {
        assert_eq!(told(format, &rendered(&checked, format)), expected, "{format}");
    }
}

#[test]
fn accepted_findings_never_fail() {
    let made = accepted();
    assert!(!report::github(&made.report).contains("::error"));
    assert!(!report::junit(&made.report).contains("<failure"));
    assert_eq!(report::gitlab(&made.report), "[]\n");
    let sarif: serde_json::Value = serde_json::from_str(&report::sarif(&made.report)).unwrap();
    let kinds: Vec<_> = (0..3).map(|i| sarif["runs"][0]["results"][i]["suppressions"][0]["kind"].clone()).collect();
    assert_eq!(kinds, ["inSource", "external", "external"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (checked(&defective()), checked(&defective()));
    for format in FORMATS {
        assert_eq!(rendered(&one, format), rendered(&two, format), "{format}");
    }
}

#[test]
fn json_keeps_its_schema() {
    let schema = repository().join("schemas/report.schema.json");
    for trial in TRIALS.iter() {
        assert_valid(&schema, &report::json(&trial.report));
    }
}

#[test]
fn the_documented_json_keeps_its_schema() {
    let page = std::fs::read_to_string(repository().join("docs/formats.md")).unwrap();
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_valid(&repository().join("schemas/report.schema.json"), example);
}

#[test]
fn every_format_is_documented() {
    let page = std::fs::read_to_string(repository().join("docs/formats.md")).unwrap();
    for format in FORMATS {
        assert!(page.contains(&format!("\n## {format}\n")) && page.contains(&format!("| `{format}` |")), "{format}");
    }
}

#[test]
fn sarif_keeps_the_schema_of_oasis() {
    let schema = repository().join("tests/oracle/sarif-schema-2.1.0.json");
    for trial in TRIALS.iter() {
        let text = report::sarif(&trial.report);
        assert_valid(&schema, &text);
        let value: Value = serde_json::from_str(&text).unwrap();
        let run = &value["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let rule = &run["tool"]["driver"]["rules"][number(&result["ruleIndex"])];
            assert_eq!(rule["id"], result["ruleId"]);
        }
        let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        assert_eq!(notes.len(), trial.report.not_evaluated.len());
    }
}

#[test]
fn gitlab_issues_have_every_field_and_a_fingerprint_of_their_own() {
    for trial in TRIALS.iter() {
        let value: Value = serde_json::from_str(&report::gitlab(&trial.report)).unwrap();
        let issues = value.as_array().unwrap();
        let fingerprints: BTreeSet<_> = issues.iter().map(|i| string(&i["fingerprint"])).collect();
        assert_eq!(fingerprints.len(), issues.len());
        assert_eq!(issues.len(), trial.report.findings.len());
        for issue in issues {
            assert!(!string(&issue["description"]).is_empty() && !string(&issue["check_name"]).is_empty());
            let known = ["info", "minor", "major", "critical", "blocker"];
            assert!(known.contains(&string(&issue["severity"]).as_str()), "{issue}");
            assert!(!string(&issue["location"]["path"]).starts_with("./"));
            assert!(number(&issue["location"]["lines"]["begin"]) > 0);
        }
    }
}

#[test]
fn github_commands_read_back() {
    for trial in TRIALS.iter() {
        let text = report::github(&trial.report);
        let commands = commands(&text);
        let notices = usize::from(!trial.report.not_evaluated.is_empty()) + usize::from(trial.report.sms.history_none);
        assert_eq!(commands.len(), trial.report.findings.len() + notices);
        assert_eq!(text.lines().count(), commands.len() + 1, "one line each and one that counts: {text}");
        for (command, finding) in commands.iter().zip(&trial.report.findings) {
            let name = if finding.severity.as_str() == "note" { "notice" } else { finding.severity.as_str() };
            let (start, end) = (finding.location.start, finding.location.end);
            assert_eq!(command["name"], name);
            assert_eq!(command["title"], finding.rule.name);
            assert_eq!(command["line"], start.line.to_string());
            assert_eq!(command["endLine"], end.line.to_string());
            let columns = (start.line == end.line).then(|| (start.column.to_string(), end.column.to_string()));
            assert_eq!(command.get("col").cloned().zip(command.get("endColumn").cloned()), columns);
            let words = finding.message.split_whitespace().last().unwrap().trim_end_matches('.');
            assert!(command["text"].contains(words), "{command:?}");
        }
    }
}

#[test]
fn junit_is_xml_whose_counts_are_true() {
    for trial in TRIALS.iter() {
        let text = report::junit(&trial.report);
        let cases = junit(&text);
        let count = |which: fn(&Case) -> bool| cases.iter().filter(|c| which(c)).count();
        let (failed, skipped) = (count(|c| c.failed), count(|c| c.skipped));
        let head = format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\"", cases.len());
        assert!(text.contains(&head), "{head}\n{text}");
        assert_eq!(failed > 0, trial.report.exit_status().code() == 1);
        let classes: BTreeSet<_> = cases.iter().map(|c| c.class.as_str()).collect();
        assert_eq!(classes.len(), smsctl::rules::all().len(), "every rule is told of");
        let allowed = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert_eq!(text.chars().find(|c| !allowed(*c)), None);
    }
}

#[test]
fn junit_keeps_the_schema_of_jenkins() {
    if !crate::oracle::here("xmllint") {
        return;
    }
    let schema = repository().join("tests/oracle/junit-10.xsd");
    let folder = tempfile::tempdir().unwrap();
    for (nth, trial) in TRIALS.iter().enumerate() {
        let file = folder.path().join(format!("{nth}.xml"));
        std::fs::write(&file, report::junit(&trial.report)).unwrap();
        #[allow(clippy::disallowed_methods, reason = "a test runs the validator of another project")]
        let run = std::process::Command::new("xmllint").arg("--noout").arg("--schema").arg(&schema).arg(&file).output();
        let done = run.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

fn write(tree: &MemoryTree, folder: &Path) {
    for entry in tree.entries() {
        let path = folder.join(&entry.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, tree.read(&entry.path, u64::MAX).unwrap()).unwrap();
    }
}

fn smsctl(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("smsctl").unwrap();
    let run = command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
}

#[test]
fn the_binary_tells_the_same_and_ends_the_same_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    write(&defective(), &folder.path().join("sms"));
    let mut all = BTreeSet::new();
    for format in FORMATS {
        let (status, out, err) = smsctl(folder.path(), &["check", "sms", "-v", "--format", format]);
        assert_eq!(status, 1, "{format}: {err}");
        assert_eq!(err.contains("not evaluated"), format == "gitlab", "{err}");
        all.insert(told(format, &out));
    }
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all.first().unwrap().iter().any(|(_, path, _)| path == "sms/policies/a, b%20 é 第.md"), "{all:#?}");
}

#[test]
fn exit_status_is_the_same_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let clean = folder.path().join("clean");
    write(&toolkit(), &clean);
    for format in FORMATS {
        let (status, out, err) = smsctl(folder.path(), &["check", "clean", "--format", format]);
        assert_eq!(status, 0, "{format}: {out}{err}");
        let (status, out, err) = smsctl(folder.path(), &["check", "-C", "nowhere", "--format", format]);
        let document = matches!(format, "json" | "sarif" | "junit");
        assert_eq!((status, out.is_empty()), (2, !document), "{format}: {out}");
        assert!(err.starts_with("smsctl: "), "{err}");
    }
}

/// A reader that has seen enough, such as `head`, is no failure.
#[test]
#[cfg(unix)]
fn a_closed_pipe_ends_quietly() {
    use std::io::Read as _;
    let folder = tempfile::tempdir().unwrap();
    write(&defective(), folder.path());
    #[allow(clippy::disallowed_methods, reason = "the pipe must be closed while the program writes")]
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("smsctl"))
        .args(["check", "--format", "sarif"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}
