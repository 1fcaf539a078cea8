//! `smsctl approve`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::sms::{self, Sms};
use super::{Global, Io, print};
use crate::approve::draft::{self, Doc, Ground, Request, Role};
use crate::approve::keys::SigningKey;
use crate::approve::signer::{self, Signer, Wanted};
use crate::approve::{Tools, commit, import};
use crate::change;
use crate::error::Error;
use crate::report::{self, ExitStatus, printable_line};
use crate::trust::{Decision, Meaning, Statement, Subject, Verdict};
use crate::workspace::Workspace;

/// Arguments of `approve`.
#[derive(Debug, Args)]
pub struct ApproveArgs {
    /// Ids of the documents, such as SMS-POL-01
    #[arg(value_name = "ID", required_unless_present = "import")]
    pub ids: Vec<String>,
    /// Role to act in; needed only when several fit
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Person of the trust policy who signs; found by the key unless given
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
    /// Key to sign with: a key file of OpenSSH or an OpenPGP fingerprint; Git's own signing key unless given
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// What the signature means; only `approval` counts towards an approval
    #[arg(long, value_enum, default_value_t = MeaningArg::Approval, value_name = "MEANING")]
    pub meaning: MeaningArg,
    /// What is decided
    #[arg(long, value_enum, default_value_t = DecisionArg::Approve, value_name = "DECISION")]
    pub decision: DecisionArg,
    /// The declaration in your own words, on one line
    #[arg(long, value_name = "TEXT")]
    pub statement: Option<String>,
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Commit without signing the commit: the signed statement alone carries the approval
    #[arg(long)]
    pub no_commit_signature: bool,
    /// Write the statement to FILE (several: into a folder), to be signed elsewhere; needs --as, and no key
    #[arg(long, value_name = "FILE", requires = "person", conflicts_with_all = ["key", "import"])]
    pub prepare: Option<PathBuf>,
    /// Take statements that were signed elsewhere, each with its signature (.sig or .asc) beside it
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["ids", "role", "person", "key", "statement"])]
    pub import: Vec<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// What a signature means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MeaningArg {
    /// The document is approved
    Approval,
    /// It was reviewed
    Review,
    /// You wrote it
    Authorship,
    /// You answer for it
    Responsibility,
}

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DecisionArg {
    /// Approve this version
    Approve,
    /// Refuse it; counts for nothing and is kept
    Reject,
    /// Take your approval of this version back
    Withdraw,
}

/// Form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON, described in docs/formats.md
    Json,
}

impl ApproveArgs {
    fn request(&self) -> Request {
        Request {
            role: self.role.clone(),
            words: self.statement.clone(),
            decision: match self.decision {
                DecisionArg::Approve => Decision::Approve,
                DecisionArg::Reject => Decision::Reject,
                DecisionArg::Withdraw => Decision::Withdraw,
            },
            meaning: match self.meaning {
                MeaningArg::Approval => Meaning::Approval,
                MeaningArg::Review => Meaning::Review,
                MeaningArg::Authorship => Meaning::Authorship,
                MeaningArg::Responsibility => Meaning::Responsibility,
            },
        }
    }
}

/// One document to be signed for.
struct Item {
    doc: Doc,
    statement: Statement,
}

/// The document that could not be signed for, and why.
type Failed = (String, Error);

/// What came of one document.
struct Outcome {
    statement: Statement,
    path: String,
    commit: Option<String>,
}

pub(super) fn run(args: &ApproveArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    super::no_rev("approve", global)?;
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let record = sms.record(global, &ws.config, io)?;
    let Some((repo, _)) = sms.repository(global)? else {
        return Err(Ground::refuse(&record));
    };
    let ground = Ground::new(&repo, &record, io.now)?;
    let tools = sms.tools(io);
    if !args.import.is_empty() {
        return imported(args, global, io, &sms, &ws, &ground, &tools);
    }
    let request = args.request();
    let wanted = Wanted { person: args.person.clone(), key: args.key.clone() };
    let signer = match (&args.prepare, &args.person) {
        (Some(_), Some(person)) => signer::known(ground.policy(), person)?,
        _ => signer::find(&tools, ground.policy(), &wanted, &io.cwd, ground.now)?,
    };
    let (items, done) = items(args, &request, &ground, &sms, &signer, io)?;
    if !done.is_empty() && args.format == Format::Human {
        print(io, &report::printable(&format!("Approved already, so left out: {}.\n", done.join(", "))))?;
    }
    if let Some(target) = &args.prepare {
        return prepare(target, &items, io);
    }
    let chosen = ask(args, global, io, &ground, &items)?;
    let (outcomes, failed) = sign(args, io, &ground, &tools, &sms, &signer, &chosen)?;
    let record = sms.record(global, &ws.config, io)?;
    let ground = Ground::new(&repo, &record, io.now)?;
    tell(args, global, io, &ground, &sms, &outcomes)?;
    let done = |item: &&Item| outcomes.iter().any(|o| o.statement.artifact == item.statement.artifact);
    let left: Vec<&Item> = items.iter().filter(|item| !done(item)).collect();
    if outcomes.is_empty() || left.is_empty() {
        return Ok(ExitStatus::Clean);
    }
    unfinished(&outcomes, &left, failed.as_ref(), io)?;
    Ok(ExitStatus::Findings)
}

