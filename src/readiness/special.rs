//! What no table can say: predicates in code.

use std::collections::BTreeSet;

use super::decide::{Facts, Found, back, few, nothing, whereabouts};
use super::select::{date, filled, is_ended};
use super::{Action, ClauseState, Evidence, Missing};
use crate::document::Node;
use crate::finding::Severity;
use crate::rules::policy;
use crate::workspace::{EntityView, is_within};

type Predicate = fn(&Facts<'_>) -> Found;

/// A predicate: its name (`is NAME`), what it says, and its function.
struct Special {
    name: &'static str,
    in_words: &'static str,
    holds: Predicate,
}

/// Decided where it may also stay open: see [`Facts::decide`].
pub(super) const APPROVALS_VERIFIED: &str = "approvals-verified";

static TABLE: [Special; 12] = [
    Special {
        name: APPROVALS_VERIFIED,
        in_words: "approvals are verified from the signed history, or claims of approval are accepted in their place",
        holds: |_| nothing("it is decided elsewhere", None),
    },
    Special {
        name: "change-of-items-restricted",
        in_words: "CODEOWNERS says who reviews changes of the register configuration-items",
        holds: change_of_items_restricted,
    },
    Special {
        name: "changes-explained",
        in_words: "every document says in `changes` why each version was made",
        holds: changes_explained,
    },
    Special {
        name: "corrective-actions-on-plan",
        in_words: "every open nonconformity has a plan, and none of its days has passed",
        holds: corrective_actions_on_plan,
    },
    Special {
        name: "documents-approved",
        in_words: "every clause that asks for a document has an approved one",
        holds: documents_approved,
    },
    Special { name: "documents-owned", in_words: "every document has an owner and a version", holds: documents_owned },
    Special {
        name: "external-findings-closed",
        in_words: "no finding of an external audit is open, in the register certification or nonconformities",
        holds: external_findings_closed,
    },
    Special {
        name: "policies-without-error",
        in_words: "every policy is finished and approved, and no rule about policies reports an error",
        holds: policies_without_error,
    },
    Special {
        name: "policy-has-commitments",
        in_words: "the service management policy makes commitments",
        holds: policy_has_commitments,
    },
    Special {
        name: "recertification-planned",
        in_words: "the recertification audit has a date three months or more before the certificate ends",
        holds: recertification_planned,
    },
    Special {
        name: "records-present",
        in_words: "every clause that asks for a record has one of the last twelve months",
        holds: records_present,
    },
    Special { name: "stage-1-held", in_words: "the stage 1 audit was held", holds: stage_1_held },
];

/// Predicates that hold when nothing of a sort is found.
pub(super) fn rests_on_absence(name: &str) -> bool {
    [
        "changes-explained",
        "corrective-actions-on-plan",
        "documents-owned",
        "external-findings-closed",
        "policies-without-error",
    ]
    .contains(&name)
}

fn find(name: &str) -> Option<&'static Special> {
    TABLE.iter().find(|s| s.name == name)
}

/// Whether there is a predicate of this name.
#[must_use]
pub fn is_predicate(name: &str) -> bool {
    find(name).is_some()
}

/// What a predicate says; empty when there is none of this name.
pub(super) fn in_words(name: &str) -> &'static str {
    find(name).map_or("", |s| s.in_words)
}

pub(super) fn decide(facts: &Facts<'_>, name: &str) -> Found {
    match find(name) {
        Some(special) => (special.holds)(facts),
        None => nothing(format!("smsctl knows no predicate `{name}`"), None),
    }
}

