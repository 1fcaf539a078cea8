//! What changes the policy: a draft of it, what it does, the signature. `trust sign`.

use super::{By, Here, SignArgs, agreed};
use crate::approve::Write;
use crate::approve::change;
use crate::approve::draft::Ground;
use crate::approve::policy::{self, Edit, Files};
use crate::approve::signer::{self, Signer, Wanted};
use crate::cli::{Global, Io, print};
use crate::error::Error;
use crate::report::{self};
use crate::trust::Policy;

/// Starts a change, when none is under way.
pub(super) fn start(here: &Here, ground: &Ground<'_>) -> Result<Edit, Error> {
    let valid = change::committed(&here.repo, ground.judged.chain.last().commit)?;
    let head = change::committed(&here.repo, ground.head)?;
    if valid != head {
        let message = "a change of the trust policy waits for its approval";
        let help = format!(
            "First `smsctl trust sign` by {}; or take it back with `git revert`.",
            change::administrators(ground)
        );
        return Err(Error::usage(message, help));
    }
    if change::on_disk(&here.sms.root, &head)? != head {
        let message = "files below trust/ have changes that are not committed";
        return Err(Error::usage(
            message,
            "Sign them with `smsctl trust sign`, or take them back with `git restore trust`.",
        ));
    }
    Edit::new(head)
}

pub(super) fn who(by: &By, here: &Here, ground: &Ground<'_>, io: &Io<'_>) -> Result<(Signer, String), Error> {
    let wanted = Wanted { person: by.signer.clone(), key: by.sign_with.clone() };
    let signer = signer::find(&here.tools, ground.policy(), &wanted, &io.cwd, ground.now)?;
    let role = change::admin_role(ground, &signer)?;
    Ok((signer, role))
}

pub(super) fn finish(
    edit: Edit,
    here: &Here,
    ground: &Ground<'_>,
    by: &By,
    subject: &str,
    global: &Global,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let (signer, role) = who(by, here, ground, io)?;
    let head = change::committed(&here.repo, ground.head)?;
    let (new, files) = edit.finish(ground.policy())?;
    let step = Step { new, changed: policy::written(&head, &files), before: head, after: files };
    take(&step, here, ground, (&signer, &role), subject, global, io)
}

/// A step of the policy.
pub(super) struct Step {
    new: Policy,
    changed: Vec<Write>,
    before: Files,
    after: Files,
}

pub(super) fn take(
    step: &Step,
    here: &Here,
    ground: &Ground<'_>,
    (signer, role): (&Signer, &str),
    subject: &str,
    global: &Global,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let old = ground.policy();
    changeable(&step.new, ground)?;
    let approval = change::sign(&here.tools, old, &old.reference, &step.new, signer, role, ground.now)?;
    change::record(&here.tools, step.changed.clone(), approval, subject, signer)?;
    let record = here.again(global, io)?;
    let after = Ground::new(&here.repo, &record, io.now)?;
    let serial = step.new.reference.serial;
    let mut text = if global.quiet { String::new() } else { difference(&step.before, &step.after) };
    if after.policy().reference == step.new.reference {
        text += &format!("Trust policy {serial} is in force, signed by {}.\n", signer.name);
        text += &one_key_away(&step.new, ground);
    } else {
        let admins = change::administrators(&after);
        text += &format!(
            "Trust policy {serial} waits; policy {} stays in force until it is approved by {admins}.\nThey run `smsctl trust \
             sign` in a clone that has this commit.\n",
            after.policy().reference.serial
        );
        let why = record.issues.iter().find(|i| i.code.starts_with("trust-"));
        text += &why.map_or_else(String::new, |i| format!("  ({})\n", i.message));
    }
    text += "Push it, so that others have it: `git push`.\n";
    print(io, &report::printable(&text))
}

/// Refuses a policy that nobody could change any more.
pub(super) fn changeable(new: &Policy, ground: &Ground<'_>) -> Result<(), Error> {
    let missing = new.admin_missing(ground.now);
    if missing.is_empty() {
        return Ok(());
    }
    let needs = crate::trust::chain::in_words(&new.admin);
    let message = format!(
        "nobody could change the trust policy any more: [admin] needs {needs}, and too few persons hold that role today with a key that counts"
    );
    let help = "Lower `min` in trust/policy.toml, or first give the role to more persons: `smsctl trust assign PERSON ROLE`. Advice: three \
                persons, `min = 2`. Nothing was signed.";
    Err(Error::usage(message, help))
}

/// Says who must not lose a key.
fn one_key_away(policy: &Policy, ground: &Ground<'_>) -> String {
    let persons = policy.indispensable(ground.now);
    let names: Vec<&str> = persons.iter().map(|person| policy.name(person)).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!(
            "Without a key of {} the trust policy could not be changed any more. Give the administrators' role to one person more than \
             `min` asks for: three persons, `min = 2`.\n",
            names.join(" or of ")
        ),
    }
}

pub(super) fn sign(args: &SignArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    let old = ground.policy();
    let valid = change::committed(&here.repo, ground.judged.chain.last().commit)?;
    let head = change::committed(&here.repo, ground.head)?;
    let disk = change::on_disk(&here.sms.root, &head)?;
    if policy::digest_of(&disk) == old.reference.digest {
        return Err(Error::usage(
            "the trust policy has no change to sign",
            "Edit trust/policy.toml first, or use `smsctl trust`.",
        ));
    }
    let now = policy::read(&disk);
    let linked = now.as_ref().is_ok_and(|p| {
        p.reference.serial == old.reference.serial + 1 && p.previous.as_ref() == Some(&old.reference.digest)
    });
    let (new, files) = if linked { (now?, disk) } else { Edit::new(disk)?.finish(old)? };
    let (signer, role) = who(&args.by, here, &ground, io)?;
    print(io, &report::printable(&difference(&valid, &files)))?;
    if !args.yes && !agreed("Sign this change of the trust policy?", io)? {
        return print(io, "Nothing was signed.\n");
    }
    let subject = format!("sign policy {} as {}", new.reference.serial, signer.person);
    let step = Step { new, changed: policy::written(&head, &files), before: files.clone(), after: files };
    take(&step, here, &ground, (&signer, &role), &subject, global, io)
}

/// Lines that differ between two policies.
pub(super) fn difference(before: &Files, after: &Files) -> String {
    let mut out = String::new();
    for (path, bytes) in after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes)) {
        let old = before.get(path).map(|b| String::from_utf8_lossy(b)).unwrap_or_default();
        let new = String::from_utf8_lossy(bytes);
        let diff = similar::TextDiff::from_lines(old.as_ref(), new.as_ref());
        out += &diff.unified_diff().context_radius(2).header(path, path).to_string();
        out.push('\n');
    }
    out
}

// ---- reading
