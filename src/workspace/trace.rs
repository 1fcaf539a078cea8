//! Traceability: from commitments to evidence, and from any entity both ways. Facts only; pictures are drawn elsewhere.

use std::collections::HashMap;

use super::{ArtifactView, Commitment, EntityIx, EntityView, Reference, Workspace};

/// The whole matrix: what each commitment of a current policy leads to.
#[derive(Default)]
pub struct Matrix<'a> {
    /// Commitments in force, by policy.
    pub commitments: Vec<CommitmentTrace<'a>>,
}

/// A commitment and what makes it good.
pub struct CommitmentTrace<'a> {
    /// The policy it stands in.
    pub policy: ArtifactView<'a>,
    /// The commitment.
    pub commitment: Commitment<'a>,
    /// Objectives set from it; empty is a gap.
    pub objectives: Vec<ObjectiveTrace<'a>>,
}

/// An objective and what reaches it and shows it.
pub struct ObjectiveTrace<'a> {
    /// The objective.
    pub objective: EntityView<'a>,
    /// Processes, services, suppliers and documents that work towards it.
    pub controls: Vec<EntityView<'a>>,
    /// What measures it.
    pub metrics: Vec<MetricTrace<'a>>,
    /// What it names as evidence.
    pub evidence: Vec<EntityView<'a>>,
}

/// A metric with its newest value.
#[derive(Clone, Copy)]
pub struct MetricTrace<'a> {
    /// The metric.
    pub metric: EntityView<'a>,
    /// Its newest measurement.
    pub newest: Option<EntityView<'a>>,
}

impl ObjectiveTrace<'_> {
    /// Whether any metric has a value.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.metrics.iter().any(|m| m.newest.is_some())
    }

    /// Whether it names evidence, or a measurement does.
    #[must_use]
    pub fn has_evidence(&self) -> bool {
        !self.evidence.is_empty() || self.metrics.iter().any(|m| m.newest.is_some_and(|n| n.has("evidence_ref")))
    }
}

/// How much of the matrix is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Commitments in force.
    pub commitments: usize,
    /// Those with an objective.
    pub with_objective: usize,
    /// Objectives set from them, each counted once.
    pub objectives: usize,
    /// Those with a control.
    pub with_control: usize,
    /// Those with a metric.
    pub with_metric: usize,
    /// Those with a measurement.
    pub with_measurement: usize,
    /// Those with evidence.
    pub with_evidence: usize,
}

impl Matrix<'_> {
    /// Its numbers.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let mut out = Coverage {
            commitments: self.commitments.len(),
            with_objective: self.commitments.iter().filter(|c| !c.objectives.is_empty()).count(),
            ..Coverage::default()
        };
        let mut seen = std::collections::BTreeSet::new();
        for trace in self.commitments.iter().flat_map(|c| &c.objectives).filter(|o| seen.insert(o.objective.ix)) {
            out.objectives += 1;
            out.with_control += usize::from(!trace.controls.is_empty());
            out.with_metric += usize::from(!trace.metrics.is_empty());
            out.with_measurement += usize::from(trace.is_measured());
            out.with_evidence += usize::from(trace.has_evidence());
        }
        out
    }
}

impl Workspace {
    /// The matrix of all current policies.
    #[must_use]
    pub fn matrix(&self) -> Matrix<'_> {
        let policies = self.of_kind("policy").filter(|p| p.is_current());
        let each = policies.flat_map(|policy| {
            policy.commitments().filter(|c| c.is_current()).map(move |commitment| CommitmentTrace {
                policy,
                commitment,
                objectives: objectives_of(commitment.entity),
            })
        });
        Matrix { commitments: each.collect() }
    }
}

