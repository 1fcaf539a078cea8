//! The first trust policy, proposed from the documents and the roles register.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::policy::{Files, NewKey, moment};
use crate::trust::policy::{POLICY_FILE, SIGNERS_FILE};
use crate::workspace::Workspace;

/// The role of those who may change the trust policy.
pub const ADMIN: &str = "trust-admin";

/// Who sets the policy up.
#[derive(Clone, Debug)]
pub struct First {
    /// Id.
    pub person: String,
    /// Name as printed.
    pub name: String,
    /// Address of their commits.
    pub email: String,
    /// Their role besides [`ADMIN`].
    pub role: String,
    /// Their key.
    pub key: NewKey,
    /// From when they hold the role and the key is valid.
    pub from: Timestamp,
    /// Name of the repository.
    pub repo_id: String,
}

/// What the documents say about who approves.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Roles of top management, by the roles register.
    pub top_management: Vec<String>,
    /// Of these, the roles that approve policies: those named by every policy, else the one named most often.
    pub policy_roles: Vec<String>,
    /// Registers that are approved as documents: objectives and roles.
    pub registers: Vec<String>,
}

/// Reads the documents.
#[must_use]
pub fn seen(ws: &Workspace) -> Seen {
    let role = |e: &crate::workspace::EntityView<'_>| e.node().bool("top_management") == Some(true) && !e.is_retired();
    let top: Vec<String> = ws.of_type("role").filter(role).map(|e| e.id().to_owned()).collect();
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    let mut policies = 0;
    for policy in ws.of_kind("policy") {
        policies += 1;
        for (approver, _) in policy.front().texts("approvers").filter(|(t, _)| top.iter().any(|r| r == t)) {
            *named.entry(approver).or_default() += 1;
        }
    }
    let most = named.values().copied().max().unwrap_or(0);
    let mut roles: Vec<String> = named.iter().filter(|(_, n)| **n == most).map(|(r, _)| (*r).to_owned()).collect();
    if most < policies {
        roles.truncate(1);
    }
    if roles.is_empty() {
        roles.extend(top.first().cloned());
    }
    let registers = ["objectives", "roles"].iter().flat_map(|name| ws.register(name)).map(|a| a.id().to_owned());
    Seen { policy_roles: roles, registers: registers.filter(|id| !id.is_empty()).collect(), top_management: top }
}

fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}

/// A key of a table, in quotes only where they are needed.
fn key(text: &str) -> String {
    toml_edit::Key::new(text).to_string()
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", ")
}

