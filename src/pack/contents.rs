//! What a pack of a stage holds: each row of the catalogue with its documents, and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{PackContent, Selector, Share, Stages};
use crate::workspace::{ArtifactView, Workspace};

/// What a pack holds.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The rows of the stage, in the catalogue's order.
    pub rows: Vec<Row>,
    shares: BTreeMap<String, Share>,
}

/// A row of the contents.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is.
    pub content: String,
    /// How it is shown.
    pub share: Share,
    /// Section that shows it computed.
    pub section: Option<String>,
    /// Paths of its documents, sorted.
    pub documents: Vec<String>,
    /// What the stage asks for and is not there, or is withheld; whole sentences.
    pub gaps: Vec<String>,
    /// How many of the gaps, the last ones, are documents that are withheld.
    pub withheld: usize,
}

impl Contents {
    /// Sorts the documents of an SMS into the rows of a stage. `changed` tells whether a document changed since the last
    /// audit; without a last audit everything did.
    #[must_use]
    pub fn of(ws: &Workspace, stages: &Stages, stage: &str, changed: Option<&BTreeSet<String>>) -> Self {
        let mut out = Self::default();
        for content in &stages.contents {
            let share = content.shares.iter().find(|(s, _)| s == stage).map_or(Share::Nothing, |(_, share)| *share);
            let documents = documents(ws, content, &out.shares);
            for path in &documents {
                let known = out.shares.get(path).copied().unwrap_or(Share::Nothing);
                out.shares.insert(path.clone(), fuller(known, share));
            }
            if share == Share::Nothing {
                continue;
            }
            let gaps = content.needs.iter().filter_map(|need| gap(ws, need, content, share)).collect();
            out.rows.push(Row {
                content: content.content.clone(),
                share,
                section: content.section.clone(),
                documents,
                gaps,
                withheld: 0,
            });
        }
        if let Some(changed) = changed {
            for (path, share) in &mut out.shares {
                if *share == Share::Delta && !changed.contains(path) {
                    *share = Share::Summary;
                }
            }
        }
        out
    }

    /// Notes that no approval could be judged: every stage asks for policies with their approvals.
    pub fn approvals_not_judged(&mut self, reason: &str) {
        if let Some(row) = self.rows.iter_mut().find(|r| r.section.as_deref() == Some("approvals-register")) {
            row.gaps.push(format!("No approval can be shown: {reason} ({}).", row.content));
        }
    }

    /// Notes that documents which the stage asks for in full are withheld: whoever decided that answers for it.
    pub fn withhold(&mut self, ws: &Workspace, is_closed: &dyn Fn(&str) -> bool) {
        let full = self.in_full();
        for row in self.rows.iter_mut().filter(|r| matches!(r.share, Share::Full | Share::Delta)) {
            let closed = row.documents.iter().filter(|path| full.contains(*path) && is_closed(path));
            let said = closed.filter_map(|path| ws.artifact_at(path));
            let gaps: Vec<String> = said.map(|a| format!("{} is withheld ({}).", shown(&a), row.content)).collect();
            row.withheld = gaps.len();
            row.gaps.extend(gaps);
        }
    }

    /// Paths of the documents that are in the pack with their text.
    #[must_use]
    pub fn in_full(&self) -> BTreeSet<String> {
        let full = self.shares.iter().filter(|(_, share)| matches!(share, Share::Full | Share::Delta));
        full.map(|(path, _)| path.clone()).collect()
    }

    /// How a document is shown.
    #[must_use]
    pub fn share(&self, path: &str) -> Share {
        self.shares.get(path).copied().unwrap_or(Share::Nothing)
    }

    /// Everything that is missing, with the row it is missing in.
    pub fn gaps(&self) -> impl Iterator<Item = (&Row, &str)> {
        self.rows.iter().flat_map(|row| row.gaps.iter().map(move |gap| (row, gap.as_str())))
    }
}

/// In full is more than what changed, which is more than a summary.
fn fuller(a: Share, b: Share) -> Share {
    let rank = |share: Share| match share {
        Share::Full => 3,
        Share::Delta => 2,
        Share::Summary => 1,
        Share::Nothing => 0,
    };
    if rank(a) >= rank(b) { a } else { b }
}

/// Documents of a row; those of the row without selectors and section are what no other row names.
fn documents(ws: &Workspace, content: &PackContent, known: &BTreeMap<String, Share>) -> Vec<String> {
    let rest = content.needs.is_empty() && content.also.is_empty() && content.section.is_none();
    let picked = ws.artifacts().filter(|a| a.is_current() && !a.id().is_empty()).filter(|a| {
        let named = content.needs.iter().flatten().chain(&content.also).any(|s| picks(ws, s, *a));
        named || (rest && !known.contains_key(a.path()))
    });
    picked.map(|a| a.path().to_owned()).collect()
}

/// Whether a selector picks a document.
#[must_use]
pub fn picks(ws: &Workspace, selector: &Selector, artifact: ArtifactView<'_>) -> bool {
    match selector {
        Selector::Register { name, .. } => artifact.register() == Some(name),
        Selector::Kind { kind, clause } => {
            artifact.kind() == kind
                && clause.as_ref().is_none_or(|c| artifact.clauses().iter().any(|own| within(own, c)))
        }
        Selector::Entry(name) => ws.catalog.entry(name).is_some_and(|entry| {
            let register = artifact.register().filter(|_| artifact.kind() == "register");
            ws.catalog.is_of_entry(entry, artifact.front().str("template"), register)
        }),
    }
}

