//! Words that several rules of this group use.

use crate::rules::words::listed;
use crate::trust::{Approval, ApprovedVersion, Judged, day};

/// `Carla Ito (chief-information-officer)`, each person once.
pub(super) fn signers<'a>(judged: &Judged, approvals: impl IntoIterator<Item = &'a Approval>) -> String {
    let mut names: Vec<String> = Vec::new();
    for approval in approvals {
        let person = approval.person.as_deref().unwrap_or(&approval.statement.signer);
        let name = format!("{} ({})", judged.policy().name(person), approval.statement.role);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    listed(&names)
}

/// Names of persons of the policy, each once.
pub(super) fn names<'a>(judged: &Judged, persons: impl IntoIterator<Item = &'a String>) -> String {
    let names: std::collections::BTreeSet<&str> = persons.into_iter().map(|p| judged.policy().name(p)).collect();
    listed(&names.into_iter().collect::<Vec<_>>())
}

/// The approvals that made a version.
pub(super) fn approvals_of<'a>(judged: &'a Judged, version: &'a ApprovedVersion) -> impl Iterator<Item = &'a Approval> {
    version.approvals.iter().filter_map(|ix| judged.approvals.get(*ix))
}

/// `version 2.0 was approved by Carla Ito (chief-information-officer) on 2026-02-09`.
pub(super) fn approved(judged: &Judged, version: &ApprovedVersion) -> String {
    let by = signers(judged, approvals_of(judged, version));
    format!("version {} was approved by {by} on {}", version.version, day(version.on))
}
