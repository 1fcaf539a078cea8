//! How reports look: made by hand, so that no rule changes them.

use smsctl::finding::Severity;
use smsctl::report::{self, HumanOptions, Location, ReportFinding, RunReport, SmsInfo};
use smsctl::rules::{self, NotEvaluated, WaivedBy};
use smsctl::source::{FileId, SourceFile, SourceMap, Span};

use crate::common::TODAY;

/// A report and its files.
pub struct Made {
    pub report: RunReport,
    pub sources: SourceMap,
}

impl Made {
    pub fn new() -> Self {
        let sms = SmsInfo {
            organization: "Northwind Managed Services".into(),
            standard: "iso-20000-1:2018".into(),
            root: ".".into(),
            revision: None,
            dirty: false,
            today: TODAY,
            history_none: false,
            today_configured: false,
        };
        let report = RunReport {
            sms,
            artifacts: 2,
            entities: 1,
            findings: Vec::new(),
            waived: Vec::new(),
            not_evaluated: Vec::new(),
            off: Vec::new(),
            excluded: Vec::new(),
            fail_on: Severity::Error,
        };
        Self { report, sources: SourceMap::default() }
    }

    pub fn file(&mut self, path: &str, text: &str) -> FileId {
        self.sources.add(SourceFile::new(path.into(), text.into()))
    }

    fn place(&self, span: Span) -> Location {
        let file = self.sources.file(span.file);
        let at = |offset: u32| file.position(offset as usize);
        Location { path: file.path.clone(), start: at(span.start), end: at(span.end) }
    }

    /// Where words stand in a file; the end of the file when they are empty.
    pub fn span(&self, file: FileId, words: &str) -> Span {
        let text = &self.sources.file(file).text;
        let start = if words.is_empty() { text.len() } else { text.find(words).expect("the words are there") };
        Span::new(file, start, start + words.len())
    }

    pub fn found(&self, rule: &str, severity: Severity, span: Span, message: &str) -> ReportFinding {
        let rule = rules::find(rule).expect("a rule");
        ReportFinding {
            rule,
            severity,
            message: message.into(),
            help: "Write who answers for it.".into(),
            clauses: vec!["7.5.3.1".into()],
            subject: Some("SMS-POL-01".into()),
            location: self.place(span),
            related: Vec::new(),
            related_spans: Vec::new(),
            fixable: false,
            span,
        }
    }

    pub fn add(&mut self, rule: &str, severity: Severity, file: FileId, words: &str, message: &str) {
        let finding = self.found(rule, severity, self.span(file, words), message);
        self.report.findings.push(finding);
    }

    pub fn relate(&mut self, file: FileId, words: &str, message: &str) {
        let span = self.span(file, words);
        let place = self.place(span);
        let finding = self.report.findings.last_mut().expect("a finding");
        finding.related.push((place, message.into()));
        finding.related_spans.push(span);
    }

    pub fn human(&self, change: impl Fn(&mut HumanOptions)) -> String {
        let mut options = HumanOptions { graphical: false, colour: false, width: 80, verbose: false, quiet: false };
        change(&mut options);
        report::human(&self.report, &self.sources, options)
    }
}

const POLICY: &str = "---\nid: SMS-POL-01\nkind: policy\nownr: service-owner\napprovers: [nobody]\n---\n# Policy\n";

/// One finding of each severity.
pub fn three() -> Made {
    let mut made = Made::new();
    let policy = made.file("policies/policy.md", POLICY);
    let roles = made.file("registers/roles.md", "---\nid: SMS-REG-ROL\n---\n");
    made.add("field-unknown", Severity::Error, policy, "ownr", "a policy has no field `ownr`");
    made.add("reference-unresolved", Severity::Warning, policy, "nobody", "there is no role `nobody`");
    made.relate(policy, "kind: policy", "a policy needs an approver");
    made.relate(roles, "SMS-REG-ROL", "roles stand here");
    made.add("waiver-unused", Severity::Note, policy, "# Policy", "the waiver matches no finding");
    made
}

#[test]
fn each_severity() {
    let made = three();
    insta::assert_snapshot!("plain", made.human(|_| {}));
    insta::assert_snapshot!("graphical", made.human(|o| o.graphical = true));
    insta::assert_snapshot!("quiet", made.human(|o| o.quiet = true));
}

#[test]
fn colour_changes_no_word() {
    let made = three();
    let strip = |text: &str| console::strip_ansi_codes(text).into_owned();
    for graphical in [false, true] {
        let plain = made.human(|o| o.graphical = graphical);
        let coloured = made.human(|o| (o.graphical, o.colour) = (graphical, true));
        assert_ne!(plain, coloured);
        assert!(!plain.contains('\u{1b}'));
        assert_eq!(plain, strip(&coloured));
    }
}

#[test]
fn clean_run() {
    let mut made = Made::new();
    made.report.sms.today_configured = true;
    insta::assert_snapshot!("clean", made.human(|_| {}));
}

#[test]
fn to_dos_and_what_was_not_evaluated() {
    let mut made = Made::new();
    let policy = made.file("policies/policy.md", "TODO(owner)\nTODO(scope)\n");
    let plan = made.file("plans/plan.md", "\n\nTODO(risks)\n");
    for (file, what, clause) in
        [(policy, "TODO(owner)", "5.2.1"), (policy, "TODO(scope)", "5.2.1"), (plan, "TODO(risks)", "6.1.1")]
    {
        made.add("to-do", Severity::Note, file, what, &format!("to fill in: the {}", &what[5..what.len() - 1]));
        made.report.findings.last_mut().unwrap().clauses = vec![clause.into()];
    }
    made.report.not_evaluated.push(NotEvaluated { rule: "approval-unverified", reason: "not a Git repository".into() });
    insta::assert_snapshot!("to_do", made.human(|_| {}));
}

