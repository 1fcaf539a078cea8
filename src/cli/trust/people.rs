//! People and their keys: `trust add-person`, `add-key`, `assign`, `revoke`.

use jiff::Timestamp;

use super::{AddKeyArgs, AddPersonArgs, AssignArgs, Here, Kind, RevokeArgs, finish, known_role, now, start};
use crate::approve::draft::Ground;
use crate::approve::policy::NewKey;
use crate::approve::propose::{self};
use crate::approve::signer::{self};
use crate::cli::{Global, Io};
use crate::error::Error;
use crate::signature::key::KeyId;
use crate::trust::policy as form;

pub(super) fn date(text: Option<&str>, io: &Io<'_>) -> Result<(String, Timestamp), Error> {
    let text = match text {
        None => now(io)?.to_string(),
        Some(text) => text.to_owned(),
    };
    let at = form::moment(&text).ok_or_else(|| {
        Error::usage(format!("`{text}` is no day or moment"), "Write it as 2026-01-01 or 2026-01-01T08:00:00Z.")
    })?;
    Ok((text, at))
}

pub(super) fn read_key(io: &Io<'_>, path: &std::path::Path) -> Result<NewKey, Error> {
    let full = io.cwd.join(path);
    let bytes = std::fs::read(&full).map_err(|source| Error::Io { action: "read", path: full.clone(), source })?;
    NewKey::read(&path.display().to_string(), &bytes)
}

pub(super) fn known_person(edit: &Ground<'_>, person: &str) -> Result<(), Error> {
    signer::known(edit.policy(), person).map(|_| ())
}

pub(super) fn add_person(args: &AddPersonArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    if ground.policy().people.contains_key(&args.id) {
        let message = format!("the trust policy knows `{}` already", args.id);
        return Err(Error::usage(message, "`smsctl trust add-key` adds a key, `smsctl trust assign` a role."));
    }
    if let Some(role) = &args.role {
        known_role(&here.ws, role)?;
    }
    let (from, at) = date(args.from.as_deref(), io)?;
    let keys: Vec<NewKey> =
        args.key.iter().chain(&args.openpgp).map(|path| read_key(io, path)).collect::<Result<_, _>>()?;
    taken(&ground, &keys)?;
    let mut edit = start(here, &ground)?;
    edit.person(&args.id, &args.name, args.email.as_deref());
    let principal = propose::principal(args.email.as_deref().unwrap_or_default(), &args.id);
    for key in &keys {
        edit.key(&args.id, key, &principal, at.min(ground.now));
    }
    if let Some(role) = &args.role {
        edit.assign(&args.id, role, &from, None)?;
    }
    let role = args.role.as_ref().map_or_else(String::new, |r| format!(" as {r}"));
    finish(edit, here, &ground, &args.by, &format!("add {}{role}", args.id), global, io)
}

/// A key belongs to one person.
pub(super) fn taken(ground: &Ground<'_>, keys: &[NewKey]) -> Result<(), Error> {
    for key in keys {
        if let Some(person) = ground.policy().holder(&key.id()) {
            let message = format!("the key {} belongs to {person} already", key.id());
            return Err(Error::usage(message, "A key belongs to one person; everybody makes their own."));
        }
    }
    Ok(())
}

pub(super) fn add_key(args: &AddKeyArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    known_person(&ground, &args.person)?;
    let key = read_key(io, &args.key)?;
    let renewed = matches!(key, NewKey::OpenPgp(..)) && ground.policy().holder(&key.id()) == Some(&args.person);
    if !renewed {
        taken(&ground, std::slice::from_ref(&key))?;
    }
    let mut edit = start(here, &ground)?;
    if renewed {
        if !edit.renew(&key) {
            let message = format!("the certificate of {} is in the trust policy as it is", key.id());
            return Err(Error::usage(
                message,
                "There is nothing to do. Export it anew after `gpg --quick-set-expire`.",
            ));
        }
        let subject = format!("renew a certificate of {}", args.person);
        return finish(edit, here, &ground, &args.by, &subject, global, io);
    }
    let emails = ground.policy().people.get(&args.person).map(|p| p.emails.clone()).unwrap_or_default();
    let principal = propose::principal(emails.first().map_or("", String::as_str), &args.person);
    edit.key(&args.person, &key, &principal, ground.now);
    finish(edit, here, &ground, &args.by, &format!("add a key of {}", args.person), global, io)
}

pub(super) fn assign(args: &AssignArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    known_person(&ground, &args.person)?;
    known_role(&here.ws, &args.role)?;
    let (from, at) = date(args.from.as_deref(), io)?;
    let to = args.to.as_deref().map(|t| date(Some(t), io)).transpose()?;
    if ground.policy().holds(&args.person, &args.role, at) {
        let message = format!("{} holds the role {} then already", args.person, args.role);
        return Err(Error::usage(message, "`smsctl trust show` shows who holds what."));
    }
    let mut edit = start(here, &ground)?;
    if let Some(other) = &args.instead_of {
        known_person(&ground, other)?;
        if !edit.end(other, &args.role, &from) {
            let message = format!("{other} does not hold the role {} without an end", args.role);
            return Err(Error::usage(message, "`smsctl trust show` shows who holds what."));
        }
    }
    edit.assign(&args.person, &args.role, &from, to.as_ref().map(|(t, _)| t.as_str()))?;
    let over = args.instead_of.as_ref().map_or_else(String::new, |o| format!(" instead of {o}"));
    finish(edit, here, &ground, &args.by, &format!("assign {} to {}{over}", args.role, args.person), global, io)
}

pub(super) fn revoke(args: &RevokeArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    let policy = ground.policy();
    let keys: Vec<KeyId> = match policy.people.get(&args.what) {
        Some(person) => {
            let lines = policy.signers.lines.iter().filter(|l| l.principals.first() == person.ssh_principal.as_ref());
            lines.map(|l| l.key.clone()).chain(person.openpgp.iter().cloned().map(KeyId)).collect()
        }
        None => vec![KeyId(args.what.clone())],
    };
    let open: Vec<&KeyId> =
        keys.iter().filter(|k| policy.holder(k).is_some() && policy.revocation(k).is_none()).collect();
    if open.is_empty() {
        let message = format!("`{}` is no key or person of the trust policy, or withdrawn already", args.what);
        return Err(Error::usage(message, "`smsctl trust show` shows all keys."));
    }
    let kind = match args.kind {
        Kind::Superseded => "superseded",
        Kind::Retired => "retired",
        Kind::Compromised => "compromised",
    };
    let since = match (&args.since, args.kind) {
        (Some(since), _) => Some(date(Some(since), io)?.0),
        (None, Kind::Compromised) => {
            let message = "a compromised key needs the moment from which it cannot be trusted";
            return Err(Error::usage(message, "Say it with `--since DATE`; earlier is safer."));
        }
        (None, _) => None,
    };
    let mut edit = start(here, &ground)?;
    for key in &open {
        edit.revoke(key, kind, since.as_deref())?;
    }
    finish(edit, here, &ground, &args.by, &format!("revoke {} ({kind})", args.what), global, io)
}
