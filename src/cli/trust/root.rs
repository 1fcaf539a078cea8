//! The first policy and its root: `trust init`, `fingerprint`, `pin`.

use jiff::Timestamp;

use super::{FingerprintArgs, Here, InitArgs, PinArgs, now};
use crate::approve::change;
use crate::approve::draft::Ground;
use crate::approve::keys;
use crate::approve::policy::{self, Files, NewKey};
use crate::approve::propose::{self, ADMIN, First};
use crate::approve::review;
use crate::approve::signer::Signer;
use crate::cli::sms::{self};
use crate::cli::{Global, Io, print};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::report::{self};
use crate::trust::{Judged, Record, Root, policy as form};
use crate::workspace::Workspace;

pub(super) fn init(args: &InitArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let folder = here.sms.root.join(form::POLICY_FILE);
    if folder.symlink_metadata().is_ok() || here.record.judged.is_ok() {
        let message = format!("there is a trust policy already: {}", form::POLICY_FILE);
        return Err(Error::usage(message, "`smsctl trust show` shows it, `smsctl trust add-person` adds to it."));
    }
    if here.record.history.tip.is_none() {
        return Err(Ground::refuse(&here.record));
    }
    let key = match &args.key {
        Some(name) => Some(keys::named(&here.tools, &io.cwd, name)?),
        None => keys::all(&here.tools, None)?.into_iter().find(|k| k.trouble.is_none()),
    };
    let Some(key) = key else { return Err(Error::usage("you have no key to sign with", keys::how_to_make_one())) };
    let seen = propose::seen(&here.ws);
    let first = first(args, here, io, &key, &seen)?;
    let files = propose::files(&first, &seen);
    let new = policy::read(&files)?;
    if !global.quiet || !args.yes {
        print(io, &report::printable(&proposal(&first, &files)))?;
    }
    if !args.yes && !agreed("Sign and commit this trust policy?", io)? {
        return print(io, "Nothing was written.\n");
    }
    let signer = Signer { person: first.person.clone(), name: first.name.clone(), key: Some(key) };
    let approval = change::sign(&here.tools, &new, &new.reference, &new, &signer, ADMIN, now(io)?)?;
    let changed = policy::written(&Files::new(), &files);
    change::record(&here.tools, changed, approval, "set up the trust policy", &signer)?;
    let record = here.again(global, io)?;
    let judged = record.judged().ok_or_else(|| Ground::refuse(&record))?;
    let mut text = founded(judged, &first, &here.ws, now(io)?);
    text += &store(judged, &judged.chain.root(), false, io)?;
    print(io, &report::printable(&text))
}

pub(super) fn agreed(question: &str, io: &Io<'_>) -> Result<bool, Error> {
    if !(io.in_is_terminal && io.out_is_terminal) {
        let message = "nobody can be asked: this is no terminal";
        return Err(Error::usage(message, "Read what is shown above, then say `--yes`."));
    }
    crate::cli::confirm(question)
}

pub(super) fn first(
    args: &InitArgs,
    here: &Here,
    io: &Io<'_>,
    key: &keys::SigningKey,
    seen: &propose::Seen,
) -> Result<First, Error> {
    let of_git = |key: &str| here.tools.git_config(key);
    let name = match &args.name {
        Some(name) => name.clone(),
        None => of_git("user.name")?.ok_or_else(|| {
            Error::usage("Git does not know your name", "Say it once: `git config --global user.name \"Carla Ito\"`.")
        })?,
    };
    let email = of_git("user.email")?.ok_or_else(|| {
        Error::usage("Git does not know your address", "Say it once: `git config --global user.email YOU@example.org`.")
    })?;
    let role = match (&args.role, seen.policy_roles.as_slice()) {
        (Some(role), _) => role.clone(),
        (None, [one]) => one.clone(),
        (None, []) => {
            let message = "the roles register names no role of top management, so your role is not known";
            return Err(Error::usage(message, "Say it with `--role ROLE`."));
        }
        (None, many) => {
            let message = format!("several roles approve policies here: {}", many.join(", "));
            return Err(Error::usage(message, "Say which one is yours with `--role`."));
        }
    };
    known_role(&here.ws, &role)?;
    let public = match policy::public(key) {
        Some(public) => public,
        None => NewKey::OpenPgp(key.id.0.clone(), keys::certificate(&here.tools, &key.id)?),
    };
    let day = now(io)?.to_zoned(jiff::tz::TimeZone::UTC).start_of_day().map_err(|e| Error::Defect(e.to_string()))?;
    Ok(First {
        person: args.person.clone().unwrap_or_else(|| propose::id_of(&name)),
        name,
        email,
        role,
        key: public,
        from: day.timestamp(),
        repo_id: uuid::Uuid::new_v4().urn().to_string(),
    })
}