fn objectives_of(commitment: EntityView<'_>) -> Vec<ObjectiveTrace<'_>> {
    let found = commitment.referrers_by("objective", "commitment_refs").filter(|o| !o.is_retired());
    distinct(found).into_iter().map(objective_trace).collect()
}

fn objective_trace(objective: EntityView<'_>) -> ObjectiveTrace<'_> {
    let named = objective.refs("metric_ref");
    let metrics = distinct(named.chain(objective.referrers_by("metric", "objective_refs")));
    ObjectiveTrace {
        objective,
        controls: distinct(objective.refs("control_refs")),
        metrics: metrics.into_iter().map(|metric| MetricTrace { metric, newest: newest_of(metric) }).collect(),
        evidence: distinct(objective.refs("evidence_refs")),
    }
}

/// The newest measurement of a metric: collected last, of the latest period.
fn newest_of(metric: EntityView<'_>) -> Option<EntityView<'_>> {
    newest(metric.referrers_by("measurement", "metric"))
}

fn newest<'a>(measurements: impl Iterator<Item = EntityView<'a>>) -> Option<EntityView<'a>> {
    measurements.max_by_key(|m| (m.date("collected_on"), m.str("period"), m.ix))
}

fn distinct<'a>(found: impl Iterator<Item = EntityView<'a>>) -> Vec<EntityView<'a>> {
    let mut seen = std::collections::BTreeSet::new();
    found.filter(|e| seen.insert(e.ix)).collect()
}

/// One entity with what it follows from and what follows from it.
pub struct Trace<'a> {
    /// The entity.
    pub root: EntityView<'a>,
    /// Upwards, to the reasons.
    pub follows_from: Vec<Branch<'a>>,
    /// Downwards, to the proof.
    pub leads_to: Vec<Branch<'a>>,
}

/// A step of a trace.
pub struct Branch<'a> {
    /// Where it leads.
    pub entity: EntityView<'a>,
    /// Fields that make the tie; empty when one stands in the other.
    pub via: Vec<&'a str>,
    /// Whether and why it goes no further here.
    pub mark: Mark,
    /// Older measurements of the same metric that are not shown.
    pub older: usize,
    /// Steps from here.
    pub children: Vec<Branch<'a>>,
}

/// Whether and why a branch goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It goes on as far as there is anything.
    Whole,
    /// It stands further up with all that follows.
    Again,
    /// It leads back to where it came from.
    Cycle,
    /// There is more below the depth asked for.
    Deeper,
    /// Much meets here that has nothing to do with where the trace started; it has a trace of its own.
    Hub,
}