/// What was signed stays; of the rest it is said why not.
fn unfinished(outcomes: &[Outcome], left: &[&Item], failed: Option<&Failed>, io: &mut Io<'_>) -> Result<(), Error> {
    let why = |item: &&Item| {
        let id = &item.statement.artifact;
        match failed {
            Some((failed, error)) if failed == id => format!("{id} ({error})"),
            Some(_) => format!("{id} (not begun)"),
            None => format!("{id} (you did not agree)"),
        }
    };
    let not: Vec<String> = left.iter().map(why).collect();
    let all = outcomes.len() + left.len();
    let text = format!("{} of {all} signed; not: {}.\n", outcomes.len(), not.join("; "));
    let written = io.err.write_all(report::printable(&text).as_bytes());
    written.map_err(|source| Error::Io { action: "write", path: "standard error".into(), source })
}

/// Everything is refused before anything is signed.
fn items(
    args: &ApproveArgs,
    request: &Request,
    ground: &Ground<'_>,
    sms: &Sms,
    signer: &Signer,
    io: &Io<'_>,
) -> Result<(Vec<Item>, Vec<String>), Error> {
    let mut items: Vec<Item> = Vec::new();
    let mut done = Vec::new();
    for id in &args.ids {
        if items.iter().any(|i| i.doc.control.id == *id) || done.contains(id) {
            continue;
        }
        let doc = ground.document(&sms.root, id)?;
        if args.ids.len() > 1 && ground.has_approved(&doc, signer, request)? {
            done.push(id.clone());
            continue;
        }
        let role = match ground.role(&doc, signer, request)? {
            Role::One(role) => role,
            Role::Choice(roles) => choose_role(id, &roles, args.yes, io)?,
        };
        let statement = ground.statement(&doc, signer, &role, request)?;
        items.push(Item { doc, statement });
    }
    Ok((items, done))
}

fn choose_role(id: &str, roles: &[String], yes: bool, io: &Io<'_>) -> Result<String, Error> {
    if yes || !(io.in_is_terminal && io.out_is_terminal) {
        let message = format!("several of your roles fit {id}: {}", roles.join(", "));
        return Err(Error::usage(message, "Say which with `--role`."));
    }
    let asked =
        dialoguer::Select::new().with_prompt(format!("{id}: in which role?")).items(roles).default(0).interact();
    let index = asked.map_err(|e| Error::usage(format!("no answer: {e}"), "Say it with `--role`."))?;
    Ok(roles.get(index).cloned().unwrap_or_default())
}

/// Shows what is signed and asks, document by document.
fn ask<'i>(
    args: &ApproveArgs,
    global: &Global,
    io: &mut Io<'_>,
    ground: &Ground<'_>,
    items: &'i [Item],
) -> Result<Vec<&'i Item>, Error> {
    let terminal = io.in_is_terminal && io.out_is_terminal;
    let quiet = args.format == Format::Json || (global.quiet && args.yes);
    let mut chosen = Vec::new();
    for item in items {
        if !quiet {
            let text = review(ground, item, io, global)?;
            print(io, &text)?;
        }
        if args.yes {
            chosen.push(item);
            continue;
        }
        if !terminal {
            let message = "nobody can be asked: this is no terminal";
            return Err(Error::usage(message, "Read what is shown above, then say `--yes`."));
        }
        let verb = match item.statement.decision {
            Decision::Approve if item.statement.meaning == Meaning::Approval => "Approve",
            Decision::Approve => "Sign for",
            Decision::Reject => "Refuse",
            Decision::Withdraw => "Withdraw your approval of",
        };
        let question = format!("{verb} {} version {}?", item.statement.artifact, item.statement.version);
        if super::confirm(&printable_line(&question))? {
            chosen.push(item);
        }
    }
    Ok(chosen)
}

