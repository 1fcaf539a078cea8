//! Whatever stands in a statement, a checkpoint or a trust policy: reading never panics, and what is accepted is written
//! back byte for byte, so that two readers can never see different things.

use proptest::collection::vec;
use proptest::prelude::*;
use smsctl::trust::quorum::{met, missing};
use smsctl::trust::{Checkpoint, Pins, Policy, Requirement, Root, Statement};

use crate::common::cases;
use crate::kit::{Kit, PolicyText};

/// Edits of a text: cut, doubled, put in.
fn edited(text: &str, edits: &[(usize, usize, u8)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, length, what) in edits {
        let at = at % (bytes.len() + 1);
        let end = (at + length % 40).min(bytes.len());
        match what % 4 {
            0 => {
                bytes.drain(at..end);
            }
            1 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            2 => bytes.insert(at, *what),
            _ => {
                bytes.splice(at..end, b"\xe2\x80\xae\n".iter().copied());
            }
        }
    }
    bytes
}

fn edits() -> impl Strategy<Value = Vec<(usize, usize, u8)>> {
    vec((any::<usize>(), any::<usize>(), any::<u8>()), 0..4)
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn statements_have_one_form(edits in edits()) {
        let kit = std::sync::LazyLock::force(&KIT);
        let bytes = edited(&kit.0, &edits);
        if let Ok(statement) = Statement::parse(&bytes) {
            let written = statement.render();
            prop_assert_eq!(written.as_bytes(), bytes.as_slice());
        }
        let _ = Checkpoint::parse(&bytes);
    }

    #[test]
    fn policies_are_read_or_refused(edits in edits()) {
        let kit = std::sync::LazyLock::force(&KIT);
        let files = [
            ("trust/policy.toml".to_owned(), edited(&kit.1, &edits)),
            ("trust/allowed_signers".to_owned(), edited(&kit.2, &edits)),
        ];
        let files = files.into_iter().collect();
        match Policy::read(&files) {
            Ok(policy) => prop_assert!(policy.people.len() <= 5),
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
        if let Ok(text) = std::str::from_utf8(&files["trust/policy.toml"]) {
            let _ = (Root::parse(text), Pins::parse(text));
        }
    }

    /// More approvals never make less of a quorum, and nobody fills two places.
    #[test]
    fn a_quorum_only_grows(
        approvals in vec((0u8..4, 0u8..3), 0..8),
        needs in vec((0u8..3, 1usize..3), 0..3),
        one_more in (0u8..4, 0u8..3),
    ) {
        let name = |(person, role): &(u8, u8)| (format!("p{person}"), format!("r{role}"));
        let required: Vec<Requirement> =
            needs.iter().map(|(role, min)| Requirement { role: format!("r{role}"), min: *min }).collect();
        let mut have: Vec<(String, String)> = approvals.iter().map(name).collect();
        let before = missing(&required, &have, "", &[]).iter().map(|r| r.min).sum::<usize>();
        let persons: std::collections::BTreeSet<&String> = have.iter().map(|(p, _)| p).collect();
        let places: usize = required.iter().map(|r| r.min).sum();
        prop_assert!(places - before <= persons.len());
        prop_assert_eq!(before == 0, met(&required, &have, "", &[]));
        have.push(name(&one_more));
        prop_assert!(missing(&required, &have, "", &[]).iter().map(|r| r.min).sum::<usize>() <= before);
    }
}

/// A statement, a policy and its keys that are accepted as they stand.
static KIT: std::sync::LazyLock<(String, String, String)> = std::sync::LazyLock::new(|| {
    let kit = Kit::new();
    let texts = (kit.statement("carla", "cio").render(), kit.policy.toml(), PolicyText::default().signers());
    assert!(Statement::parse(texts.0.as_bytes()).is_ok());
    texts
});
