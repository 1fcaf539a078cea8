//! What smsctl says of an SMS, findings and readiness: judged with names and numbers, and shown without.

use super::disclosure::Disclosure;
use crate::readiness::Readiness;
use crate::report::{ReportFinding, RunReport};

/// A report that quotes nothing that stays.
pub(super) fn report(report: &RunReport, disclosure: &Disclosure) -> RunReport {
    let mut out = report.clone();
    let mask = |finding: &mut ReportFinding| {
        finding.message = disclosure.sentence(&finding.message);
        finding.help = disclosure.sentence(&finding.help);
        finding.related.iter_mut().for_each(|(_, text)| *text = disclosure.sentence(text));
    };
    out.findings.iter_mut().for_each(mask);
    for (finding, by) in &mut out.waived {
        mask(finding);
        by.reason = disclosure.sentence(&by.reason);
    }
    for one in &mut out.not_evaluated {
        one.reason = disclosure.sentence(&one.reason);
    }
    out
}

/// Readiness that quotes nothing that stays: it is judged with the titles as they are.
pub(super) fn readiness(mut readiness: Readiness, disclosure: &Disclosure) -> Readiness {
    let of_clauses = readiness.clauses.iter_mut().flat_map(|c| &mut c.missing);
    let of_gates = readiness.gates.iter_mut().flat_map(|g| &mut g.conditions).flat_map(|c| &mut c.missing);
    for one in of_clauses.chain(of_gates) {
        one.text = disclosure.sentence(&one.text);
        if let Some(action) = &mut one.action {
            action.title = disclosure.sentence(&action.title);
            action.command = disclosure.sentence(&action.command);
        }
    }
    for duty in &mut readiness.due {
        duty.title = disclosure.sentence(&duty.title);
    }
    readiness
}