/// What changed since the last full approval, and the exact statement.
fn review(ground: &Ground<'_>, item: &Item, io: &Io<'_>, global: &Global) -> Result<String, Error> {
    let control = &item.doc.control;
    let name = format!("{} {} ({})", control.id, control.title, item.doc.place.path);
    let mut text = if let Some((version, _, old)) = ground.last_full(&item.doc)? {
        let title = format!("{name}: version {} against {version}, the last one approved in full", control.version);
        let width = if io.out_is_terminal { io.width } else { 100 };
        let comparison = change::compare(Some(&old), Some(&item.doc.bytes));
        report::change::human(&comparison, &[title], width, global.colour(io))
    } else {
        let lines = String::from_utf8_lossy(&item.doc.bytes).lines().count();
        let title = printable_line(&format!("{name}: version {}", control.version));
        format!("{title}\nNo version was approved before: you approve all {lines} lines of it. Read them first.\n")
    };
    text += "\nYou sign exactly this:\n\n";
    for line in item.statement.render().lines() {
        text += &format!("  {}\n", printable_line(line));
    }
    text.push('\n');
    Ok(text)
}

fn sign(
    args: &ApproveArgs,
    io: &mut Io<'_>,
    ground: &Ground<'_>,
    tools: &Tools,
    sms: &Sms,
    signer: &Signer,
    items: &[&Item],
) -> Result<(Vec<Outcome>, Option<Failed>), Error> {
    let Some(key) = &signer.key else {
        return Err(Error::usage("there is no key to sign with", crate::approve::keys::how_to_make_one()));
    };
    let mut outcomes = Vec::new();
    for item in items {
        if key.wants_touch() {
            let _ = writeln!(io.err, "Touch your security key when it blinks.");
        }
        match sign_one(args, ground, tools, sms, key, item) {
            Ok(outcome) => outcomes.push(outcome),
            // Nothing was signed yet: the error says all.
            Err(error) if outcomes.is_empty() => return Err(error),
            Err(error) => return Ok((outcomes, Some((item.statement.artifact.clone(), error)))),
        }
    }
    Ok((outcomes, None))
}

fn sign_one(
    args: &ApproveArgs,
    ground: &Ground<'_>,
    tools: &Tools,
    sms: &Sms,
    key: &SigningKey,
    item: &Item,
) -> Result<Outcome, Error> {
    let (statement, policy) = (&item.statement, ground.policy());
    let path = draft::place(&sms.root, statement);
    let files = draft::signed(tools, policy, key, &path, statement.render(), statement.signed_at)?;
    let commit_key = Some(key).filter(|_| !args.no_commit_signature);
    let trailers = commit_key.is_some() && policy.commit_carrier && statement.decision == Decision::Approve;
    commit(tools, &files, &draft::message(statement, trailers), commit_key)?;
    let commit = ground.repo.head()?.map(|oid| oid.to_string());
    Ok(Outcome { statement: statement.clone(), path, commit })
}

/// Whether it counted, and what is still missing.
fn tell(
    args: &ApproveArgs,
    global: &Global,
    io: &mut Io<'_>,
    ground: &Ground<'_>,
    sms: &Sms,
    outcomes: &[Outcome],
) -> Result<(), Error> {
    let mut text = String::new();
    let mut list = Vec::new();
    for outcome in outcomes {
        let s = &outcome.statement;
        let doc = ground.document(&sms.root, &s.artifact)?;
        let verdict = ground.judged.verdict(&Subject { control: &doc.control, digest: &doc.digest });
        let prospect = ground.prospect(&doc)?;
        let missing = prospect.with(None).err().unwrap_or_default();
        let short = outcome.commit.as_deref().unwrap_or_default().get(..10).unwrap_or_default();
        let done = match s.decision {
            Decision::Approve if s.meaning == Meaning::Approval => "Approved",
            Decision::Approve => "Signed for",
            Decision::Reject => "Refused",
            Decision::Withdraw => "Withdrew the approval of",
        };
        text += &format!("{done} {} version {} as {} ({}), commit {short}.\n", s.artifact, s.version, s.role, s.name);
        text += &format!("  {}\n", standing(ground, &doc, &verdict, &prospect.given, &missing));
        list.push(json!({
            "artifact": s.artifact, "version": s.version, "digest": s.digest, "decision": s.decision,
            "meaning": s.meaning, "person": s.signer, "role": s.role, "statement": outcome.path,
            "commit": outcome.commit, "verdict": verdict.word(), "missing": missing,
        }));
    }
    if outcomes.is_empty() {
        text += "Nothing was signed.\n";
    } else if !global.quiet {
        text += "Push it, so that others have it: `git push`.\n";
    }
    match args.format {
        Format::Human => print(io, &report::printable(&text)),
        Format::Json => print(io, &report::safe_json(&json!({"schema": "smsctl-approve/1", "approvals": list}))),
    }
}

