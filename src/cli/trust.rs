//! `smsctl trust`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

use super::approve::Format;
use super::sms::{self, Sms};
use super::{Global, Io, print};
use crate::approve::change;
use crate::approve::draft::Ground;
use crate::approve::keys;
use crate::approve::policy::{self, Edit, Files, NewKey};
use crate::approve::propose::{self, ADMIN, First};
use crate::approve::review;
use crate::approve::signer::{self, Signer, Wanted};
use crate::approve::{Tools, Write};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::history::Repository;
use crate::report::{self, Column, ExitStatus, Table};
use crate::signature::key::KeyId;
use crate::trust::{Judged, Policy, Record, Root, policy as form};
use crate::workspace::Workspace;

/// Arguments of `trust`.
#[derive(Debug, Args)]
pub struct TrustArgs {
    /// What to do
    #[command(subcommand)]
    pub command: TrustCommand,
}

/// What to do with the trust policy.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// Propose the first trust policy from the roles register and your key, sign and commit it, and pin its root
    Init(InitArgs),
    /// Show people, keys, roles and rules
    Show(ShowArgs),
    /// Look for what will stand in the way: faults, places nobody can fill, disagreement with the roles register
    Check,
    /// Print the trust root to pin, or that of another commit
    Fingerprint(FingerprintArgs),
    /// Remember a trust root as the one to believe; kept in your own settings, never in the repository
    Pin(PinArgs),
    /// Add a person with a key and a role
    AddPerson(AddPersonArgs),
    /// Add a key to a person
    AddKey(AddKeyArgs),
    /// Give a person a role; --instead-of hands it over
    Assign(AssignArgs),
    /// Withdraw a key, or all keys of a person
    Revoke(RevokeArgs),
    /// Sign the pending change of the trust policy, or an edit of it by hand
    Sign(SignArgs),
}

/// Who signs.
#[derive(Debug, Clone, Default, Args)]
pub struct By {
    /// Administrator who signs; found by the key unless given
    #[arg(long = "as", value_name = "PERSON")]
    pub signer: Option<String>,
    /// Key to sign with; Git's own signing key unless given
    #[arg(long, value_name = "KEY")]
    pub sign_with: Option<String>,
}

/// Arguments of `trust init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Your id in the policy; made from your name unless given
    #[arg(long, value_name = "ID")]
    pub person: Option<String>,
    /// Your name as it is printed; that of Git unless given
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The role you hold; the one that approves policies unless given
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Your key; Git's own signing key unless given
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
}

/// Arguments of `trust show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Form
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Arguments of `trust fingerprint`.
#[derive(Debug, Args)]
pub struct FingerprintArgs {
    /// Commit with another policy to start from
    #[arg(value_name = "COMMIT")]
    pub commit: Option<String>,
}

/// Arguments of `trust pin`.
#[derive(Debug, Args)]
pub struct PinArgs {
    /// The fingerprint you were given; without it that of this clone
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: Option<String>,
    /// Believe it in the place of another one
    #[arg(long)]
    pub replace: bool,
}

/// Arguments of `trust add-person`.
#[derive(Debug, Args)]
pub struct AddPersonArgs {
    /// Id, such as carla.ito
    #[arg(value_name = "ID")]
    pub id: String,
    /// Name as it is printed
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Public SSH key (FILE.pub)
    #[arg(long, value_name = "FILE", required_unless_present = "openpgp")]
    pub key: Option<PathBuf>,
    /// OpenPGP certificate (FILE.asc)
    #[arg(long, value_name = "FILE")]
    pub openpgp: Option<PathBuf>,
    /// Role the person holds
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// First day or moment in the role, in UTC; now unless given
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Address of their commits
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Arguments of `trust add-key`.
#[derive(Debug, Args)]
pub struct AddKeyArgs {
    /// Person of the policy
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// Public SSH key (FILE.pub) or OpenPGP certificate (FILE.asc)
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Arguments of `trust assign`.
#[derive(Debug, Args)]
pub struct AssignArgs {
    /// Person of the policy
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// The role
    #[arg(value_name = "ROLE")]
    pub role: String,
    /// First day or moment, in UTC; now unless given
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// First day or moment no longer, in UTC
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Person who hands the role over at that moment
    #[arg(long, value_name = "PERSON")]
    pub instead_of: Option<String>,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Arguments of `trust revoke`.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    /// Fingerprint of a key, or a person for all their keys
    #[arg(value_name = "KEY-OR-PERSON")]
    pub what: String,
    /// Why
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Kind,
    /// For a compromised key: the day or moment from which it cannot be trusted, in UTC
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Why a key is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// There is a newer one; earlier approvals stay valid
    Superseded,
    /// It is not used any more; earlier approvals stay valid
    Retired,
    /// Somebody else may have it; approvals lapse that nothing proves to be older
    Compromised,
}

/// Arguments of `trust sign`.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// What every subcommand works with.
struct Here {
    sms: Sms,
    ws: Workspace,
    repo: Repository,
    record: Record,
    tools: Tools,
}

impl Here {
    fn new(global: &Global, io: &Io<'_>) -> Result<Self, Error> {
        let sms = sms::here(global, io)?;
        let ws = sms.load(global, io)?;
        let record = sms.record(global, &ws.config, io)?;
        let Some((repo, _)) = sms.repository(global)? else { return Err(Ground::refuse(&record)) };
        let tools = sms.tools(io);
        Ok(Self { sms, ws, repo, record, tools })
    }