/// Which way a trace goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// The trace of an entity, so many steps each way.
#[must_use]
pub fn trace(root: EntityView<'_>, depth: usize) -> Trace<'_> {
    // Roles and forums answer for things; they are shown one step far, or every trace would run through them.
    let depth = if is_accountability(root) { depth.min(1) } else { depth };
    let walk = |way| Walker { way, root: root.ix, on_path: vec![root.ix], expanded: HashMap::new() }.steps(root, depth);
    Trace { root, follows_from: walk(Way::Up), leads_to: walk(Way::Down) }
}

/// Place of a type in the chain from reasons to proof. Types it does not name are means, as processes and services are.
fn rank(entity: EntityView<'_>) -> u8 {
    match entity.kind() {
        "interested-party" | "context-issue" => 0,
        "context" | "obligation" | "service-requirement" => 1,
        "policy" => 2,
        "commitment" => 3,
        "objective" | "risk" => 4,
        "metric" => 6,
        "measurement" => 7,
        "record"
        | "report"
        | "audit"
        | "management-review"
        | "communication"
        | "communication-evidence"
        | "service-report"
        | "satisfaction"
        | "continuity-test"
        | "certification"
        | "certification-audit" => 8,
        "audit-finding" | "complaint" => 9,
        "nonconformity" => 10,
        "improvement" => 11,
        _ => 5,
    }
}

fn is_accountability(entity: EntityView<'_>) -> bool {
    entity.is("role") || entity.is("forum")
}

/// Reviews, audits, registers and reports speak of everything.
fn is_hub(entity: EntityView<'_>) -> bool {
    const HUBS: [&str; 10] = [
        "audit",
        "certification",
        "certification-audit",
        "communication",
        "communication-evidence",
        "management-review",
        "record",
        "register",
        "report",
        "service-report",
    ];
    HUBS.contains(&entity.kind())
}

struct Walker {
    way: Way,
    root: EntityIx,
    on_path: Vec<EntityIx>,
    /// How many steps below an entity have been shown already.
    expanded: HashMap<EntityIx, usize>,
}

impl Walker {
    fn steps<'a>(&mut self, from: EntityView<'a>, depth: usize) -> Vec<Branch<'a>> {
        let mut found = self.neighbours(from);
        let older = keep_newest_measurement(&mut found);
        found.into_iter().map(|(entity, via)| self.branch(entity, via, depth, older)).collect()
    }

    fn branch<'a>(&mut self, entity: EntityView<'a>, via: Vec<&'a str>, depth: usize, older: usize) -> Branch<'a> {
        let older = if entity.is("measurement") { older } else { 0 };
        let mut branch = Branch { entity, via, mark: Mark::Whole, older, children: Vec::new() };
        if self.on_path.contains(&entity.ix) {
            branch.mark = Mark::Cycle;
        } else if self.way == Way::Down && is_hub(entity) {
            branch.mark = if self.neighbours(entity).is_empty() { Mark::Whole } else { Mark::Hub };
        } else if depth <= 1 {
            let ends = is_accountability(entity) || is_accountability(entity.ws.entity_at(self.root));
            let more = !ends && !self.neighbours(entity).is_empty();
            branch.mark = if more { Mark::Deeper } else { Mark::Whole };
        } else if self.expanded.get(&entity.ix).is_some_and(|shown| *shown >= depth) {
            let more = !self.neighbours(entity).is_empty();
            branch.mark = if more { Mark::Again } else { Mark::Whole };
        } else {
            self.expanded.insert(entity.ix, depth);
            self.on_path.push(entity.ix);
            branch.children = self.steps(entity, depth - 1);
            self.on_path.pop();
        }
        branch
    }

    /// The entities one step away, nearest in the chain first, each with the fields that tie it.
    fn neighbours<'a>(&self, from: EntityView<'a>) -> Vec<(EntityView<'a>, Vec<&'a str>)> {
        let mut found: Vec<(EntityView<'a>, Vec<&'a str>)> = Vec::new();
        let mut add = |entity: EntityView<'a>, via: Option<&'a str>| {
            let at = found.iter().position(|(e, _)| e.ix == entity.ix).unwrap_or_else(|| {
                found.push((entity, Vec::new()));
                found.len() - 1
            });
            if let (Some(via), Some((_, fields))) = (via, found.get_mut(at))
                && !fields.contains(&via)
            {
                fields.push(via);
            }
        };
        for reference in from.references() {
            let target = reference.target.map(|ix| from.ws.entity_at(ix)).filter(|t| t.accepted(&reference.accepts));
            if let Some(target) = target.filter(|t| self.goes(from, *t, reference, true)) {
                add(target, Some(&reference.field));
            }
        }
        for (other, reference) in from.referrers() {
            if from.accepted(&reference.accepts) && self.goes(from, other, reference, false) {
                add(other, Some(&reference.field));
            }
        }
        self.held(from).for_each(|e| add(e, None));
        found.sort_by_key(|(e, _)| (rank(*e), e.ix));
        found
    }

    /// Whether a tie belongs to this way. The rank of the types decides; between equals, what refers rests on what it names.
    /// Loose ties (`related`, and between equals any but those that must not come back) are followed only where the trace
    /// starts, or everything would lead to everything.
    fn goes(&self, from: EntityView<'_>, to: EntityView<'_>, tie: &Reference, outgoing: bool) -> bool {
        let starts_here = from.ix == self.root;
        if starts_here && is_accountability(from) {
            return outgoing == (self.way == Way::Up);
        }
        let loose = &*tie.field == "related" || (rank(to) == rank(from) && !tie.acyclic);
        if is_accountability(to) || (loose && !starts_here) {
            return false;
        }
        let up = match rank(to).cmp(&rank(from)) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => outgoing,
        };
        up == (self.way == Way::Up)
    }

    /// Commitments stand in their policy; any other document shows what it holds only when the trace starts there.
    fn held<'a>(&self, from: EntityView<'a>) -> Box<dyn Iterator<Item = EntityView<'a>> + 'a> {
        let starts_here = from.ix == self.root;
        match self.way {
            Way::Up if from.is("commitment") => Box::new(from.artifact().entity().into_iter()),
            Way::Down if from.is_artifact() => {
                Box::new(from.artifact().children().filter(move |e| starts_here || e.is("commitment")))
            }
            _ => Box::new(std::iter::empty()),
        }
    }
}

/// A metric has one value a month; only the newest is shown. Returns how many are not.
fn keep_newest_measurement(found: &mut Vec<(EntityView<'_>, Vec<&str>)>) -> usize {
    let all = found.iter().filter(|(e, _)| e.is("measurement")).count();
    let Some(kept) = newest(found.iter().map(|(e, _)| *e).filter(|e| e.is("measurement"))).map(|e| e.ix) else {
        return 0;
    };
    found.retain(|(e, _)| !e.is("measurement") || e.ix == kept);
    all - 1
}