/// Nobody changes configuration items unseen: the Git service asks for a review of the file.
fn change_of_items_restricted(facts: &Facts<'_>) -> Found {
    let Some(register) = facts.ctx.ws.register("configuration-items").find(|a| a.is_current()) else {
        return nothing("there is no register configuration-items", Some(facts.fill("configuration-items")));
    };
    let generate = Action::new("Say who reviews changes (CODEOWNERS)", "smsctl generate codeowners");
    match &facts.ctx.code_owners {
        Some(owners) if names_path(&owners.text, register.path()) => {
            (vec![Evidence { path: owners.path.clone(), id: String::new() }, whereabouts(register)], Vec::new())
        }
        Some(owners) => {
            let text = format!("{} names nobody for {}", owners.path, register.path());
            (vec![whereabouts(register)], vec![Missing::new(text, Some(generate))])
        }
        None => {
            let text = format!("{} of {}", no_owners(facts), register.path());
            (vec![whereabouts(register)], vec![Missing::new(text, Some(generate))])
        }
    }
}

/// Why nothing is known of reviewers: the file is read together with the history.
fn no_owners(facts: &Facts<'_>) -> &'static str {
    let places = ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"];
    if places.into_iter().any(|p| facts.ctx.ws.paths.contains(p)) {
        "CODEOWNERS is read together with the history only, so it is not known who reviews changes"
    } else {
        "no CODEOWNERS file says who reviews changes"
    }
}

/// Whether a line is about the file, a folder of it, or everything.
fn names_path(owners: &str, path: &str) -> bool {
    let mut patterns = owners.lines().map(str::trim).filter(|l| !l.starts_with('#')).filter_map(|l| {
        let mut words = l.split_whitespace();
        words.next().filter(|_| words.next().is_some())
    });
    patterns.any(|p| {
        let bare = p.trim_start_matches('/').trim_end_matches("**").trim_end_matches('*');
        bare.is_empty() || path.starts_with(bare) || (bare.ends_with('/') && path.contains(bare))
    })
}

/// Each open nonconformity has a plan whose days have not passed.
fn corrective_actions_on_plan(facts: &Facts<'_>) -> Found {
    let all: Vec<_> = facts.entries("nonconformities").collect();
    let evidence: Vec<Evidence> = all.iter().map(|e| whereabouts(e.artifact())).collect();
    let late = |e: &&EntityView<'_>| !is_ended(e.node()) && overdue(e.node(), facts);
    let ids: Vec<&str> = all.iter().filter(late).map(|e| e.id()).collect();
    if ids.is_empty() {
        return facts.kept("nonconformities");
    }
    let text = format!("corrective actions are late or not planned: {}", few(&ids));
    let action = Action { overdue: true, ..facts.fill("nonconformities") };
    (evidence, vec![Missing::new(text, Some(action))])
}

fn overdue(nonconformity: &Node, facts: &Facts<'_>) -> bool {
    let actions = nonconformity.list("corrective_actions");
    let late = |a: &Node| date(a, "done_on").is_none() && date(a, "due_on").is_none_or(|d| d < facts.ctx.today);
    let planned = !actions.is_empty() || filled(nonconformity, "no_action_reason");
    !planned || actions.iter().any(late)
}

fn documents_approved(facts: &Facts<'_>) -> Found {
    let asks = |c: &&ClauseState| c.demanded.document;
    demanded(facts.clauses.iter().filter(asks), |c| c.step() >= 2, "approved document")
}

fn records_present(facts: &Facts<'_>) -> Found {
    let asks = |c: &&ClauseState| c.demanded.record;
    demanded(facts.clauses.iter().filter(asks), ClauseState::evidenced, "record of the last twelve months")
}

/// Clauses that ask for something, and those of them that have it.
fn demanded<'c>(
    clauses: impl Iterator<Item = &'c ClauseState>,
    has: impl Fn(&ClauseState) -> bool,
    what: &str,
) -> Found {
    let (mut evidence, mut missing) = (Vec::new(), Vec::new());
    for clause in clauses {
        if has(clause) {
            let newest = clause.records.first().map(|r| r.evidence.clone());
            evidence.extend(clause.documents.first().map(|d| d.evidence.clone()).or(newest));
        } else {
            let action = clause.missing.iter().find_map(|m| m.action.clone());
            missing.push(Missing::new(format!("clause {} has no {what}", clause.id), action));
        }
    }
    (evidence, missing)
}

