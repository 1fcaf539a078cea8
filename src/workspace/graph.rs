//! Cycles where none may be.

use std::collections::{HashMap, HashSet};

use super::{EntityIx, Reference, Workspace};

/// A way along one field that comes back to its start.
#[derive(Debug)]
pub struct Cycle<'a> {
    /// The references, in order; the last leads to where the first stands.
    pub steps: Vec<&'a Reference>,
}

impl Workspace {
    /// Every cycle along a field that must not have one; each is found once, at its first reference in the SMS.
    #[must_use]
    pub fn cycles(&self) -> Vec<Cycle<'_>> {
        let mut edges: HashMap<(&str, EntityIx), Vec<&Reference>> = HashMap::new();
        for reference in self.references.iter().filter(|r| r.acyclic && r.target.is_some()) {
            edges.entry((leaf(&reference.field), reference.from)).or_default().push(reference);
        }
        let mut done: HashSet<(&str, EntityIx)> = HashSet::new();
        let mut cycles = Vec::new();
        for reference in self.references.iter().filter(|r| r.acyclic) {
            let field = leaf(&reference.field);
            walk(field, reference.from, &edges, &mut done, &mut cycles);
        }
        cycles
    }
}

fn leaf(field: &str) -> &str {
    field.rsplit('.').next().unwrap_or(field)
}

/// Depth-first along one field with a stack of our own: a chain may be as long as the SMS.
fn walk<'a>(
    field: &'a str,
    start: EntityIx,
    edges: &HashMap<(&str, EntityIx), Vec<&'a Reference>>,
    done: &mut HashSet<(&'a str, EntityIx)>,
    cycles: &mut Vec<Cycle<'a>>,
) {
    let mut stack = vec![(start, 0_usize)];
    let mut trail: Vec<&Reference> = Vec::new();
    let mut on_trail: HashMap<EntityIx, usize> = HashMap::from([(start, 0)]);
    while let Some((node, next)) = stack.last_mut() {
        let node = *node;
        let step = edges.get(&(field, node)).and_then(|e| e.get(*next)).filter(|_| !done.contains(&(field, node)));
        *next += 1;
        let Some((reference, target)) = step.and_then(|r| Some((*r, r.target?))) else {
            done.insert((field, node));
            on_trail.remove(&node);
            stack.pop();
            trail.pop();
            continue;
        };
        if let Some(depth) = on_trail.get(&target) {
            let mut steps: Vec<&Reference> = trail.get(*depth..).unwrap_or_default().to_vec();
            steps.push(reference);
            cycles.push(Cycle { steps });
        } else if !done.contains(&(field, target)) {
            trail.push(reference);
            on_trail.insert(target, trail.len());
            stack.push((target, 0));
        }
    }
}