/// A role that the register does not know is a slip of the pen.
pub(super) fn known_role(ws: &Workspace, role: &str) -> Result<(), Error> {
    let known: Vec<&str> = ws.of_type("role").map(crate::workspace::EntityView::id).collect();
    if known.is_empty() || known.contains(&role) || role == ADMIN {
        return Ok(());
    }
    let near = did_you_mean(role, known.iter().copied());
    let help = if near.is_empty() { "`smsctl list --entities --kind role` lists the roles.".into() } else { near };
    Err(Error::usage(format!("the roles register has no role `{role}`"), help))
}

pub(super) fn proposal(first: &First, files: &Files) -> String {
    let text = files.get(form::POLICY_FILE).map(|b| String::from_utf8_lossy(b)).unwrap_or_default();
    let indented: String = text.lines().map(|l| if l.is_empty() { "\n".into() } else { format!("  {l}\n") }).collect();
    format!(
        "Proposed trust/policy.toml, with {} ({}) as {} and first administrator, key {}:\n\n{indented}\n",
        first.name,
        first.person,
        first.role,
        first.key.id()
    )
}

pub(super) fn founded(judged: &Judged, first: &First, ws: &Workspace, at: Timestamp) -> String {
    let mut text = format!(
        "The trust policy stands: {} approves as {} and administers it.\n\nTrust root:\n  {}\n\
         Write it down outside this repository: in the manual you hand out, and to the certification body at stage 1. Whoever\n\
         checks this SMS pins it with `smsctl trust pin FINGERPRINT`.\n",
        first.name,
        first.role,
        judged.chain.root()
    );
    let advice = review::advice(judged.policy(), ws, at);
    if !advice.is_empty() {
        text += "\nStill to do:\n";
        for (message, _) in &advice {
            text += &format!("  - {message}\n");
        }
        text +=
            "  Send for their public keys, then `smsctl trust add-person ID --name NAME --key FILE.pub --role ROLE`.\n";
    }
    text.push('\n');
    text
}

// ---- roots

/// Remembers a root; a change is never silent.
pub(super) fn store(judged: &Judged, root: &Root, replace: bool, io: &Io<'_>) -> Result<String, Error> {
    let repo_id = &judged.chain.first().policy.repo_id;
    let Some(path) = sms::roots_file(io) else {
        return Ok("Your own settings have no place here, so the root is not pinned on this machine.\n".into());
    };
    let mut pins = sms::pins(io)?;
    match pins.get(repo_id) {
        Some(known) if known == *root => return Ok(format!("It is pinned on this machine: {}\n", path.display())),
        Some(known) if !replace => {
            let message = format!("another root is pinned for this repository: {known}");
            let help = "Find out why it differs before you believe the new one; then say `--replace`.";
            return Err(Error::usage(message, help));
        }
        _ => {}
    }
    pins.set(repo_id, root);
    let failed = |source| Error::Io { action: "write", path: path.clone(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    crate::scaffold::atomic::write(&path, &pins.render())?;
    Ok(format!("Pinned on this machine: {}\n", path.display()))
}

pub(super) fn fingerprint(args: &FingerprintArgs, here: &Here, io: &mut Io<'_>) -> Result<(), Error> {
    let root = match &args.commit {
        None => here.ground(io)?.judged.chain.root(),
        Some(rev) => {
            let commit = here.repo.resolve(rev)?;
            let policy = policy::read(&change::committed(&here.repo, commit)?)?;
            Root { commit, policy: policy.reference.digest }
        }
    };
    print(io, &format!("{root}\n"))
}

pub(super) fn pin(args: &PinArgs, here: &Here, io: &mut Io<'_>) -> Result<(), Error> {
    let given = match &args.fingerprint {
        None => None,
        Some(text) => Some(Root::parse(text).ok_or_else(|| {
            Error::usage(
                format!("`{text}` is no fingerprint of a trust root"),
                "It looks like smsroot1:sha1:COMMIT:DIGEST.",
            )
        })?),
    };
    let repo_id = given.as_ref().map(|root| repo_of(here, root)).transpose()?;
    let options = crate::trust::Options { root: given.clone(), now: io.now, ..crate::trust::Options::default() };
    let record = Record::evaluate(&here.repo, &options, &|_| {})?;
    let judged = record.judged().ok_or_else(|| Ground::refuse(&record))?;
    debug_assert!(repo_id.is_none_or(|id| id == judged.chain.first().policy.repo_id));
    let root = given.clone().unwrap_or_else(|| judged.chain.root());
    let mut text = format!("Trust root: {root}\n");
    text += &store(judged, &root, args.replace, io)?;
    if given.is_none() {
        text += "It was read from this clone. Compare it with the one you were given on paper.\n";
    }
    print(io, &report::printable(&text))
}

/// Name of the repository whose policy a root names.
pub(super) fn repo_of(here: &Here, root: &Root) -> Result<String, Error> {
    let files = change::committed(&here.repo, root.commit).map_err(|_| {
        let message = "the commit of this fingerprint is not in this clone";
        Error::usage(message, "Compare the fingerprint with the one you were given; fetch the whole history.")
    })?;
    Ok(policy::read(&files)?.repo_id)
}

// ---- changes