fn documents_owned(facts: &Facts<'_>) -> Found {
    let (mut evidence, mut missing) = (Vec::new(), Vec::new());
    for (artifact, state) in facts.current() {
        let absent = ["owner", "version"].into_iter().find(|f| !filled(artifact.front(), f));
        match absent {
            None => evidence.push(state.evidence.clone()),
            Some(field) => {
                let action = Action::new(
                    format!("Complete the control block of {}", state.evidence.id),
                    format!("smsctl check {}", state.evidence.path),
                );
                let text = format!("{} has no {field}", state.evidence.id);
                missing.push(Missing::new(text, Some(action)));
            }
        }
    }
    // Each document would be evidence; the list of them is shorter.
    evidence.truncate(1);
    if evidence.is_empty() && missing.is_empty() {
        return nothing("there are no documents", Some(Action::new("Start the SMS", "smsctl init")));
    }
    (evidence, missing)
}

fn policies_without_error(facts: &Facts<'_>) -> Found {
    let is_policy = |name: &str| policy::RULES.iter().any(|r| r.name == name);
    let errors = facts.verdict.findings.iter().filter(|f| f.severity == Severity::Error && is_policy(f.rule.name));
    let problem = |f: &crate::rules::Finding| {
        let action =
            Action::new(format!("Mend what {} reports", f.rule.name), format!("smsctl explain {}", f.rule.name));
        Missing::new(f.problem.message.clone(), Some(action))
    };
    let mut missing: Vec<Missing> = errors.map(problem).collect();
    let policies: Vec<_> = facts.ctx.ws.of_kind("policy").filter(|p| p.is_current()).collect();
    // A draft reports little: many rules wait until a policy is approved.
    missing.extend(policies.iter().filter_map(|p| facts.not_in_force(*p)));
    let evidence: Vec<Evidence> = policies.into_iter().map(whereabouts).collect();
    if evidence.is_empty() && missing.is_empty() {
        let write = Action::new("Write the Service Management Policy", "smsctl new service-management-policy");
        return nothing("there is no policy", Some(write));
    }
    (evidence, missing)
}

fn policy_has_commitments(facts: &Facts<'_>) -> Found {
    let write = Action::new("Write the Service Management Policy", "smsctl new service-management-policy");
    let Some(policy) = facts.ctx.ws.service_management_policies().next() else {
        return nothing("there is no service management policy", Some(write));
    };
    if policy.commitments().any(|c| c.is_current() && c.block.is_some()) {
        return (vec![whereabouts(policy)], Vec::new());
    }
    let check = Action::new(format!("Complete {}", policy.id()), format!("smsctl check {}", policy.path()));
    (vec![whereabouts(policy)], vec![Missing::new(format!("{} makes no commitment", policy.id()), Some(check))])
}

/// The last management review that was held, when it is not older than a year, covered these inputs.
pub(super) fn review_covers(facts: &Facts<'_>, keys: &[String]) -> Found {
    let held = |e: &EntityView<'_>| date(e.node(), "held_on").is_some_and(|d| d <= facts.ctx.today);
    let last = facts.entries("management-reviews").filter(held).max_by_key(|e| date(e.node(), "held_on"));
    let review_it = || facts.fill("management-reviews");
    let Some(review) = last else { return nothing("no management review was held", Some(review_it())) };
    let evidence = vec![Evidence { id: review.id().to_owned(), ..whereabouts(review.artifact()) }];
    let on = date(review.node(), "held_on").unwrap_or(facts.ctx.today);
    if on < facts.since {
        let late = Some(Action { overdue: true, ..review_it() });
        return (evidence, vec![Missing::new(format!("the last management review was held on {on}"), late)]);
    }
    let wanted = if keys.iter().any(|k| k == "all") { inputs(facts) } else { keys.to_vec() };
    let covered = |key: &&String| {
        let status = review.node().get("inputs").and_then(|i| i.get(key)).and_then(|i| i.str("status"));
        !matches!(status, Some("covered" | "not-applicable"))
    };
    let open: Vec<&str> = wanted.iter().filter(covered).map(String::as_str).collect();
    if open.is_empty() {
        return (evidence, Vec::new());
    }
    let text = format!("the management review {} did not look at {}", review.id(), few(&open));
    (evidence, vec![Missing::new(text, Some(review_it()))])
}