pub fn accepted() -> Made {
    let mut made = three();
    let findings = std::mem::take(&mut made.report.findings);
    let by = ["inline", "config", "baseline"];
    let expires = [None, Some(jiff::civil::date(2027, 3, 31)), None];
    for (nth, finding) in findings.into_iter().enumerate() {
        let owner = (nth == 1).then(|| "supplier-manager".to_owned());
        let by = WaivedBy { by: by[nth], reason: "agreed with counsel".into(), owner, expires: expires[nth] };
        made.report.waived.push((finding, by));
    }
    made
}

#[test]
fn accepted_findings_are_listed_on_demand_and_never_fail() {
    let made = accepted();
    insta::assert_snapshot!("accepted", made.human(|o| o.verbose = true));
    assert!(!made.human(|_| {}).contains("policies/"));
    assert_eq!(made.report.exit_status().code(), 0);
}

#[test]
fn many_of_one_rule_are_counted() {
    let mut made = Made::new();
    let file = made.file("a.md", "x\n");
    for _ in 0..30 {
        made.add("field-unknown", Severity::Error, file, "x", "there is no field `x`");
    }
    let text = made.human(|_| {});
    assert_eq!(text.matches("there is no field").count() + text.matches("There is no field").count(), 25);
    assert!(text.contains("… and 5 more of field-unknown"));
    assert_eq!(made.human(|o| o.verbose = true).matches("here is no field").count(), 30);
    assert_eq!(report::concise(&made.report).lines().count(), 31);
}

/// Text in which marks are hard to place, and the words to mark.
const HARD: &[(&str, &str)] = &[
    ("owner: 漢字テスト nobody here\n", "nobody"),
    ("owner: בעלים nobody\n", "nobody"),
    ("\towner:\tnobody\n", "nobody"),
    ("first\r\nowner: nobody\r\nlast\r\n", "nobody"),
    ("\u{feff}owner: nobody\n", "owner"),
    ("\u{feff}owner: nobody\n", "nobody"),
    ("owner: \u{202e}txt\u{1b}[31m nobody\n", "nobody"),
    ("no line break at the end", ""),
    ("", ""),
    ("one\ntwo\n", ""),
    ("a\nfirst of three\nsecond\nthird\nb\n", "of three\nsecond\nthird"),
    ("crlf of two\r\nsecond\r\n", "of two\r\nsecond"),
    ("e\u{301}e\u{301} nobody 👩‍💻\n", "nobody"),
];

fn hard(graphical: bool) -> String {
    let mut all = String::new();
    let long = format!("{} nobody {}\n", "before ".repeat(40), "after ".repeat(60));
    for (text, words) in HARD.iter().copied().chain([(long.as_str(), "nobody")]) {
        let mut made = Made::new();
        let file = made.file("a.md", text);
        made.add("field-unknown", Severity::Error, file, words, "this is wrong");
        let finding = made.report.findings.last_mut().unwrap();
        (finding.help, finding.clauses) = (String::new(), Vec::new());
        let shown = made.human(|o| o.graphical = graphical);
        all.push_str(shown.split("Checked").next().unwrap());
    }
    all
}

#[test]
fn marks_stand_under_the_words() {
    insta::assert_snapshot!("hard_plain", hard(false));
    insta::assert_snapshot!("hard_graphical", hard(true));
}

#[test]
fn nothing_panics_and_no_frame_is_wider_than_the_terminal() {
    let texts: Vec<String> = HARD
        .iter()
        .map(|(t, _)| (*t).to_owned())
        .chain(["漢".repeat(300), "\t".repeat(300), "\u{301}".repeat(300)])
        .collect();
    for text in &texts {
        for width in [0, 1, 40, 60, 140] {
            let mut made = Made::new();
            let file = made.file("a.md", text);
            let ends: Vec<usize> = (0..=text.len()).filter(|i| text.is_char_boundary(*i)).collect();
            for (nth, start) in ends.iter().enumerate().step_by(7) {
                for end in [*start, *ends.get(nth + 3).unwrap_or(start), text.len()] {
                    let span = Span::new(file, *start, end);
                    let found = made.found("field-unknown", Severity::Error, span, "wrong");
                    made.report.findings.push(found);
                }
            }
            let shown = made.human(|o| (o.graphical, o.width, o.verbose) = (true, width, true));
            let widest = shown.lines().filter(|l| l.contains('│')).map(console::measure_text_width).max();
            assert!(widest <= Some(width.max(46)), "{widest:?} of {width}: {text:?}\n{shown}");
            made.human(|o| o.verbose = true);
        }
    }
}

#[test]
fn a_place_in_a_file_that_was_not_read_is_named_without_text() {
    let mut made = Made::new();
    let file = made.file("smsctl.toml", "[sms]\n");
    made.add("baseline-entry-gone", Severity::Note, file, "[sms]", "gone");
    made.report.findings[0].location.path = "smsctl-baseline.json".into();
    for graphical in [false, true] {
        let text = made.human(|o| o.graphical = graphical);
        assert!(text.contains("smsctl-baseline.json:1:1"), "{text}");
        assert!(!text.contains("[sms]"), "{text}");
    }
}

#[test]
fn names_are_not_broken_at_their_hyphens() {
    let mut made = three();
    for width in 40..80 {
        made.report.findings[0].help =
            "Write the role `service-level-manager` as owner of this document, please.".into();
        let shown = made.human(|o| (o.graphical, o.width) = (true, width));
        assert!(shown.contains("`service-level-manager`"), "{shown}");
    }
}
