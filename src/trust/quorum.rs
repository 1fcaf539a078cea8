//! Whether approvals by different persons fill what is required. Persons count, never keys.

use super::policy::{Requirement, roles_for};

/// Whether distinct persons can fill every place. `approvals` are person and the role they acted in.
#[must_use]
pub fn met(required: &[Requirement], approvals: &[(String, String)], owner: &str, approvers: &[String]) -> bool {
    missing(required, approvals, owner, approvers).is_empty()
}

/// The places nobody fills, when each person fills at most one and as many places as possible are filled.
#[must_use]
pub fn missing(
    required: &[Requirement],
    approvals: &[(String, String)],
    owner: &str,
    approvers: &[String],
) -> Vec<Requirement> {
    let persons: Vec<&str> = {
        let mut all: Vec<&str> = approvals.iter().map(|(p, _)| p.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    // More places than persons cannot be filled anyway; the bound keeps a hostile `min` harmless.
    let bound = persons.len() + 1;
    let places: Vec<(usize, Vec<&str>)> = required
        .iter()
        .enumerate()
        .flat_map(|(ix, r)| std::iter::repeat_n((ix, roles_for(&r.role, owner, approvers)), r.min.min(bound)))
        .collect();
    let fits = |place: usize, person: usize| {
        let (_, roles) = &places[place];
        approvals.iter().any(|(p, role)| *p == persons[person] && roles.contains(&role.as_str()))
    };
    let mut holder: Vec<Option<usize>> = vec![None; persons.len()];
    let mut filled = vec![false; places.len()];
    for (place, filled) in filled.iter_mut().enumerate() {
        let mut seen = vec![false; persons.len()];
        *filled = seat(place, persons.len(), &fits, &mut holder, &mut seen);
    }
    let mut out: Vec<Requirement> = Vec::new();
    for (ix, requirement) in required.iter().enumerate() {
        let taken = places.iter().zip(&filled).filter(|((of, _), filled)| *of == ix && **filled).count();
        if taken < requirement.min {
            out.push(Requirement { role: requirement.role.clone(), min: requirement.min - taken });
        }
    }
    out
}

/// Finds a person for a place, moving others to places they fit as well.
fn seat(
    place: usize,
    persons: usize,
    fits: &dyn Fn(usize, usize) -> bool,
    holder: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for person in 0..persons {
        if seen[person] || !fits(place, person) {
            continue;
        }
        seen[person] = true;
        let free = match holder[person] {
            None => true,
            Some(other) => seat(other, persons, fits, holder, seen),
        };
        if free {
            holder[person] = Some(place);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(role: &str, min: usize) -> Requirement {
        Requirement { role: role.into(), min }
    }

    fn by(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(p, r)| ((*p).to_owned(), (*r).to_owned())).collect()
    }

    #[test]
    fn one_person_fills_one_place() {
        let two = [need("cio", 1), need("owner", 1)];
        assert!(!met(&two, &by(&[("a", "cio"), ("a", "owner")]), "", &[]));
        assert!(met(&two, &by(&[("a", "cio"), ("b", "owner")]), "", &[]));
        assert!(!met(&[need("admin", 2)], &by(&[("a", "admin"), ("a", "admin")]), "", &[]));
    }

    #[test]
    fn people_move_to_where_they_are_needed() {
        let two = [need("cio", 1), need("owner", 1)];
        assert!(met(&two, &by(&[("a", "cio"), ("a", "owner"), ("b", "cio")]), "", &[]));
    }

    #[test]
    fn words_stand_for_the_roles_of_the_document() {
        let required = [need("@approvers", 2), need("@owner", 1)];
        let approvers = ["cio".to_owned(), "cto".to_owned()];
        assert!(met(&required, &by(&[("a", "cio"), ("b", "cto"), ("c", "lead")]), "lead", &approvers));
        assert_eq!(
            missing(&required, &by(&[("a", "cio")]), "lead", &approvers),
            [need("@approvers", 1), need("@owner", 1)]
        );
        assert!(met(&[], &[], "", &[]));
        assert_eq!(missing(&[need("x", 1_000_000)], &[], "", &[]), [need("x", 1_000_000)]);
    }
}