/// The inputs the schema of the register knows.
fn inputs(facts: &Facts<'_>) -> Vec<String> {
    let schema = facts.ctx.ws.schemas.entry("management-reviews");
    let shape = schema.and_then(|s| s.shape.field("inputs"));
    shape.into_iter().flat_map(|s| s.field_names().map(str::to_owned)).collect()
}

/// Audits that were held within a period name every leaf clause, or one above it.
pub(super) fn audits_cover(facts: &Facts<'_>, period: jiff::Span) -> Found {
    let since = back(facts.ctx.today, period);
    let held = |e: &EntityView<'_>| {
        date(e.node(), "held_on").is_some_and(|d| since <= d && d <= facts.ctx.today)
            && e.str("status") != Some("cancelled")
    };
    let audits: Vec<_> = facts.entries("internal-audits").filter(held).collect();
    let named: BTreeSet<&str> = audits.iter().flat_map(|e| e.node().texts("clauses")).map(|(c, _)| c).collect();
    // Clauses of a second standard carry its name; its audits are not asked for here.
    let leaves = facts.clauses.iter().filter(|c| c.is_leaf() && !c.id.contains(':'));
    let open = leaves.filter(|c| !named.iter().any(|n| is_within(&c.id, n)));
    let open: Vec<&str> = open.map(|c| c.id.as_str()).collect();
    let evidence = audits.iter().map(|e| Evidence { id: e.id().to_owned(), ..whereabouts(e.artifact()) }).collect();
    if open.is_empty() && !audits.is_empty() {
        return (evidence, Vec::new());
    }
    let text = format!("no internal audit since {since} covered {}", few(&open));
    let plan = Action::new("Plan and hold internal audits of the clauses left out", "smsctl explain internal-audits");
    let action = if audits.is_empty() { facts.fill("internal-audits") } else { plan };
    (evidence, vec![Missing::new(text, Some(action))])
}

/// Each document gives the reason of each version; a placeholder is none.
fn changes_explained(facts: &Facts<'_>) -> Found {
    let (mut evidence, mut missing) = (Vec::new(), Vec::new());
    for (artifact, state) in facts.current() {
        let changes = artifact.front().list("changes");
        // Records are made once; what was never changed has nothing to say.
        if changes.is_empty() && !is_changed(artifact) {
            continue;
        }
        if !changes.is_empty() && changes.iter().all(|change| filled(change, "why")) {
            evidence.push(state.evidence.clone());
        } else {
            let id = &state.evidence.id;
            let action = Action::new(format!("Say why {id} was changed"), format!("smsctl check {}", artifact.path()));
            missing.push(Missing::new(format!("{id} does not say why it was changed"), Some(action)));
        }
    }
    // Each document would be evidence; the list of them is shorter.
    evidence.truncate(1);
    if evidence.is_empty() && missing.is_empty() {
        return nothing("no document says what changed", Some(Action::new("Start the SMS", "smsctl init")));
    }
    (evidence, missing)
}

/// Whether a document is past its first version and no record.
fn is_changed(artifact: crate::workspace::ArtifactView<'_>) -> bool {
    let record = matches!(artifact.kind(), "record" | "report" | "log" | "agenda");
    !record && artifact.is_approved() && !matches!(artifact.version(), "" | "0.1" | "1" | "1.0" | "1.0.0")
}

