//! Whether a trust policy can work: places nobody can fill, roles nobody holds, disagreement with the documents.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::trust::policy::{APPROVERS, OWNER};
use crate::trust::{Policy, Requirement};
use crate::workspace::Workspace;

/// Something that will stand in the way, as a sentence without a full stop, and what to do.
pub type Advice = (String, String);

/// Looks at a policy beside the documents it is for.
#[must_use]
pub fn advice(policy: &Policy, ws: &Workspace, now: Timestamp) -> Vec<Advice> {
    let mut out = Vec::new();
    let holders = |role: &str| policy.holders(role, now).map(str::to_owned).collect::<BTreeSet<String>>();
    let keyed = |person: &String| {
        policy.people.get(person).is_some_and(|p| {
            let open = p.openpgp.iter().any(|f| policy.revocation(&crate::signature::key::KeyId(f.clone())).is_none());
            let lines = policy.signers.lines.iter().filter(|l| l.principals.first() == p.ssh_principal.as_ref());
            let ssh = lines.filter(|l| policy.revocation(&l.key).is_none()).any(|l| l.covers(now.as_second(), 0));
            open || (p.ssh_principal.is_some() && ssh)
        })
    };
    let assign = |role: &str| format!("Assign it with `smsctl trust assign PERSON {role}`, or change the rule.");
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for (what, requirements) in rules(policy) {
        let mut places = 0;
        let mut persons = BTreeSet::new();
        let named = requirements.iter().filter(|r| r.role != APPROVERS && r.role != OWNER);
        for requirement in named {
            asked.insert(requirement.role.clone());
            let able: BTreeSet<String> = holders(&requirement.role).into_iter().filter(keyed).collect();
            places += requirement.min;
            if able.len() < requirement.min {
                let who = if able.is_empty() { "nobody".into() } else { format!("only {}", able.len()) };
                let message = format!(
                    "{what} needs {} × `{}` and {who} holds it with a valid key",
                    requirement.min, requirement.role
                );
                out.push((message, assign(&requirement.role)));
            }
            persons.extend(able);
        }
        if persons.len() < places && out.iter().all(|(m, _)| !m.starts_with(&what)) {
            let message = format!("{what} needs {places} different persons and there are {}", persons.len());
            out.push((message, "Add a person with `smsctl trust add-person`.".into()));
        }
    }
    let known: BTreeSet<&str> = ws.of_type("role").map(crate::workspace::EntityView::id).collect();
    let top: BTreeSet<&str> = ws
        .of_type("role")
        .filter(|e| e.node().bool("top_management") == Some(true) && !e.is_retired())
        .map(crate::workspace::EntityView::id)
        .collect();
    if !known.is_empty() {
        let mine: BTreeSet<&str> = policy.top_management.iter().map(String::as_str).collect();
        for role in mine.difference(&top) {
            let message = format!("the trust policy calls `{role}` top management, the roles register does not");
            out.push((message, "Make them agree.".into()));
        }
        for role in top.difference(&mine) {
            let message = format!("the roles register calls `{role}` top management, the trust policy does not");
            out.push((message, "Make them agree.".into()));
        }
        let used = policy.assignments.iter().map(|a| a.role.as_str()).chain(asked.iter().map(String::as_str));
        let admins: BTreeSet<&str> = policy.admin.iter().map(|r| r.role.as_str()).collect();
        for role in used.collect::<BTreeSet<_>>().into_iter().filter(|r| !known.contains(r) && !admins.contains(r)) {
            let message = format!("the trust policy names the role `{role}`, which is not in the roles register");
            out.push((message, "Write the role's id as the register has it.".into()));
        }
    }
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    for artifact in ws.artifacts() {
        let Some(rule) = policy.rule(artifact.id(), artifact.kind()) else { continue };
        let asks = |word: &str| rule.require.iter().any(|r| r.role == word);
        let approvers = artifact.front().texts("approvers").map(|(t, _)| t).filter(|_| asks(APPROVERS));
        let owner = artifact.front().str("owner").filter(|_| asks(OWNER));
        let unheld = |role: &&str| !holders(role).iter().any(keyed);
        let roles: Vec<&str> = approvers.collect();
        if !roles.is_empty() && roles.iter().all(unheld) {
            missing.extend(roles);
        }
        missing.extend(owner.filter(unheld));
    }
    for role in missing {
        let message = format!("documents name `{role}` as approver and nobody holds it with a valid key");
        out.push((message, assign(role)));
    }
    out
}

fn rules(policy: &Policy) -> Vec<(String, &[Requirement])> {
    let name = |r: &crate::trust::policy::ApprovalRule| {
        let of: Vec<&str> = r.kinds.iter().chain(&r.ids).map(String::as_str).collect();
        format!("the rule for {}", of.join(", "))
    };
    let mut out: Vec<(String, &[Requirement])> = policy.rules.iter().map(|r| (name(r), r.require.as_slice())).collect();
    out.push(("a change of the trust policy".into(), policy.admin.as_slice()));
    out
}
