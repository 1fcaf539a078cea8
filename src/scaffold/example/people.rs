//! Who works at the sample organization, with which key and in which role, and the trust policies that follow from it.
//!
//! The ids are the pseudonyms of the sample's roles register. The names are invented.

use std::collections::BTreeMap;

use super::keys::Key;
use crate::error::Error;

/// Id and name.
const NAMES: &[(&str, &str)] = &[
    ("p-001", "Margriet Aerts"),
    ("p-003", "Luc Verhaeghe"),
    ("p-008", "Tom De Wilde"),
    ("p-017", "Nadia El Amrani"),
    ("p-022", "Hanne Goossens"),
    ("p-029", "Pieter Maes"),
    ("p-031", "Sofie Lambrecht"),
    ("p-034", "Bart Nys"),
    ("p-038", "Joris Peeters"),
    ("p-041", "Ilse Vandamme"),
    ("p-043", "Wout Janssens"),
    ("p-045", "Eva Claes"),
    ("p-049", "Dries Martens"),
    ("p-052", "Greet Bogaert"),
    ("p-063", "Koen Willems"),
    ("p-064", "Lies Dumont"),
    ("p-066", "Karim Benali"),
    ("p-068", "An Coppens"),
    ("p-069", "Filip Wouters"),
    ("p-071", "Amina Haddad"),
];

/// Person, role, first day, first day no longer (empty: still). As in registers/roles.md.
const ROLES: &[(&str, &str, &str, &str)] = &[
    ("p-001", "chief-executive-officer", "2018-05-01", ""),
    ("p-003", "chief-information-officer", "2019-04-01", "2026-01-01"),
    ("p-017", "chief-information-officer", "2026-01-01", ""),
    ("p-008", "service-management-owner", "2022-11-01", ""),
    ("p-022", "sms-manager", "2023-02-06", ""),
    ("p-029", "service-level-manager", "2021-06-01", ""),
    ("p-031", "business-relationship-manager", "2023-09-01", ""),
    ("p-034", "supplier-manager", "2022-03-01", ""),
    ("p-038", "change-manager", "2024-02-01", ""),
    ("p-041", "incident-manager", "2022-09-01", ""),
    ("p-066", "incident-manager", "2026-09-07", ""),
    ("p-043", "problem-manager", "2023-11-01", ""),
    ("p-045", "information-security-manager", "2021-01-11", ""),
    ("p-049", "service-continuity-manager", "2023-05-02", ""),
    ("p-052", "service-desk-manager", "2020-02-01", "2026-09-01"),
    ("p-071", "service-desk-manager", "2026-09-01", ""),
    ("p-063", "service-owner-cloud", "2020-07-01", ""),
    ("p-064", "service-owner-network", "2024-10-01", ""),
    ("p-068", "internal-audit-lead", "2023-06-01", ""),
    ("p-069", "finance-controller", "2017-02-01", ""),
];

/// Person, label of the key, first day, first day no longer. A row whose last day has come leaves the list of signers.
const KEYS: &[(&str, &str, &str, &str)] = &[
    ("p-001", "p-001", "2023-02-06", ""),
    ("p-003", "p-003", "2023-02-06", "2026-01-01"),
    ("p-008", "p-008", "2023-02-06", "2025-09-15"),
    ("p-008", "p-008 second", "2025-09-15", ""),
    ("p-017", "p-017", "2026-01-01", ""),
    ("p-022", "p-022", "2023-02-06", ""),
    ("p-029", "p-029", "2023-02-06", ""),
    ("p-031", "p-031", "2023-09-01", ""),
    ("p-034", "p-034", "2023-02-06", "2024-10-07"),
    ("p-034", "p-034 second", "2024-10-07", ""),
    ("p-038", "p-038", "2024-02-01", ""),
    ("p-041", "p-041", "2023-02-06", ""),
    ("p-043", "p-043", "2023-11-01", ""),
    ("p-045", "p-045", "2023-02-06", ""),
    ("p-049", "p-049", "2023-05-02", ""),
    ("p-052", "p-052", "2023-02-06", "2026-09-01"),
    ("p-063", "p-063", "2023-02-06", ""),
    ("p-064", "p-064", "2024-10-01", ""),
    ("p-066", "p-066", "2026-09-07", ""),
    ("p-068", "p-068", "2023-06-01", ""),
    ("p-069", "p-069", "2023-02-06", ""),
    ("p-071", "p-071", "2026-09-01", ""),
];

/// Label of the key of the Git service.
pub(super) const FORGE: &str = "forge";
/// The Git service as committer of squash merges.
pub(super) const FORGE_NAME: &str = "Northwind Git <noreply@git.northwind.example>";
/// Name of the repository in every statement.
pub(super) const REPOSITORY: &str = "urn:uuid:7b1f6c52-3c0e-4a55-9d0b-5e1f20000108";

