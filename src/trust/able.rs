//! Whether the trust policy can still be changed: by persons who hold a role of `[admin]` today with a key that counts.

use jiff::Timestamp;

use super::policy::{Person, Policy, Requirement};
use super::quorum;
use super::statement::NAMESPACE;
use crate::signature::key::KeyId;

impl Policy {
    /// What no change of the policy could have at a moment, even if everybody signed. Empty when it can be changed.
    #[must_use]
    pub fn admin_missing(&self, at: Timestamp) -> Vec<Requirement> {
        quorum::missing(&self.admin, &self.able(at), "", &[])
    }

    /// Persons without whom the policy could not be changed any more: one lost key is enough.
    #[must_use]
    pub fn indispensable(&self, at: Timestamp) -> Vec<String> {
        let able = self.able(at);
        let mut persons: Vec<String> = able.iter().map(|(person, _)| person.clone()).collect();
        persons.sort();
        persons.dedup();
        persons.retain(|person| {
            let others: Vec<_> = able.iter().filter(|(other, _)| other != person).cloned().collect();
            !quorum::met(&self.admin, &others, "", &[])
        });
        persons
    }

    /// Persons with a key that counts, each with the roles they hold.
    fn able(&self, at: Timestamp) -> Vec<(String, String)> {
        let holds = self.assignments.iter().filter(|a| a.covers(at));
        let able = holds.filter(|a| self.people.get(&a.person).is_some_and(|person| self.can_sign(person, at)));
        able.map(|a| (a.person.clone(), a.role.clone())).collect()
    }

    fn can_sign(&self, person: &Person, at: Timestamp) -> bool {
        let ssh = person.ssh_principal.as_ref().is_some_and(|principal| {
            let lines = self.signers.lines.iter().filter(|l| l.principals.first() == Some(principal));
            lines
                .filter(|l| l.key_trouble.is_none() && l.allows(NAMESPACE) && l.covers(at.as_second(), 0))
                .any(|l| self.revocation(&l.key).is_none())
        });
        let certificate = |f: &String| self.certificates.iter().find(|c| c.fingerprint() == f);
        let openpgp = person.openpgp.iter().filter(|f| self.revocation(&KeyId((*f).clone())).is_none());
        ssh || openpgp.filter_map(certificate).any(|c| c.can_sign(at.as_second()))
    }
}
