//! Questions of the checklist, stages of certification, dates that must be kept.

use std::fmt::Write as _;

use serde_json::json;

use super::standard::{section, titled};
use super::{Topic, list};
use crate::catalog::{Catalog, Gate, PackContent, Share, Stages};
use crate::readiness::Need;

/// A question by its id.
pub(super) fn question(name: &str, catalog: &Catalog) -> Option<Topic> {
    let all = catalog.questions();
    let question = all.iter().find(|q| q.id.eq_ignore_ascii_case(name))?;
    let mut page = format!("# {}: question of the checklist\n\n{}\n\n", question.id, question.question);
    let _ = writeln!(page, "- area: {}", question.area);
    let _ = writeln!(page, "- clauses: {}", list(question.clauses.iter().map(|c| titled(c))));
    let _ = writeln!(page, "- answered when: {}", question.pass_criterion);
    section(&mut page, "What smsctl looks at", question.needs.iter().map(|n| in_words(n)));
    let interview = Some(question.interview.clone()).filter(|t| !t.is_empty());
    section(&mut page, "What the interview decides", interview.into_iter());
    page.push_str("\n`smsctl status --checklist` shows how it stands here.\n");
    let json = json!({
        "what": "question", "name": question.id, "area": question.area, "clauses": question.clauses,
        "question": question.question, "pass_criterion": question.pass_criterion, "automatic": question.automatic,
        "needs": question.needs, "interview": question.interview,
    });
    Some(Topic { what: "question", name: question.id.clone(), page, json })
}

/// A stage of certification with its gate.
pub(super) fn stage(name: &str) -> Option<Topic> {
    let all = Stages::built_in();
    let stage = all.stages.iter().find(|s| s.id == name)?;
    let mut page = format!("# {}: stage of certification `{}`\n\n{}\n\n", stage.title, stage.id, stage.purpose);
    let _ = writeln!(page, "- among certification bodies: {}", stage.formal_name);
    let _ = writeln!(page, "- part of every certification: {}", if stage.required { "yes" } else { "no" });
    section(&mut page, "What you bring", stage.inputs.iter().cloned());
    section(&mut page, "What comes out", stage.outputs.iter().cloned());
    let gate = all.gate(&stage.id);
    if let Some(gate) = gate {
        ready(&mut page, gate);
    }
    let contents: Vec<_> = all.contents.iter().filter_map(|c| shown(c, &stage.id)).collect();
    section(&mut page, "What the audit pack holds", contents.iter().map(|(what, how)| format!("{what} ({how})")));
    let json = json!({
        "what": "stage", "name": stage.id, "title": stage.title, "formal_name": stage.formal_name,
        "required": stage.required, "purpose": stage.purpose, "inputs": stage.inputs, "outputs": stage.outputs,
        "gate": gate.map(gate_json),
        "pack": contents.iter().map(|(what, how)| json!({"content": what, "share": how})).collect::<Vec<_>>(),
    });
    Some(Topic { what: "stage", name: stage.id.clone(), page, json })
}

fn ready(page: &mut String, gate: &Gate) {
    let _ = writeln!(page, "\n## {}\n\n{}\n", gate.title, gate.passes_when);
    for condition in &gate.conditions {
        let needs: Vec<String> = condition.needs.iter().map(|n| in_words(n)).collect();
        let _ = writeln!(page, "- {}: {}", condition.text, needs.join("; "));
    }
    let _ = writeln!(page, "\n`smsctl status --gates` shows how it stands, `--fail-under {}` stops CI.", gate.id);
}

/// A need as people say it.
fn in_words(need: &str) -> String {
    Need::parse(need).map_or_else(|| need.to_owned(), |n| n.in_words(Catalog::get(), Stages::built_in()))
}

fn gate_json(gate: &Gate) -> serde_json::Value {
    let condition = |c: &crate::catalog::GateCondition| json!({"id": c.id, "text": c.text, "needs": c.needs});
    json!({
        "title": gate.title, "passes_when": gate.passes_when,
        "conditions": gate.conditions.iter().map(condition).collect::<Vec<_>>(),
    })
}

fn shown(content: &PackContent, stage: &str) -> Option<(String, &'static str)> {
    let (_, share) = content.shares.iter().find(|(s, _)| s == stage)?;
    let how = match share {
        Share::Full => "in full",
        Share::Summary => "as a summary",
        Share::Delta => "what changed since the last audit",
        Share::Nothing => return None,
    };
    Some((content.content.clone(), how))
}

/// A date of the certification cycle.
pub(super) fn timing(name: &str) -> Option<Topic> {
    let timing = Stages::built_in().timing.iter().find(|t| t.id.eq_ignore_ascii_case(name))?;
    let mut page = format!("# {} {}\n\n{}\n\n", timing.id, timing.title, timing.rule);
    let _ = writeln!(page, "- rests on: {}", timing.basis);
    let _ = writeln!(page, "- to look at: {}", timing.check);
    let _ = writeln!(page, "- severity: {}", timing.severity);
    let json = json!({
        "what": "timing", "name": timing.id, "title": timing.title, "rule": timing.rule, "basis": timing.basis,
        "check": timing.check, "severity": timing.severity,
    });
    Some(Topic { what: "timing", name: timing.id.clone(), page, json })
}

/// All names, for suggestions.
pub(super) fn names(catalog: &Catalog) -> Vec<String> {
    let all = Stages::built_in();
    let questions = catalog.questions().into_iter().map(|q| q.id);
    let stages = all.stages.iter().map(|s| s.id.clone());
    questions.chain(stages).chain(all.timing.iter().map(|t| t.id.clone())).collect()
}
