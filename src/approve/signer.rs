//! Who signs: the person of the policy behind the keys at hand, and the role.

use std::path::Path;

use jiff::Timestamp;

use super::keys::{self, SigningKey};
use super::tools::Tools;
use crate::error::Error;
use crate::trust::Policy;
use crate::trust::statement::NAMESPACE;

/// A person of the policy with a key at hand.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Id in the policy.
    pub person: String,
    /// Name as printed.
    pub name: String,
    /// The key; none when the signature is made elsewhere.
    pub key: Option<SigningKey>,
}

/// What the user said about who signs.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// `--as`.
    pub person: Option<String>,
    /// `--key`.
    pub key: Option<String>,
}

/// Why a signature by this key would not count under a policy now.
fn trouble(policy: &Policy, key: &SigningKey, now: Timestamp) -> Option<String> {
    if let Some(revocation) = policy.revocation(&key.id) {
        let how = if revocation.compromised { "compromised" } else { "withdrawn" };
        return Some(format!("the trust policy says the key {} is {how}", key.id));
    }
    if policy.is_forge(&key.id.0) {
        return Some(format!("the key {} belongs to a Git service", key.id));
    }
    let line = policy.signers.lines.iter().find(|l| l.key == key.id);
    if let Some(why) = key.trouble.as_ref().or(line.and_then(|l| l.key_trouble.as_ref())) {
        return Some(format!("the key {} cannot count: {why}", key.id));
    }
    let line = line?;
    if !line.allows(NAMESPACE) {
        return Some(format!("trust/allowed_signers does not allow the key {} for approvals", key.id));
    }
    let early = line.valid_after.is_some_and(|from| now.as_second() < from);
    let outside = if early { "is not valid yet" } else { "has expired" };
    (!line.covers(now.as_second(), 0)).then(|| format!("the key {} {outside}", key.id))
}

/// The person who signs, by the keys at hand.
///
/// # Errors
/// When no key of the user belongs to the person, or none that counts.
pub fn find(tools: &Tools, policy: &Policy, wanted: &Wanted, cwd: &Path, now: Timestamp) -> Result<Signer, Error> {
    if let Some(person) = &wanted.person {
        known(policy, person)?;
    }
    let keys = match &wanted.key {
        Some(name) => vec![keys::named(tools, cwd, name)?],
        None => keys::all(tools, Some(policy))?,
    };
    let fits =
        |k: &&SigningKey| policy.holder(&k.id).is_some_and(|p| wanted.person.as_ref().is_none_or(|person| person == p));
    let mine: Vec<&SigningKey> = keys.iter().filter(fits).collect();
    if mine.is_empty() {
        return Err(nobody(tools, &keys, wanted));
    }
    let Some(key) = mine.iter().find(|k| trouble(policy, k, now).is_none()) else {
        let why = mine.iter().find_map(|k| trouble(policy, k, now)).unwrap_or_default();
        return Err(Error::usage(why, "Sign with another key, or have a new one added: `smsctl trust add-key`."));
    };
    let person = policy.holder(&key.id).unwrap_or_default();
    Ok(Signer { person: person.into(), name: policy.name(person).into(), key: Some((*key).clone()) })
}

/// A person of the policy, without looking for a key.
///
/// # Errors
/// When the policy has no such person.
pub fn known(policy: &Policy, person: &str) -> Result<Signer, Error> {
    if policy.people.contains_key(person) {
        return Ok(Signer { person: person.into(), name: policy.name(person).into(), key: None });
    }
    let near = crate::finding::did_you_mean(person, policy.people.keys().map(String::as_str));
    let help = if near.is_empty() { "`smsctl trust show` lists the people of the policy.".into() } else { near };
    Err(Error::usage(format!("the trust policy has no person `{person}`"), help))
}

fn nobody(tools: &Tools, keys: &[SigningKey], wanted: &Wanted) -> Error {
    if keys.is_empty() {
        return Error::usage("you have no key to sign with", keys::how_to_make_one());
    }
    let shown: Vec<String> = keys.iter().map(|k| k.shown(tools)).collect();
    let whose = wanted.person.as_ref().map_or_else(|| "a person in the trust policy".into(), |p| format!("`{p}`"));
    let (which, verb) = match shown.len() {
        1 => ("the key at hand", "does not belong"),
        _ => ("the keys at hand", "do not belong"),
    };
    let public = keys.iter().find_map(|k| match &k.store {
        keys::Store::File(path) => Some(format!("{}.pub", tools.shown(path))),
        _ => None,
    });
    let file = public.unwrap_or_else(|| "FILE.pub".into());
    let help = format!(
        "Name another key with `--key`, or send {file} to an administrator of the trust policy, who runs `smsctl trust \
         add-person YOUR.ID --name NAME --key FILE.pub --role ROLE`."
    );
    Error::usage(format!("{which} {verb} to {whose}: {}", shown.join(", ")), help)
}