/// Findings of external audits are on record in the register of the certificate, and those that became nonconformities there.
fn external_findings_closed(facts: &Facts<'_>) -> Found {
    let (mut evidence, mut missing) = facts.kept("nonconformities");
    // Without the register of the certificate nobody knows what the body found.
    missing.extend(facts.kept("certification").1);
    let of_body = |e: &EntityView<'_>| e.str("source") == Some("external-audit") && !is_ended(e.node());
    let open: Vec<_> = facts.entries("nonconformities").filter(of_body).collect();
    let findings: Vec<_> = facts.ctx.ws.of_type("audit-finding").filter(is_external).collect();
    let unclosed = |f: &&EntityView<'_>| is_unclosed(f.node(), facts.ctx.today);
    let ids: Vec<&str> = open.iter().map(|e| e.id()).chain(findings.iter().filter(unclosed).map(|f| f.id())).collect();
    evidence.extend(findings.iter().map(|f| whereabouts(f.artifact())));
    if !ids.is_empty() {
        let text = format!("open findings of external audits: {}", few(&ids));
        missing.push(Missing::new(text, Some(facts.fill("certification"))));
    }
    (evidence, missing)
}

fn is_external(finding: &EntityView<'_>) -> bool {
    finding.artifact().register() == Some("certification")
}

/// A major finding is closed when the body has verified what was done, a minor one when it has accepted the plan; a finding
/// without a grade counts as major.
fn is_unclosed(finding: &Node, today: jiff::civil::Date) -> bool {
    let come = |field| date(finding, field).is_some_and(|on| on <= today);
    match finding.str("grade") {
        Some("observation" | "opportunity" | "positive") => false,
        Some("minor") => !come("verified_on") && !come("accepted_on"),
        _ => !come("verified_on"),
    }
}

/// Somebody from outside has looked at the design of the SMS.
fn stage_1_held(facts: &Facts<'_>) -> Found {
    let certificates: Vec<_> = facts.entries("certification").collect();
    let held = |e: &&EntityView<'_>| {
        let stage_1 = e.node().list("audits").iter().filter(|a| a.str("stage") == Some("stage-1"));
        stage_1.filter_map(|a| date(a, "held_on")).any(|on| on <= facts.ctx.today)
    };
    let found =
        certificates.iter().filter(held).map(|e| Evidence { id: e.id().to_owned(), ..whereabouts(e.artifact()) });
    let evidence: Vec<Evidence> = found.collect();
    if evidence.is_empty() {
        return nothing("no stage 1 audit was held", Some(facts.fill("certification")));
    }
    (evidence, Vec::new())
}

/// An audit with the stage `recertification` lies three months before the certificate ends.
fn recertification_planned(facts: &Facts<'_>) -> Found {
    let certificates: Vec<_> = facts.entries("certification").collect();
    let end = |e: EntityView<'_>| date(e.node(), "cycle.expires_on").or_else(|| date(e.node(), "expires_on"));
    let ending = certificates.iter().filter_map(|e| Some((end(*e)?, *e)));
    let Some((expires, entry)) = ending.max_by_key(|(on, _)| *on) else {
        return nothing("no certificate with its last day is on record", Some(facts.fill("certification")));
    };
    let evidence = vec![Evidence { id: entry.id().to_owned(), ..whereabouts(entry.artifact()) }];
    let audits = entry.node().list("audits").iter().filter(|a| a.str("stage") == Some("recertification"));
    let planned = audits.filter_map(first_day).max();
    let latest = back(expires, jiff::Span::new().months(3));
    let missing = match planned {
        Some(on) if on <= latest => None,
        Some(on) => Some(format!("the recertification audit of {on} lies after {latest}, three months before the end")),
        None => Some(format!("the certificate ends on {expires} and no recertification audit has a date")),
    };
    let missing = missing.map(|text| Missing::new(text, Some(facts.fill("certification"))));
    (evidence, missing.into_iter().collect())
}

/// The day an audit begins or was held.
fn first_day(audit: &Node) -> Option<jiff::civil::Date> {
    ["held_start", "held_on", "planned_start", "planned_on"].into_iter().find_map(|f| date(audit, f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_of_files_folders_and_everything_count() {
        for owners in ["* @a", "/registers/ @a", "registers/ci.md @a @b", "registers/** @a"] {
            assert!(names_path(owners, "registers/ci.md"), "{owners}");
        }
        for owners in ["", "# * @a", "*", "/policies/ @a", "registers/ci.md"] {
            assert!(!names_path(owners, "registers/ci.md"), "{owners}");
        }
    }
}