/// A trust policy of the history.
pub(super) struct Serial {
    /// Day it comes in.
    pub(super) on: &'static str,
    /// Subject of its commit.
    pub(super) subject: &'static str,
    /// Why, for the commit and the statements.
    pub(super) why: &'static str,
}

/// All trust policies, serial 1 first.
pub(super) const SERIALS: &[Serial] = &[
    Serial {
        on: "2023-02-06",
        subject: "Set up the trust policy",
        why: "First policy: who holds which role, with which key. The SMS manager keeps it for now.",
    },
    Serial {
        on: "2023-06-05",
        subject: "Trust policy 2: continuity manager and internal audit lead",
        why: "Dries Martens and An Coppens have started; their keys were compared by phone.",
    },
    Serial {
        on: "2023-11-06",
        subject: "Trust policy 3: two administrators, editorial changes",
        why: "From now on SMS manager and information security manager change this policy together. New: Sofie Lambrecht and Wout Janssens, the key of the Git server, and a short way for editorial changes.",
    },
    Serial {
        on: "2024-02-05",
        subject: "Trust policy 4: change manager",
        why: "Joris Peeters took up change management on 1 February.",
    },
    Serial {
        on: "2024-10-07",
        subject: "Trust policy 5: new laptop of the supplier manager",
        why: "Bart Nys retired his old key with his old laptop. Lies Dumont owns the network services since 1 October.",
    },
    Serial {
        on: "2025-09-15",
        subject: "Trust policy 6: stolen laptop of the service management owner",
        why: "The laptop of Tom De Wilde was stolen on 12 September 2025. His key counts as compromised from that day. Approvals before the checkpoint of June stand; those of the summer were gone through one by one and are reaffirmed.",
    },
    Serial {
        on: "2026-01-05",
        subject: "Trust policy 7: hand-over of the chief information officer",
        why: "Nadia El Amrani follows Luc Verhaeghe, who left at the end of 2025.",
    },
    Serial {
        on: "2026-09-07",
        subject: "Trust policy 8: service desk manager, deputy of the incident manager",
        why: "Greet Bogaert left at the end of August; Amina Haddad took over. Karim Benali is deputy of the incident manager.",
    },
];

/// Serial from which two administrators are needed.
const TWO_ADMINS: usize = 3;

/// Name of a person.
pub(super) fn name(person: &str) -> &'static str {
    NAMES.iter().find(|(id, _)| *id == person).map_or("", |(_, name)| name)
}

/// Address of a person.
pub(super) fn address(person: &str) -> String {
    let plain: String = name(person).to_lowercase().chars().filter(|c| c.is_ascii_alphabetic() || *c == ' ').collect();
    let (first, last) = plain.split_once(' ').unwrap_or((&plain, ""));
    format!("{first}.{}@northwind.example", last.replace(' ', ""))
}

/// `Name <address>`
pub(super) fn signature_name(person: &str) -> String {
    format!("{} <{}>", name(person), address(person))
}

/// Who holds a role on a day and is in the trust policy; the SMS manager stands in where nobody is.
pub(super) fn holder(role: &str, day: &str) -> &'static str {
    let known = |from: &str| SERIALS.iter().find(|s| s.on >= from).is_none_or(|s| s.on <= day);
    let holds =
        |(_, r, from, to): &&(&str, &str, &str, &str)| *r == role && known(from) && (to.is_empty() || day < *to);
    ROLES.iter().find(holds).map_or("p-022", |(person, ..)| person)
}

/// Label of the key a person signs with on a day.
pub(super) fn key_label(person: &str, day: &str) -> &'static str {
    let of = |(p, _, _, to): &&(&str, &str, &str, &str)| *p == person && (to.is_empty() || day < *to);
    KEYS.iter().find(of).or(KEYS.iter().rev().find(|(p, ..)| *p == person)).map_or(FORGE, |(_, label, ..)| label)
}

/// Administrators who sign a serial, by the policy before it.
pub(super) fn admins(serial: usize) -> Vec<(&'static str, &'static str)> {
    let mut out = vec![("p-022", "sms-manager")];
    if serial > TWO_ADMINS {
        out.push(("p-045", "information-security-manager"));
    }
    out
}

/// All key pairs by label.
pub(super) fn keys() -> Result<BTreeMap<&'static str, Key>, Error> {
    let labels = KEYS.iter().map(|(_, label, ..)| *label).chain([FORGE]);
    labels.map(|label| Ok((label, Key::of(label)?))).collect()
}

