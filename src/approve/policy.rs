//! Changes of the trust policy that keep the comments and the layout of its author.

use std::collections::BTreeMap;

use jiff::Timestamp;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::commit::Write;
use super::keys::SigningKey;
use crate::error::Error;
use crate::signature::key::KeyId;
use crate::signature::openpgp::Certificate;
use crate::signature::ssh;
use crate::trust::policy::{POLICY_FILE, SIGNERS_FILE, set_digest};
use crate::trust::statement::TRUST_POLICY;
use crate::trust::{Decision, Meaning, Policy, PolicyRef, Statement};

/// The files of a policy, by path below the root of the SMS.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A public key to be added.
#[derive(Clone, Debug)]
pub enum NewKey {
    /// Kind and base64.
    Ssh(KeyId, String),
    /// Fingerprint and certificate.
    OpenPgp(String, Vec<u8>),
}

impl NewKey {
    /// Reads a `.pub` file of OpenSSH or an armored OpenPGP certificate.
    ///
    /// # Errors
    /// When it is neither, or a key whose signatures cannot count.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let text = String::from_utf8_lossy(bytes);
        let help = "Give the public half of an SSH key (FILE.pub) or an exported OpenPGP certificate (FILE.asc).";
        if text.contains("PRIVATE KEY-----") {
            return Err(Error::usage(
                format!("{name} is the secret half of a key"),
                "Never hand it out. Give FILE.pub.",
            ));
        }
        if let Some((id, key)) = text.lines().find_map(ssh::public_key) {
            return match key.trouble {
                Some(why) => {
                    Err(Error::usage(format!("the key of {name} cannot count: {why}"), super::keys::how_to_make_one()))
                }
                None => Ok(Self::Ssh(id, key.text)),
            };
        }
        match Certificate::parse(bytes).unwrap_or_default().as_slice() {
            [one] => Ok(Self::OpenPgp(one.fingerprint().to_owned(), bytes.to_vec())),
            _ => Err(Error::usage(format!("{name} holds no public key"), help)),
        }
    }

    /// The fingerprint.
    #[must_use]
    pub fn id(&self) -> KeyId {
        match self {
            Self::Ssh(id, _) => id.clone(),
            Self::OpenPgp(fingerprint, _) => KeyId(fingerprint.clone()),
        }
    }
}

/// The policy being changed.
pub struct Edit {
    document: DocumentMut,
    files: Files,
}

fn no_toml(error: &toml_edit::TomlError) -> Error {
    Error::usage(format!("{POLICY_FILE} cannot be read: {}", error.message()), "Mend the TOML first.")
}

/// A moment as the policy writes it.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.to_string()
}

impl Edit {
    /// Starts from the files of a policy.
    ///
    /// # Errors
    /// When policy.toml cannot be read.
    pub fn new(files: Files) -> Result<Self, Error> {
        let text = String::from_utf8_lossy(files.get(POLICY_FILE).map_or(&[][..], Vec::as_slice)).into_owned();
        let document: DocumentMut = text.parse().map_err(|e| no_toml(&e))?;
        Ok(Self { document, files })
    }

    /// Adds a person.
    pub fn person(&mut self, id: &str, name: &str, email: Option<&str>) {
        let mut person = Table::new();
        person.insert("name", value(name));
        if let Some(email) = email {
            person.insert("emails", value(Array::from_iter([email])));
        }
        if let Some(people) = self.table("people") {
            people.insert(id, Item::Table(person));
        }
    }

    fn table(&mut self, name: &str) -> Option<&mut Table> {
        let implicit = || {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        };
        self.document.entry(name).or_insert_with(implicit).as_table_mut()
    }

    /// Gives a person a key. `principal` names their lines in `allowed_signers` when they have none yet.
    pub fn key(&mut self, person: &str, key: &NewKey, principal: &str, from: Timestamp) {
        let Some(of) = self.table("people").and_then(|p| p.get_mut(person)).and_then(Item::as_table_like_mut) else {
            return;
        };
        match key {
            NewKey::Ssh(_, text) => {
                let known = of.get("ssh_principal").and_then(Item::as_str).map(str::to_owned);
                let principal = known.unwrap_or_else(|| {
                    of.insert("ssh_principal", value(principal));
                    principal.to_owned()
                });
                let from: String = moment(from).chars().filter(char::is_ascii_digit).collect();
                let line = format!("{principal} namespaces=\"git,smsctl-approval\",valid-after=\"{from}Z\" {text}\n");
                let signers = self.files.entry(SIGNERS_FILE.to_owned()).or_default();
                if !signers.is_empty() && !signers.ends_with(b"\n") {
                    signers.push(b'\n');
                }
                signers.extend(line.bytes());
            }
            NewKey::OpenPgp(fingerprint, bytes) => {
                let list = of.entry("openpgp").or_insert_with(|| value(Array::new()));
                if let Some(list) = list.as_array_mut() {
                    list.push(fingerprint.as_str());
                }
                self.files.insert(format!("trust/openpgp/{fingerprint}.asc"), bytes.clone());
            }
        }
    }

    /// Takes a renewed OpenPGP certificate of a key that is known; false when it is the same.
    pub fn renew(&mut self, key: &NewKey) -> bool {
        let NewKey::OpenPgp(fingerprint, bytes) = key else { return false };
        let path = format!("trust/openpgp/{fingerprint}.asc");
        self.files.insert(path, bytes.clone()).as_ref() != Some(bytes)
    }