    fn ground(&self, io: &Io<'_>) -> Result<Ground<'_>, Error> {
        Ground::new(&self.repo, &self.record, io.now)
    }

    fn again(&self, global: &Global, io: &Io<'_>) -> Result<Record, Error> {
        self.sms.record(global, &self.ws.config, io)
    }
}

pub(super) fn run(args: &TrustArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let writes = !matches!(args.command, TrustCommand::Show(_) | TrustCommand::Check | TrustCommand::Fingerprint(_));
    if writes {
        super::no_rev("trust", global)?;
    }
    let here = Here::new(global, io)?;
    match &args.command {
        TrustCommand::Init(args) => init(args, &here, global, io)?,
        TrustCommand::Show(args) => show(args, &here, global, io)?,
        TrustCommand::Check => return check(&here, io),
        TrustCommand::Fingerprint(args) => fingerprint(args, &here, io)?,
        TrustCommand::Pin(args) => pin(args, &here, io)?,
        TrustCommand::AddPerson(args) => add_person(args, &here, global, io)?,
        TrustCommand::AddKey(args) => add_key(args, &here, global, io)?,
        TrustCommand::Assign(args) => assign(args, &here, global, io)?,
        TrustCommand::Revoke(args) => revoke(args, &here, global, io)?,
        TrustCommand::Sign(args) => sign(args, &here, global, io)?,
    }
    Ok(ExitStatus::Clean)
}

fn now(io: &Io<'_>) -> Result<Timestamp, Error> {
    Timestamp::from_second(io.now).map_err(|e| Error::Defect(e.to_string()))
}

// ---- init

fn init(args: &InitArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
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

fn agreed(question: &str, io: &Io<'_>) -> Result<bool, Error> {
    if !(io.in_is_terminal && io.out_is_terminal) {
        let message = "nobody can be asked: this is no terminal";
        return Err(Error::usage(message, "Read what is shown above, then say `--yes`."));
    }
    super::confirm(question)
}

fn first(
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
fn known_role(ws: &Workspace, role: &str) -> Result<(), Error> {
    let known: Vec<&str> = ws.of_type("role").map(crate::workspace::EntityView::id).collect();
    if known.is_empty() || known.contains(&role) || role == ADMIN {
        return Ok(());
    }
    let near = did_you_mean(role, known.iter().copied());
    let help = if near.is_empty() { "`smsctl list --entities --kind role` lists the roles.".into() } else { near };
    Err(Error::usage(format!("the roles register has no role `{role}`"), help))
}

fn proposal(first: &First, files: &Files) -> String {
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

fn founded(judged: &Judged, first: &First, ws: &Workspace, at: Timestamp) -> String {
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
fn store(judged: &Judged, root: &Root, replace: bool, io: &Io<'_>) -> Result<String, Error> {
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

fn fingerprint(args: &FingerprintArgs, here: &Here, io: &mut Io<'_>) -> Result<(), Error> {
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

fn pin(args: &PinArgs, here: &Here, io: &mut Io<'_>) -> Result<(), Error> {
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
fn repo_of(here: &Here, root: &Root) -> Result<String, Error> {
    let files = change::committed(&here.repo, root.commit).map_err(|_| {
        let message = "the commit of this fingerprint is not in this clone";
        Error::usage(message, "Compare the fingerprint with the one you were given; fetch the whole history.")
    })?;
    Ok(policy::read(&files)?.repo_id)
}

// ---- changes

fn date(text: Option<&str>, io: &Io<'_>) -> Result<(String, Timestamp), Error> {
    let text = match text {
        None => now(io)?.to_string(),
        Some(text) => text.to_owned(),
    };
    let at = form::moment(&text).ok_or_else(|| {
        Error::usage(format!("`{text}` is no day or moment"), "Write it as 2026-01-01 or 2026-01-01T08:00:00Z.")
    })?;
    Ok((text, at))
}

fn read_key(io: &Io<'_>, path: &std::path::Path) -> Result<NewKey, Error> {
    let full = io.cwd.join(path);
    let bytes = std::fs::read(&full).map_err(|source| Error::Io { action: "read", path: full.clone(), source })?;
    NewKey::read(&path.display().to_string(), &bytes)
}

fn known_person(edit: &Ground<'_>, person: &str) -> Result<(), Error> {
    signer::known(edit.policy(), person).map(|_| ())
}

fn add_person(args: &AddPersonArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
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
fn taken(ground: &Ground<'_>, keys: &[NewKey]) -> Result<(), Error> {
    for key in keys {
        if let Some(person) = ground.policy().holder(&key.id()) {
            let message = format!("the key {} belongs to {person} already", key.id());
            return Err(Error::usage(message, "A key belongs to one person; everybody makes their own."));
        }
    }
    Ok(())
}

fn add_key(args: &AddKeyArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    known_person(&ground, &args.person)?;
    let key = read_key(io, &args.key)?;
    taken(&ground, std::slice::from_ref(&key))?;
    let mut edit = start(here, &ground)?;
    let emails = ground.policy().people.get(&args.person).map(|p| p.emails.clone()).unwrap_or_default();
    let principal = propose::principal(emails.first().map_or("", String::as_str), &args.person);
    edit.key(&args.person, &key, &principal, ground.now);
    finish(edit, here, &ground, &args.by, &format!("add a key of {}", args.person), global, io)
}

fn assign(args: &AssignArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
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

fn revoke(args: &RevokeArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
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

/// Starts a change, when none is under way.
fn start(here: &Here, ground: &Ground<'_>) -> Result<Edit, Error> {
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

fn who(by: &By, here: &Here, ground: &Ground<'_>, io: &Io<'_>) -> Result<(Signer, String), Error> {
    let wanted = Wanted { person: by.signer.clone(), key: by.sign_with.clone() };
    let signer = signer::find(&here.tools, ground.policy(), &wanted, &io.cwd, ground.now)?;
    let role = change::admin_role(ground, &signer)?;
    Ok((signer, role))
}

fn finish(
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
struct Step {
    new: Policy,
    changed: Vec<Write>,
    before: Files,
    after: Files,
}

fn take(
    step: &Step,
    here: &Here,
    ground: &Ground<'_>,
    (signer, role): (&Signer, &str),
    subject: &str,
    global: &Global,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let old = ground.policy();
    let approval = change::sign(&here.tools, old, &old.reference, &step.new, signer, role, ground.now)?;
    change::record(&here.tools, step.changed.clone(), approval, subject, signer)?;
    let record = here.again(global, io)?;
    let after = Ground::new(&here.repo, &record, io.now)?;
    let serial = step.new.reference.serial;
    let mut text = if global.quiet { String::new() } else { difference(&step.before, &step.after) };
    if after.policy().reference == step.new.reference {
        text += &format!("Trust policy {serial} is in force, signed by {}.\n", signer.name);
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

fn sign(args: &SignArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
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
fn difference(before: &Files, after: &Files) -> String {
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

fn check(here: &Here, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
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

fn show(args: &ShowArgs, here: &Here, global: &Global, io: &mut Io<'_>) -> Result<(), Error> {
    let ground = here.ground(io)?;
    let policy = ground.policy();
    let text = match args.format {
        Format::Json => report::safe_json(&shown_json(&ground, policy)),
        Format::Human => shown(&ground, policy, global, io),
    };
    print(io, &text)
}

fn keys_of(policy: &Policy, person: &form::Person) -> Vec<(KeyId, String)> {
    let lines = policy
        .signers
        .lines
        .iter()
        .filter(|l| person.ssh_principal.is_some() && l.principals.first() == person.ssh_principal.as_ref());
    let ssh = lines.map(|l| (l.key.clone(), l.key_type.clone()));
    ssh.chain(person.openpgp.iter().map(|f| (KeyId(f.clone()), "openpgp".to_owned()))).collect()
}

fn state(policy: &Policy, key: &KeyId, at: Timestamp) -> &'static str {
    let line = policy.signers.lines.iter().find(|l| l.key == *key);
    match policy.revocation(key) {
        Some(r) if r.compromised => "compromised",
        Some(_) => "withdrawn",
        None if line.is_some_and(|l| !l.covers(at.as_second(), 0)) => "not valid today",
        None => "valid",
    }
}

fn shown(ground: &Ground<'_>, policy: &Policy, global: &Global, io: &Io<'_>) -> String {
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

fn shown_json(ground: &Ground<'_>, policy: &Policy) -> serde_json::Value {
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