/// The files of a trust policy, without approvals. `previous` is the digest of the one before, `reaffirmed` the statements
/// by a compromised key that stand.
pub(super) fn policy(
    serial: usize,
    previous: Option<&str>,
    reaffirmed: &[String],
    keys: &BTreeMap<&'static str, Key>,
) -> Result<BTreeMap<String, String>, Error> {
    let day = SERIALS.get(serial - 1).map_or("", |s| s.on);
    let mut text = format!(
        "# Who may approve what at Northwind Managed Services. Changed with `smsctl trust` and nothing else.\n\
         schema = \"smsctl-trust/1\"\nrepo_id = \"{REPOSITORY}\"\nserial = {serial}\n"
    );
    if let Some(previous) = previous {
        text += &format!("previous = \"{previous}\"\n");
    }
    let known = |person: &str| KEYS.iter().any(|(p, _, from, _)| *p == person && *from <= day);
    let signs =
        |person: &str| KEYS.iter().any(|(p, _, from, to)| *p == person && *from <= day && (to.is_empty() || day < *to));
    for (person, name) in NAMES.iter().filter(|(p, _)| known(p)) {
        text += &format!("\n[people.{person}]\nname = \"{name}\"\n");
        if signs(person) {
            text += &format!("ssh_principal = \"{}\"\n", address(person));
        }
        text += &format!("emails = [\"{}\"]\n", address(person));
    }
    for (person, role, from, to) in ROLES.iter().filter(|(p, _, from, _)| known(p) && *from <= day) {
        text += &format!("\n[[assignments]]\nperson = \"{person}\"\nrole = \"{role}\"\nfrom = {from}T00:00:00Z\n");
        if !to.is_empty() && *to <= day {
            text += &format!("to = {to}T00:00:00Z\n");
        }
    }
    text += RULES;
    text += if serial < TWO_ADMINS { ONE_ADMIN } else { ADMINS };
    if serial >= TWO_ADMINS {
        text += EDITORIAL;
    }
    text += "\n[evidence]\ncarriers = [\"file\", \"commit\"]\nmin_time = \"ordered\"\n";
    if let Some(forge) = keys.get(FORGE).filter(|_| serial >= TWO_ADMINS) {
        text += &format!("forge_keys = [\"{}\"]\n", forge.fingerprint());
    }
    text += &revocations(serial, reaffirmed, keys);
    let mut signers = String::from("# Keys of the persons of policy.toml, in the form of ssh-keygen and Git.\n");
    for (person, label, from, _) in KEYS.iter().filter(|(_, _, from, to)| *from <= day && (to.is_empty() || day < *to))
    {
        let (from, key) = (from.replace('-', ""), keys.get(label).map_or(Ok(String::new()), Key::public)?);
        let options = format!("namespaces=\"git,smsctl-approval\",valid-after=\"{from}000000Z\"");
        signers += &format!("{} {options} {key}\n", address(person));
    }
    Ok([("trust/policy.toml".to_owned(), text), ("trust/allowed_signers".to_owned(), signers)].into())
}

const RULES: &str = r#"
[roles.chief-executive-officer]
top_management = true

[roles.chief-information-officer]
top_management = true

[roles.service-management-owner]
top_management = true

# The law makes the management body answer for security; the scope is a matter of both as well.
[[rules]]
ids = ["SMS-CTX-01", "SMS-POL-18"]
require = [{ role = "chief-information-officer" }, { role = "chief-executive-officer" }]
not = ["author"]

[[rules]]
kinds = ["policy"]
require = [{ role = "chief-information-officer" }]
not = ["author"]

# Registers that decide something. The others change every week and are kept by their owners.
[[rules]]
ids = ["SMS-REG-OBJ", "SMS-REG-OBL", "SMS-REG-RSK", "SMS-REG-ROL", "SMS-REG-ISS"]
require = [{ role = "chief-information-officer" }]
not = ["author"]

[[rules]]
kinds = ["register"]
require = []

[[rules]]
kinds = ["*"]
require = [{ role = "@approvers" }]
not = ["author"]
"#;

const ONE_ADMIN: &str = "\n[admin]\nrequire = [{ role = \"sms-manager\" }]\n";

const ADMINS: &str = "\n[admin]\nrequire = [{ role = \"sms-manager\" }, { role = \"information-security-manager\" }]\n";

const EDITORIAL: &str =
    "\n# Spelling and the like.\n[editorial]\nrole = \"@owner\"\nlevel = \"patch\"\nmethod = \"smsctl-editorial/1\"\n";

fn revocations(serial: usize, reaffirmed: &[String], keys: &BTreeMap<&'static str, Key>) -> String {
    let mut out = String::new();
    let key = |label: &str| keys.get(label).map(Key::fingerprint).unwrap_or_default();
    if serial >= 5 {
        out += &format!("\n[[revocations]]\nkey = \"{}\"\nkind = \"retired\"\n", key("p-034"));
    }
    if serial >= 6 {
        out += &format!(
            "\n[[revocations]]\nkey = \"{}\"\nkind = \"compromised\"\nsince = 2025-09-12T00:00:00Z\nreaffirmed = [\n",
            key(COMPROMISED)
        );
        out += &reaffirmed.iter().map(|digest| format!("  \"{digest}\",\n")).collect::<String>();
        out += "]\n";
    }
    out
}

/// Label of the key that was stolen.
pub(super) const COMPROMISED: &str = "p-008";
