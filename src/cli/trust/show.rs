//! `trust show` and `trust check`.

use jiff::Timestamp;
use serde_json::json;

use super::{Here, ShowArgs, now};
use crate::approve::change;
use crate::approve::draft::Ground;
use crate::approve::review;
use crate::cli::approve::Format;
use crate::cli::{Global, Io, print};
use crate::error::Error;
use crate::report::{self, Column, ExitStatus, Table};
use crate::signature::key::KeyId;
use crate::trust::{Policy, policy as form};

pub(super) fn check(here: &Here, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let head = here.record.history.tip.map(|tip| change::committed(&here.repo, tip)).transpose()?.unwrap_or_default();
    let disk = change::on_disk(&here.sms.root, &head)?;
    match Policy::read(&disk) {
        Err(faults) => {
            lines.extend(faults.into_iter().map(|f| (format!("{}: {}", f.path, f.message), f.help)));
        }
        Ok(policy) => lines.extend(review::advice(&policy, &here.ws, now(io)?)),
    }
    let trust = here.record.issues.iter().filter(|i| i.code.starts_with("trust-") || i.code.starts_with("chain-"));
    lines.extend(trust.map(|i| (i.message.clone(), i.help.clone())));
    let mut text: String = lines.iter().map(|(message, help)| format!("{message}\n  help: {help}\n")).collect();
    text += &match lines.len() {
        0 => "The trust policy has no fault, and every place can be filled.\n".to_owned(),
        n => format!("\n{n} point{} to look at.\n", if n == 1 { "" } else { "s" }),
    };
    print(io, &report::printable(&text))?;
    Ok(if lines.is_empty() { ExitStatus::Clean } else { ExitStatus::Findings })
}

pub(super) fn show(args: &ShowArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    let policy = ground.policy();
    let text = match args.format {
        Format::Json => report::safe_json(&shown_json(&ground, policy)),
        Format::Human => shown(&ground, policy, global, io),
    };
    print(io, &text)
}

pub(super) fn keys_of(policy: &Policy, person: &form::Person) -> Vec<(KeyId, String)> {
    let lines = policy
        .signers
        .lines
        .iter()
        .filter(|l| person.ssh_principal.is_some() && l.principals.first() == person.ssh_principal.as_ref());
    let ssh = lines.map(|l| (l.key.clone(), l.key_type.clone()));
    ssh.chain(person.openpgp.iter().map(|f| (KeyId(f.clone()), "openpgp".to_owned()))).collect()
}

pub(super) fn state(policy: &Policy, key: &KeyId, at: Timestamp) -> &'static str {
    let line = policy.signers.lines.iter().find(|l| l.key == *key);
    match policy.revocation(key) {
        Some(r) if r.compromised => "compromised",
        Some(_) => "withdrawn",
        None if line.is_some_and(|l| !l.covers(at.as_second(), 0)) => "not valid today",
        None => "valid",
    }
}

pub(super) fn shown(ground: &Ground<'_>, policy: &Policy, global: &Global, io: &Io<'_>) -> String {
    let (width, heading, colour) = (io.out_is_terminal.then_some(io.width), !global.quiet, global.colour(io));
    let mut people = Table::new(&["PERSON", "NAME", "ROLES TODAY", "KEY", "STATE"].map(Column::firm));
    for (id, person) in &policy.people {
        let roles: Vec<&str> = policy.roles_of(id, ground.now).collect();
        let keys = keys_of(policy, person);
        let mut first = [id.clone(), person.name.clone(), roles.join(", ")];
        for (key, _) in &keys {
            let [a, b, c] = std::mem::take(&mut first);
            people.row(&[a, b, c, key.0.clone(), state(policy, key, ground.now).into()]);
        }
        if keys.is_empty() {
            let [a, b, c] = first;
            people.row(&[a, b, c, "—".into(), String::new()]);
        }
    }
    let mut held = Table::new(&["ROLE", "PERSON", "FROM", "TO"].map(Column::firm));
    for a in &policy.assignments {
        let to = a.to.map_or_else(String::new, |t| t.to_string());
        held.row(&[a.role.clone(), a.person.clone(), a.from.to_string(), to]);
    }
    let mut rules = Table::new(&["DOCUMENTS", "APPROVALS", "NOT BY"].map(Column::firm));
    let mut row = |what: String, require: &[crate::trust::Requirement], not: &str| {
        let needs = if require.is_empty() { "none".into() } else { crate::trust::chain::in_words(require) };
        rules.row(&[what, needs, not.into()]);
    };
    for rule in &policy.rules {
        let what: Vec<&str> = rule.ids.iter().chain(&rule.kinds).map(String::as_str).collect();
        row(what.join(", "), &rule.require, if rule.not_author { "author" } else { "" });
    }
    row("trust policy".into(), &policy.admin, "");
    let title = report::printable(&format!(
        "Trust policy {} of {}\nRoot {}\n\n",
        policy.reference.serial,
        policy.repo_id,
        ground.judged.chain.root()
    ));
    let tables = [people, held, rules].map(|t| t.text(width, heading, colour));
    title + &tables.join("\n")
}

pub(super) fn shown_json(ground: &Ground<'_>, policy: &Policy) -> serde_json::Value {
    let people: Vec<_> = policy
        .people
        .iter()
        .map(|(id, person)| {
            let keys = keys_of(policy, person);
            let keys: Vec<_> = keys
                .iter()
                .map(|(key, kind)| json!({"id": key.0, "type": kind, "state": state(policy, key, ground.now)}))
                .collect();
            json!({"id": id, "name": person.name, "emails": person.emails, "keys": keys,
                   "roles": policy.roles_of(id, ground.now).collect::<Vec<_>>()})
        })
        .collect();
    let assignments: Vec<_> = policy
        .assignments
        .iter()
        .map(|a| json!({"person": a.person, "role": a.role, "from": a.from.to_string(), "to": a.to.map(|t| t.to_string())}))
        .collect();
    let rules: Vec<_> = policy
        .rules
        .iter()
        .map(|r| json!({"kinds": r.kinds, "ids": r.ids, "require": r.require, "not_author": r.not_author}))
        .collect();
    json!({
        "schema": "smsctl-trust-show/1", "repository": policy.repo_id, "serial": policy.reference.serial,
        "digest": policy.reference.digest, "root": ground.judged.chain.root().to_string(), "pin": ground.judged.pin,
        "people": people, "assignments": assignments, "top_management": policy.top_management, "rules": rules,
        "admin": policy.admin,
    })
}
