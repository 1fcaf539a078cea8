//! A synthetic SMS: real kinds, front matter of about 0.6 KB, a body of about 5 KB, two references each, 1 % defects.

use std::fmt::Write as _;

pub mod peers;

/// The files of an SMS with `count` artifacts; the same seed gives the same bytes.
pub fn files(count: usize, seed: u64) -> Vec<(String, String)> {
    let mut out =
        vec![("smsctl.toml".to_owned(), CONFIG.to_owned()), ("registers/roles.md".to_owned(), ROLES.to_owned())];
    out.extend(documents(count.saturating_sub(1), seed).map(|document| document.artifact()));
    out
}

/// What is written into a file, in the shape of one tool or another.
pub struct Document {
    pub number: usize,
    /// Whether a reference in it leads nowhere.
    pub broken: bool,
    /// Numbers of two documents before it; the first has none before it and names itself.
    pub links: [usize; 2],
    /// Markdown from the first heading on.
    pub body: String,
}

pub fn documents(count: usize, seed: u64) -> impl Iterator<Item = Document> {
    let mut random = Random(seed);
    (0..count).map(move |number| {
        let broken = random.below(100) == 0;
        let mut before = || usize::try_from(random.below(number.max(1) as u64)).unwrap_or(0);
        let links = [before(), before()];
        Document { number, broken, links, body: body(number, &id(links[0]), &mut random) }
    })
}

pub fn id(number: usize) -> String {
    format!("DOC-{number:05}")
}

const CONFIG: &str = "[sms]\norganization = \"Synthetic Services\"\n\n[check]\ntoday = 2026-11-20\n";

const KINDS: [(&str, &str, &str); 4] = [
    ("procedure", "procedures", "8.1"),
    ("process", "processes", "4.4"),
    ("guideline", "guidelines", "7.6"),
    ("record", "records", "7.5.4"),
];

impl Document {
    /// As an artifact of an SMS: path and text.
    fn artifact(&self) -> (String, String) {
        let number = self.number;
        let (kind, folder, clause) = KINDS[number % KINDS.len()];
        let [first, second] = self.links.map(id);
        let owner = if self.broken { "proces-owner" } else { "process-owner" };
        let text = format!(
            "---\nid: DOC-{number:05}\nkind: {kind}\ntitle: Handling of service matters of group {number}\nversion: 1.{}\nstatus: approved\n\
             owner: {owner}\napprovers: [chief-information-officer]\neffective_on: 2026-0{}-1{}\nreviewed_on: 2026-10-01\n\
             review_interval: P1Y\nclauses: [{clause}]\nclassification: internal\nretention: P5Y\nrelated: [{first}, {second}]\n\
             changes:\n  - version: 1.{}\n    on: 2026-02-10\n    why: Lessons of the last quarter and of the review by the process owner were taken over\n\
             \x20   summary: Steps three and four say who decides, and where the record is kept\ntags: [group-{}, site-{}]\n---\n\n{}",
            number % 7,
            1 + number % 9,
            number % 9,
            number % 7,
            number % 50,
            number % 3,
            self.body
        );
        (format!("{folder}/{:03}/doc-{number:05}.md", number / 200), text)
    }
}

const HEADINGS: [&str; 8] = [
    "Purpose",
    "Scope",
    "Triggers and inputs",
    "Responsibilities",
    "Activities",
    "Roles and RACI",
    "Records",
    "Measures and performance criteria",
];
const SUBJECTS: [&str; 6] = [
    "The process owner",
    "The service desk",
    "The change manager",
    "An engineer on call",
    "The service owner",
    "The supplier",
];
const VERBS: [&str; 6] = ["records", "reviews", "hands over", "compares", "closes", "reports"];
const OBJECTS: [&str; 6] = [
    "each request with its service",
    "the open risks",
    "the measured values of the month",
    "every contract in force",
    "the list of deviations",
    "the calendar of planned work",
];
const ENDS: [&str; 6] = [
    "before the weekly meeting",
    "within two working days",
    "with the reason and the date",
    "in the register beside this document",
    "and tells the customer",
    "as the plan says",
];

fn body(number: usize, link: &str, random: &mut Random) -> String {
    let mut text = String::new();
    let _ = write!(text, "# Handling of service matters of group {number}\n\n");
    for heading in HEADINGS {
        let _ = write!(text, "## {heading}\n\n");
        for _ in 0..5 {
            let pick =
                |random: &mut Random, words: &[&'static str; 6]| words[usize::try_from(random.below(6)).unwrap_or(0)];
            let _ = write!(
                text,
                "{} {} {} {}. ",
                pick(random, &SUBJECTS),
                pick(random, &VERBS),
                pick(random, &OBJECTS),
                pick(random, &ENDS)
            );
        }
        let _ = write!(text, "\n\n- First point about **{link}** with `code`\n- Second point, 12 of 20 cases\n\n");
    }
    text.push_str("| Step | Who | When |\n| --- | --- | --- |\n");
    for step in 1..8 {
        let _ = writeln!(text, "| {step} | process owner | day {step} of the month |");
    }
    text
}

/// A small generator (`SplitMix64`), seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

const ROLES: &str = "---
id: SMS-REG-ROL
kind: register
register: roles
title: Roles
version: 1.0
status: approved
owner: process-owner
approvers: [chief-information-officer]
effective_on: 2026-01-10
review_interval: P1Y
clauses: [5.3]
changes:
  - {version: 1.0, why: First version}
entries:
  - id: process-owner
    title: Process owner
    function: service-management
    top_management: false
    scope: [sms]
    responsibilities: [Keeps the documents current]
    authorities: []
    holders: [{person: P-001, valid_from: 2025-01-01}]
  - id: chief-information-officer
    title: Chief information officer
    function: executive
    top_management: true
    scope: [sms]
    responsibilities: [Directs the services]
    authorities: [approve]
    holders: [{person: P-002, valid_from: 2025-01-01}]
---

# Roles

The roles of the synthetic services, kept by the process owner and reviewed every year in the management review.
";
