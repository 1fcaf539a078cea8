//! Rules over history and approvals, each shown by a repository that stock git and ssh-keygen made.

mod details;
mod scenarios;

use std::collections::BTreeSet;

use jiff::civil::Date;
use rayon::prelude::*;
use smsctl::history::Repository;
use smsctl::rules::{self, CodeOwners, Ctx, Finding, Verdict};
use smsctl::source::WorkTree;
use smsctl::trust::{Options, Record};
use smsctl::workspace::{self, Workspace};

use crate::common::TODAY;
use crate::kit::{DOCUMENT, Kit};
use crate::rule_pages::needs_history;
use scenarios::SCENARIOS;

/// A repository with what all rules say of it.
pub struct Look {
    workspace: Workspace,
    verdict: Verdict,
}

impl Look {
    pub fn at(kit: &Kit) -> Self {
        Self::with(kit, &kit.options())
    }

    pub fn with(kit: &Kit, options: &Options) -> Self {
        Self::on(kit, options, TODAY)
    }

    pub fn on(kit: &Kit, options: &Options, today: Date) -> Self {
        let repository = Repository::discover(kit.path()).unwrap().unwrap();
        let record = Record::evaluate(&repository, options, &|_| {}).unwrap();
        let workspace = workspace::load(&WorkTree::open(kit.path()), &|_, _| {}).unwrap();
        let text = std::fs::read_to_string(kit.path().join("CODEOWNERS")).ok();
        let owners = text.map(|text| CodeOwners { path: "CODEOWNERS".into(), text, prefix: String::new() });
        let verdict =
            rules::run(&Ctx::new(&workspace, today).with_record(&record, Some(&repository)).with_code_owners(owners));
        Self { workspace, verdict }
    }

    pub fn of<'l>(&'l self, rule: &'l str) -> impl Iterator<Item = &'l Finding> {
        self.verdict.findings.iter().filter(move |f| f.rule.name == rule)
    }

    /// `severity path:line:column message` of the findings of a rule.
    pub fn lines(&self, rule: &str) -> Vec<String> {
        let line = |f: &Finding| {
            let span = f.problem.span;
            let place = self.workspace.sources.file(span.file).position(span.start as usize);
            let (severity, path) = (f.severity.as_str(), self.workspace.sources.path(span));
            format!("{severity} {path}:{}:{} {}", place.line, place.column, f.problem.message)
        };
        self.of(rule).map(line).collect()
    }

    /// Rules over history and approvals that report something.
    pub fn fired(&self) -> BTreeSet<&'static str> {
        self.verdict.findings.iter().map(|f| f.rule).filter(|r| needs_history(r)).map(|r| r.name).collect()
    }

    pub fn not_evaluated(&self, rule: &str) -> Option<&str> {
        self.verdict.not_evaluated.iter().find(|n| n.rule == rule).map(|n| n.reason.as_str())
    }
}

/// Every rule that needs a history has a scenario, and each scenario makes its rule report.
#[test]
fn every_rule_is_shown_by_a_repository() {
    let wanted = std::env::var_os("RULE").map(|r| r.into_string().unwrap()).unwrap_or_default();
    let faults: Vec<String> = SCENARIOS
        .par_iter()
        .filter(|(rule, _)| rule.contains(&wanted))
        .filter_map(|(rule, scenario)| {
            let fired = scenario().fired();
            (!fired.contains(rule)).then(|| format!("{rule}: only {fired:?}"))
        })
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_list_of_scenarios_is_complete() {
    let shown: BTreeSet<&str> = SCENARIOS.iter().map(|(rule, _)| *rule).collect();
    let rules: BTreeSet<&str> = rules::all().iter().filter(|r| needs_history(r)).map(|r| r.name).collect();
    assert_eq!(shown, rules);
    assert_eq!(shown.len(), SCENARIOS.len());
}

/// An approved document in good order gives no finding of these rules.
#[test]
fn a_good_repository_is_silent() {
    let mut kit = scenarios::good();
    assert_eq!(Look::at(&kit).fired(), BTreeSet::new());
    // Nor does a draft of the next version.
    let text = String::from_utf8(kit.read(DOCUMENT)).unwrap();
    kit.write(DOCUMENT, &text.replace("version: 1.0", "version: 1.1").replace("status: approved", "status: in-review"));
    assert_eq!(Look::at(&kit).fired(), BTreeSet::new());
    kit.commit("eve", "Begin the next version");
    assert_eq!(Look::at(&kit).fired(), BTreeSet::new());
}