    fn list(&mut self, name: &str) -> Option<&mut ArrayOfTables> {
        self.document.entry(name).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new())).as_array_of_tables_mut()
    }

    /// Gives a person a role.
    ///
    /// # Errors
    /// When the file writes its assignments in a form that cannot be added to.
    pub fn assign(&mut self, person: &str, role: &str, from: &str, to: Option<&str>) -> Result<(), Error> {
        let mut entry = Table::new();
        entry.insert("person", value(person));
        entry.insert("role", value(role));
        entry.insert("from", value(from));
        if let Some(to) = to {
            entry.insert("to", value(to));
        }
        self.list("assignments").ok_or_else(|| inline("assignments"))?.push(entry);
        Ok(())
    }

    /// Ends a person's time in a role; says whether there was one to end.
    pub fn end(&mut self, person: &str, role: &str, to: &str) -> bool {
        let Some(list) = self.list("assignments") else { return false };
        let is = |entry: &Table, key: &str, text: &str| entry.get(key).and_then(Item::as_str) == Some(text);
        let mut found = false;
        for entry in list.iter_mut() {
            if is(entry, "person", person) && is(entry, "role", role) && !entry.contains_key("to") {
                entry.insert("to", value(to));
                found = true;
            }
        }
        found
    }

    /// Withdraws a key.
    ///
    /// # Errors
    /// When the file writes its revocations in a form that cannot be added to.
    pub fn revoke(&mut self, key: &KeyId, kind: &str, since: Option<&str>) -> Result<(), Error> {
        let mut entry = Table::new();
        entry.insert("key", value(key.0.as_str()));
        entry.insert("kind", value(kind));
        if let Some(since) = since {
            entry.insert("since", value(since));
        }
        self.list("revocations").ok_or_else(|| inline("revocations"))?.push(entry);
        Ok(())
    }

    /// The files of the next policy: serial and `previous` follow the policy in force.
    ///
    /// # Errors
    /// Everything wrong with the new policy.
    pub fn finish(mut self, old: &Policy) -> Result<(Policy, Files), Error> {
        let serial = i64::try_from(old.reference.serial.saturating_add(1)).unwrap_or(i64::MAX);
        set(&mut self.document, "serial", Value::from(serial));
        set(&mut self.document, "previous", Value::from(old.reference.digest.as_str()));
        self.files.insert(POLICY_FILE.into(), self.document.to_string().into_bytes());
        let policy = read(&self.files)?;
        Ok((policy, self.files))
    }
}

fn inline(name: &str) -> Error {
    let message = format!("{POLICY_FILE} writes `{name}` as an inline list, which cannot be added to");
    Error::usage(message, format!("Write each entry as its own [[{name}]] table."))
}

/// Sets a value and keeps its place and the comment beside it; a new one goes behind `serial`.
fn set(document: &mut DocumentMut, key: &str, mut new: Value) {
    if let Some(old) = document.get_mut(key).and_then(Item::as_value_mut) {
        *new.decor_mut() = old.decor().clone();
        *old = new;
        return;
    }
    // Top-level values stand before all tables, so the new one comes last among them.
    document.insert(key, Item::Value(new));
}

/// A policy from its files.
///
/// # Errors
/// Everything wrong with it.
pub fn read(files: &Files) -> Result<Policy, Error> {
    Policy::read(files).map_err(|faults| {
        let all: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
        let help = faults.first().map_or_else(String::new, |f| f.help.clone());
        Error::usage(format!("the trust policy would have a fault: {}", all.join("; ")), help)
    })
}

/// What one administrator signs: the step from one policy to the next.
#[must_use]
pub fn statement(old: &PolicyRef, new: &Policy, signer: (&str, &str), role: &str, at: Timestamp) -> Statement {
    Statement {
        repository: new.repo_id.clone(),
        artifact: TRUST_POLICY.into(),
        version: new.reference.serial.to_string(),
        digest: new.reference.digest.clone(),
        previous: new.previous.clone(),
        policy: old.clone(),
        decision: Decision::Approve,
        meaning: Meaning::Approval,
        role: role.into(),
        signer: signer.0.into(),
        name: signer.1.into(),
        signed_at: at,
        statement: format!("I approve trust policy {} of this repository.", new.reference.serial),
    }
}

/// Files that differ between two policies, as they are to be written.
#[must_use]
pub fn written(before: &Files, after: &Files) -> Vec<Write> {
    let differs = |(path, bytes): &(&String, &Vec<u8>)| before.get(*path) != Some(*bytes);
    let as_text = |(path, bytes): (&String, &Vec<u8>)| Write::new(path.clone(), String::from_utf8_lossy(bytes));
    after.iter().filter(differs).map(as_text).collect()
}

/// The digest of a policy's files.
#[must_use]
pub fn digest_of(files: &Files) -> String {
    set_digest(files)
}

/// The key somebody signs with, as the policy names it.
#[must_use]
pub fn public(key: &SigningKey) -> Option<NewKey> {
    (!key.public.is_empty()).then(|| NewKey::Ssh(key.id.clone(), key.public.clone()))
}