/// The files of the first policy, without its approval.
#[must_use]
pub fn files(first: &First, seen: &Seen) -> Files {
    let mut out = Files::new();
    let principal = principal(&first.email, &first.person);
    let from = moment(first.from);
    let mut person = format!("name = {}\nemails = [{}]\n", quoted(&first.name), quoted(&first.email));
    match &first.key {
        NewKey::Ssh(_, text) => {
            let _ = writeln!(person, "ssh_principal = {}", quoted(&principal));
            let digits: String = from.chars().filter(char::is_ascii_digit).collect();
            let line = format!("{principal} namespaces=\"git,smsctl-approval\",valid-after=\"{digits}Z\" {text}\n");
            out.insert(SIGNERS_FILE.into(), line.into_bytes());
        }
        NewKey::OpenPgp(fingerprint, bytes) => {
            let _ = writeln!(person, "openpgp = [{}]", quoted(fingerprint));
            out.insert(SIGNERS_FILE.into(), b"# SSH keys, one line each; smsctl writes it.\n".to_vec());
            out.insert(format!("trust/openpgp/{fingerprint}.asc"), bytes.clone());
        }
    }
    let (id, role) = (quoted(&first.person), quoted(&first.role));
    let mut roles = seen.top_management.clone();
    if roles.is_empty() {
        roles.push(first.role.clone());
    }
    let top: String = roles.iter().map(|r| format!("[roles.{}]\ntop_management = true\n\n", key(r))).collect();
    let policy_roles = if seen.policy_roles.is_empty() { vec![first.role.clone()] } else { seen.policy_roles.clone() };
    let needs: Vec<String> = policy_roles.iter().map(|r| format!("{{ role = {}, min = 1 }}", quoted(r))).collect();
    let registers = if seen.registers.is_empty() {
        String::new()
    } else {
        format!(
            "# Objectives and roles are decisions, so these registers are approved like documents.\n[[rules]]\nids = [{}]\n\
             require = [{{ role = \"@approvers\", min = 1 }}]\n\n",
            list(&seen.registers)
        )
    };
    let text = format!(
        "# Who may approve what, with which key, from when to when. Changed by `smsctl trust`; a change counts when the\n\
         # administrators of the policy before have signed it. Rules may be edited by hand, then `smsctl trust sign`.\n\
         schema = \"smsctl-trust/1\"\n\
         repo_id = {repo}\n\
         # One more with every change, kept by smsctl.\n\
         serial = 1\n\n\
         # Persons. Their SSH keys stand in trust/allowed_signers under ssh_principal, OpenPGP keys in trust/openpgp/.\n\
         # A key belongs to one person; addresses tell who wrote a change and prove nothing.\n\
         [people.{person_key}]\n{person}\n\
         # Who holds which role from when to when (UTC). A hand-over sets `to` here and adds the next holder.\n\
         [[assignments]]\nperson = {id}\nrole = {role}\nfrom = {from}\n\n\
         [[assignments]]\nperson = {id}\nrole = \"{ADMIN}\"\nfrom = {from}\n\n\
         # Roles that direct the organization at the highest level.\n{top}\
         # Policies: by top management, and never by whoever wrote the text.\n\
         [[rules]]\nkinds = [\"policy\"]\nrequire = [{needs}]\nnot = [\"author\"]\n\n\
         {registers}\
         # Other registers and records grow entry by entry; Git says who wrote what when. No approval is needed.\n\
         [[rules]]\nkinds = [\"register\", \"record\"]\nrequire = []\n\n\
         # Everything else: by a role the document itself names under `approvers`.\n\
         [[rules]]\nkinds = [\"*\"]\nrequire = [{{ role = \"@approvers\", min = 1 }}]\n\n\
         # Small corrections may be approved by the owner alone: no commitment, no field but version and changes,\n\
         # few words against the last version approved in full. Take the marks away to allow it.\n\
         # [editorial]\n# role = \"@owner\"\n# level = \"patch\"\n# method = \"smsctl-editorial/1\"\n\n\
         # Who may change this policy. With two administrators, set min = 2.\n\
         [admin]\nrequire = [{{ role = \"{ADMIN}\", min = 1 }}]\n\n\
         [evidence]\n# Signed statement files and signed commits; either counts.\ncarriers = [\"file\", \"commit\"]\n\
         min_time = \"ordered\"\n\
         # Keys of Git services never count as a person.\nforge_keys = [\"B5690EEEBB952194\"]\n",
        repo = quoted(&first.repo_id),
        person_key = key(&first.person),
        from = quoted(&from),
        needs = needs.join(", "),
    );
    out.insert(POLICY_FILE.into(), text.into_bytes());
    out
}

/// The name of a person's lines in `allowed_signers`: their address when it is plain, else their id.
#[must_use]
pub fn principal(email: &str, person: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'@' | b'-');
    let fits = !email.is_empty() && email.bytes().all(plain);
    if fits { email.to_owned() } else { person.to_owned() }
}

/// An id from a name: `Carla Itō` becomes `carla.ito`.
#[must_use]
pub fn id_of(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let plain: String = name.nfkd().filter(char::is_ascii).collect::<String>().to_lowercase();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let id: String = words.collect::<Vec<_>>().join(".").chars().take(64).collect();
    if id.is_empty() { "person".into() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::Policy;

    #[test]
    fn names_become_ids() {
        assert_eq!(id_of("Carla Itō"), "carla.ito");
        assert_eq!(id_of("J. R. O'Neil"), "j.r.o.neil");
        assert_eq!(id_of("山田"), "person");
        assert_eq!(principal("a b@example.org", "a.b"), "a.b");
    }

    #[test]
    fn the_proposal_is_a_policy_without_fault() {
        let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";
        let first = First {
            person: "carla.ito".into(),
            name: "Carla \"C\" Itō".into(),
            email: "carla@example.org".into(),
            role: "cio".into(),
            key: NewKey::Ssh(crate::signature::key::KeyId("x".into()), line.into()),
            from: "2026-01-01T00:00:00Z".parse().unwrap(),
            repo_id: "urn:uuid:5f0c1c1e-0b8e-4d0e-9d5e-2f6f0e0c7a11".into(),
        };
        for seen in [Seen::default(), Seen { registers: vec!["REG-OBJ".into()], ..Seen::default() }] {
            let files = files(&first, &seen);
            let policy = Policy::read(&files).map_err(|f| format!("{f:?} {files:?}")).unwrap();
            assert_eq!(policy.rule("X", "policy").unwrap().require[0].role, "cio");
            assert_eq!(policy.name("carla.ito"), "Carla \"C\" Itō");
        }
    }
}