fn within(clause: &str, above: &str) -> bool {
    clause.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What is missing of a need: nothing is there, it is a draft, or it is empty. A summary of nothing is no gap.
fn gap(ws: &Workspace, need: &[Selector], content: &PackContent, share: Share) -> Option<String> {
    if share == Share::Summary {
        return None;
    }
    let of = |s: &Selector| ws.artifacts().filter(|a| a.is_current()).filter(|a| picks(ws, s, *a)).collect::<Vec<_>>();
    let found: Vec<(&Selector, Vec<ArtifactView<'_>>)> = need.iter().map(|s| (s, of(s))).collect();
    if found.iter().any(|(s, list)| is_met(s, list)) {
        return None;
    }
    let wanted = need.iter().map(|s| in_words(ws, s)).collect::<Vec<_>>().join(", or ");
    let there: Vec<&ArtifactView<'_>> = found.iter().flat_map(|(_, list)| list).collect();
    let help = need.iter().find_map(|s| command(ws, s));
    let help = help.map_or_else(String::new, |c| format!(" `{c}` starts it."));
    Some(match there.first() {
        None => format!("There is no {wanted} ({}).{help}", content.content),
        Some(a) if a.is_approved() => format!("{} has no entries ({}).", shown(a), content.content),
        Some(a) => format!("{} is not approved: its status is {} ({}).", shown(a), a.status(), content.content),
    })
}

fn shown(artifact: &ArtifactView<'_>) -> String {
    format!("{} {}", artifact.id(), artifact.title())
}

fn is_met(selector: &Selector, found: &[ArtifactView<'_>]) -> bool {
    let ready = |a: &&ArtifactView<'_>| a.is_approved();
    match selector {
        Selector::Register { may_be_empty, .. } => {
            let mut ready = found.iter().filter(ready);
            // A document that is one entry of the register is itself an entry.
            ready.any(|a| *may_be_empty || a.kind() != "register" || a.children().next().is_some())
        }
        _ => found.iter().any(|a| ready(&a)),
    }
}

fn in_words(ws: &Workspace, selector: &Selector) -> String {
    match selector {
        Selector::Entry(name) => ws.catalog.entry(name).map_or_else(|| name.clone(), |e| e.title.clone()),
        Selector::Register { name, .. } => format!("register of {}", name.replace('-', " ")),
        Selector::Kind { kind, clause } => {
            let of = clause.as_ref().and_then(|c| ws.catalog.clause_name(c));
            of.map_or_else(|| kind.clone(), |clause| format!("{kind} for clause {clause}"))
        }
    }
}

/// The command that starts what is missing.
fn command(ws: &Workspace, selector: &Selector) -> Option<String> {
    let entry = match selector {
        Selector::Entry(name) => Some(name.clone()),
        Selector::Register { name, .. } => {
            ws.catalog.entries().iter().find(|e| e.register.as_deref() == Some(name)).map(|e| e.id.clone())
        }
        Selector::Kind { kind, clause } => {
            let first = |e: &&crate::catalog::ToolkitEntry| {
                e.kind == *kind && clause.as_ref().is_none_or(|c| e.clauses.iter().any(|own| within(own, c)))
            };
            ws.catalog.entries().iter().find(first).map(|e| e.id.clone())
        }
    };
    entry.map(|id| format!("smsctl new {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn the_sample_has_all_a_stage_2_pack_needs() {
        for stage in ["pre-audit", "stage-1", "stage-2", "surveillance", "recertification"] {
            sample::with(stage, false, |facts| {
                let contents = Contents::of(facts.ws, facts.stages, stage, None);
                let gaps: Vec<_> = contents.gaps().map(|(_, gap)| gap.to_owned()).collect();
                assert_eq!(gaps, Vec::<String>::new(), "{stage}");
                let all = facts.ws.artifacts().filter(|a| a.is_current()).count();
                let full = contents.in_full().len();
                assert!(if stage == "pre-audit" { full < all } else { full > 100 }, "{stage}: {full} of {all}");
            });
        }
    }

    #[test]
    fn documents_that_did_not_change_are_not_told_in_full_where_changes_are() {
        sample::with("surveillance", false, |facts| {
            let changed = BTreeSet::from(["policies/service-management-policy.md".to_owned()]);
            let contents = Contents::of(facts.ws, facts.stages, "surveillance", Some(&changed));
            assert_eq!(contents.share("policies/service-management-policy.md"), Share::Delta);
            assert_eq!(contents.share("policies/information-security-policy.md"), Share::Summary);
            assert_eq!(contents.share("registers/objectives.md"), Share::Full);
        });
    }

    #[test]
    fn a_history_that_cannot_be_judged_is_a_gap() {
        sample::with("stage-1", false, |facts| {
            let mut contents = Contents::of(facts.ws, facts.stages, "stage-1", None);
            contents.approvals_not_judged("the history is incomplete");
            let gaps: Vec<_> = contents.gaps().map(|(_, gap)| gap.to_owned()).collect();
            assert_eq!(gaps, ["No approval can be shown: the history is incomplete (policies with their approvals)."]);
        });
    }

    #[test]
    fn an_empty_sms_lacks_everything_and_is_told_what_to_do() {
        let mut tree = crate::source::MemoryTree::default();
        tree.put("smsctl.toml", Some(b"[sms]\norganization = \"X\"\n".to_vec()));
        let ws = crate::workspace::load(&tree, &|_, _| {}).unwrap();
        let contents = Contents::of(&ws, Stages::built_in(), "stage-1", None);
        let gaps: Vec<&str> = contents.gaps().map(|(_, gap)| gap).collect();
        assert!(gaps.len() > 20, "{gaps:?}");
        assert!(
            gaps.iter()
                .any(|g| g.contains("policy for clause 5.2.1") && g.contains("smsctl new service-management-policy"))
        );
    }
}