fn standing(
    ground: &Ground<'_>,
    doc: &Doc,
    verdict: &Verdict<'_>,
    given: &[(String, String)],
    missing: &[crate::trust::Requirement],
) -> String {
    let left: usize = missing.iter().map(|r| r.min).sum();
    match verdict {
        Verdict::Approved(version) if version.class == crate::trust::ApprovalClass::Editorial => {
            "It is approved as an editorial change.".into()
        }
        Verdict::Approved(_) => "It is approved: everyone the trust policy asks for has signed.".into(),
        Verdict::Pending(_) => {
            let needs = ground.needs(missing, &doc.control);
            format!("{} of {} approvals; still needed: {needs}.", given.len(), given.len() + left)
        }
        Verdict::Ended(_) => "It is approved no longer.".into(),
        Verdict::Invalid(all) | Verdict::Unverifiable(all) => {
            let why = all.iter().flat_map(|a| &a.reasons).next().map_or("", |r| r.message.as_str());
            format!("It does not count: {why}.")
        }
        _ => format!("It is not approved; needed: {}.", ground.needs(missing, &doc.control)),
    }
}

/// Writes statements to be signed elsewhere.
fn prepare(target: &Path, items: &[Item], io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let target_full = io.cwd.join(target);
    let into_folder = items.len() > 1 || target_full.is_dir();
    let mut text = String::new();
    for item in items {
        let s = &item.statement;
        let name = format!("{}-{}-{}.approval", s.artifact, s.version, s.signer);
        let (path, shown) = if into_folder {
            (target_full.join(&name), target.join(&name))
        } else {
            (target_full.clone(), target.to_owned())
        };
        let failed = |source| Error::Io { action: "write", path: path.clone(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        std::fs::write(&path, s.render()).map_err(failed)?;
        let shown = shown.display();
        text += &format!("Wrote the statement about {} version {} for {}: {shown}\n", s.artifact, s.version, s.name);
        text += &format!(
            "  to sign it with an SSH key:     ssh-keygen -Y sign -n smsctl-approval -f ~/.ssh/id_ed25519 {shown}\n"
        );
        text += &format!("  to sign it with an OpenPGP key: gpg --armor --detach-sign {shown}\n");
        text += &format!("  then, in a clone of this SMS:   smsctl approve --import {shown}\n");
    }
    print(io, &report::printable(&text))?;
    Ok(ExitStatus::Clean)
}

/// Takes statements that were signed elsewhere.
fn imported(
    args: &ApproveArgs,
    global: &Global,
    io: &mut Io<'_>,
    sms: &Sms,
    ws: &Workspace,
    ground: &Ground<'_>,
    tools: &Tools,
) -> Result<ExitStatus, Error> {
    let mut taken = Vec::new();
    let mut text = String::new();
    for file in &args.import {
        match import::read(ground, &sms.root, &io.cwd.join(file))? {
            import::Found::There(path) => text += &format!("{} is here already: {path}\n", file.display()),
            import::Found::New(one) => taken.push(*one),
        }
    }
    let mut outcomes = Vec::new();
    for one in taken {
        commit(tools, &one.files, &draft::message(&one.statement, false), None)?;
        let commit = ground.repo.head()?.map(|oid| oid.to_string());
        outcomes.push(Outcome { statement: one.statement, path: one.path, commit });
    }
    if args.format == Format::Human {
        print(io, &report::printable(&text))?;
    }
    let record = sms.record(global, &ws.config, io)?;
    let ground = Ground::new(ground.repo, &record, io.now)?;
    if !outcomes.is_empty() || args.format == Format::Json {
        tell(args, global, io, &ground, sms, &outcomes)?;
    }
    Ok(ExitStatus::Clean)
}
