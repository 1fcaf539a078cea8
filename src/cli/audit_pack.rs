//! `smsctl audit-pack`.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::sms::{self, Progress, Sms};
use super::verify::read_anchor;
use super::{Global, Io, print};
use crate::approve::keys::{self, SigningKey, Store};
use crate::catalog::{Stage, Stages};
use crate::error::Error;
use crate::history::{Oid, Repository};
use crate::pack::build::{self, Made, Order, Origin};
use crate::pack::facts::{CommitFacts, Since};
use crate::pack::guide::Sealed;
use crate::pack::manifest::{self, MANIFEST, NAMESPACE};
use crate::pack::verify::{self, Believed, Outcome, Verification};
use crate::pack::{Files, container, pdf, period};
use crate::report::{self, ExitStatus, printable_line};
use crate::scaffold::atomic;
use crate::signature::commit::RawCommit;
use crate::source::{CommitTree, Source as _, WorkTree};
use crate::trust::{Options, PinSource, Policy, Record, Root};
use crate::workspace::{self, Workspace};

/// Arguments of `audit-pack`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AuditPackArgs {
    /// Verify a pack in place of making one
    #[command(subcommand)]
    pub command: Option<PackCommand>,
    /// What pack to make
    #[command(flatten)]
    pub make: MakeArgs,
}

/// What else to do.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// Verify a pack, anywhere, without the repository: every byte, the signature, the history, every approval
    Verify(VerifyArgs),
}

/// Arguments of `audit-pack`.
#[derive(Debug, Args)]
pub struct MakeArgs {
    /// Stage of the certification the pack is for
    #[arg(long, value_enum, value_name = "STAGE", required = true)]
    pub stage: Option<StageName>,
    /// Start of the period: a revision, a tag or a day; the last audit of the certification register unless given
    #[arg(long, value_name = "REV-OR-DATE")]
    pub since: Option<String>,
    /// Where to write it; audit-pack-STAGE-DATE.zip here unless given
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// One ZIP file, or a folder
    #[arg(long, value_enum, default_value_t = Format::Zip)]
    pub format: Format,
    /// Exit with status 0 although something the stage asks for is missing; the pack lists it all the same
    #[arg(long)]
    pub allow_gaps: bool,
    /// Do not sign the manifest
    #[arg(long)]
    pub unsigned: bool,
    /// Key to sign with: a key file of OpenSSH or an OpenPGP fingerprint; Git's own signing key unless given
    #[arg(long, value_name = "KEY", conflicts_with = "unsigned")]
    pub key: Option<String>,
    /// The trust root to believe (smsroot1:…) when none is pinned
    #[arg(long, value_name = "FINGERPRINT")]
    pub root: Option<String>,
}

/// Arguments of `audit-pack verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The pack: its ZIP file, or the folder it was unpacked to
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The trust root you were given, or the commit that holds it; the one you pinned unless given
    #[arg(long, value_name = "FINGERPRINT-OR-COMMIT")]
    pub root: Option<String>,
    /// Fingerprint of the key that should have signed the manifest
    #[arg(long, value_name = "FINGERPRINT")]
    pub signer: Option<String>,
    /// A commit, in full, that the history of the pack must hold; may be given several times
    #[arg(long, value_name = "COMMIT")]
    pub contains: Vec<String>,
    /// A checkpoint you kept: the history must still hold all it names
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// A pack you received before: the history must go on from it, and what is missing or changed since is listed
    #[arg(long, value_name = "FILE")]
    pub since_pack: Option<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = VerifyFormat::Human)]
    pub format: VerifyFormat,
}

/// Form of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One ZIP file
    Zip,
    /// A folder
    Dir,
}

/// Form of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    /// For people
    Human,
    /// JSON (schema smsctl-pack-verify/1)
    Json,
}

/// A stage that has a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    /// A look before it counts
    PreAudit,
    /// Design of the SMS
    #[value(name = "stage-1")]
    Stage1,
    /// Operation of the SMS
    #[value(name = "stage-2")]
    Stage2,
    /// The yearly audit
    Surveillance,
    /// The whole cycle
    Recertification,
}

impl StageName {
    fn stage(self) -> Result<&'static Stage, Error> {
        let id = match self {
            Self::PreAudit => "pre-audit",
            Self::Stage1 => "stage-1",
            Self::Stage2 => "stage-2",
            Self::Surveillance => "surveillance",
            Self::Recertification => "recertification",
        };
        let found = Stages::built_in().stages.iter().find(|s| s.id == id);
        found.ok_or_else(|| Error::Defect(format!("the catalogue has no stage {id}")))
    }
}

pub(super) fn run(args: &AuditPackArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    if global.as_of.is_some() {
        let help = "A pack is made of one commit. Name it with --rev; --today sets the day dates are judged by.";
        return Err(Error::usage("`audit-pack` takes no --as-of", help));
    }
    match &args.command {
        Some(PackCommand::Verify(args)) => verify_pack(args, global, io),
        None => make(&args.make, global, io),
    }
}

// ---- make

/// The commit a pack is made of, read.
struct Here {
    sms: Sms,
    repository: Rc<Repository>,
    tip: Oid,
    at: Timestamp,
    tree: CommitTree,
    ws: Workspace,
}

fn make(args: &MakeArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let stage = args.stage.ok_or_else(|| Error::usage("no stage was named", "Name it with `--stage`."))?.stage()?;
    warn_without_pdf(io);
    let here = here(global, io)?;
    let today = sms::today(global, &here.ws, io);
    let progress = Progress::new(io.err_is_terminal && !global.no_progress && !global.quiet);
    let record = judge(&here, args, today, io)?;
    let exporter = Exporter::find(args, &here.sms, &record, io)?;
    let made = build_pack(args, &here, &record, &exporter, (stage, today), &progress)?;
    let files = seal(made.files, &exporter, &here.sms, io)?;
    progress.step("Packing", 0, 1);
    let (target, size) = write(args, &made.folder, &files, io)?;
    progress.finish();
    let told =
        Told { made: &made.index, errors: made.errors, files: files.len(), target: &target, size, exporter: &exporter };
    if !global.quiet {
        print(io, &report::printable(&told.text(args)))?;
    }
    let gaps = !made.index.gaps.is_empty() && !args.allow_gaps;
    Ok(if gaps { ExitStatus::Findings } else { ExitStatus::Clean })
}

/// Said before the work starts, even with --quiet: a pack without its PDF is not what a certification body expects.
fn warn_without_pdf(io: &mut Io<'_>) {
    if !pdf::AVAILABLE {
        // A closed standard error must not stop the pack, which says the same on its first page.
        let _ = writeln!(
            io.err,
            "warning: this build of smsctl has no PDF engine; the pack will hold `audit-pack.typ` instead of `audit-pack.pdf`\n  \
             help: Use a released smsctl, or build it with `cargo build --release --features pdf`."
        );
    }
}

fn here(global: &Global, io: &Io<'_>) -> Result<Here, Error> {
    let sms = sms::here(global, io)?;
    let Some((repository, tip)) = sms.repository(global)? else {
        return Err(Error::NotARepository { path: sms.root.clone() });
    };
    if tip.is_none() && WorkTree::open(&sms.root).dirty() {
        let message = "the files on disk are not those of the last commit, and a pack is made of a commit";
        let help = "Commit them, or put them aside with `git stash`. `--rev HEAD` packs the last commit and passes over what lies on disk.";
        return Err(Error::usage(message, help));
    }
    let Some(tip) = tip.map_or_else(|| repository.head(), |tip| Ok(Some(tip)))? else {
        return Err(Error::usage(
            "this repository has no commit yet",
            "Commit the SMS first; a pack is made of a commit.",
        ));
    };
    let raw = repository.raw(tip)?;
    let commit = RawCommit::parse(&raw).map_err(|why| Error::Object { oid: tip, reason: why.0 })?;
    let at = Timestamp::from_second(commit.committer.time).map_err(|e| Error::Defect(e.to_string()))?;
    let tree = CommitTree::open(&sms.root, &format!("{tip}:{}", repository.prefix()))?;
    let ws = workspace::load(&tree, &|_, _| {})?;
    Ok(Here { sms, repository, tip, at, tree, ws })
}

/// Judges the history as of the end of the day, or of the commit when that is later: the same for whoever asks and whenever.
fn judge(here: &Here, args: &MakeArgs, today: jiff::civil::Date, io: &Io<'_>) -> Result<Record, Error> {
    if here.ws.config.history_none {
        return Ok(Record::not_judged(crate::trust::NotJudged::HistoryNone));
    }
    let root = args.root.as_deref().map(parse_root).transpose()?;
    let now = sms::end_of(today).max(here.at.as_second());
    let options = Options { tip: Some(here.tip), root, pins: sms::pins(io)?, now, ..Options::default() };
    let record = Record::evaluate(&here.repository, &options, &|_| {})?;
    if let Some(judged) = record.judged().filter(|j| j.pin == PinSource::FirstUse) {
        let root = judged.chain.root();
        let message = "no trust root is pinned, so nothing says that this history is the true one";
        let help = format!(
            "Compare {root} with the root your organization wrote down, then run `smsctl trust pin {root}`, or give it with `--root`."
        );
        return Err(Error::usage(message, help));
    }
    Ok(record)
}

fn parse_root(text: &str) -> Result<Root, Error> {
    Root::parse(text).ok_or_else(|| no_root(text))
}

fn no_root(text: &str) -> Error {
    Error::usage(
        format!("`{}` is no trust root", printable_line(text)),
        "It looks like smsroot1:sha1:COMMIT:POLICY, as `smsctl trust fingerprint` prints it; copy all of it.",
    )
}

fn build_pack(
    args: &MakeArgs,
    here: &Here,
    record: &Record,
    exporter: &Exporter,
    (stage, today): (&'static Stage, jiff::civil::Date),
    progress: &Progress,
) -> Result<Made, Error> {
    let origin = Origin {
        ws: &here.ws,
        source: &here.tree,
        repository: &here.repository,
        record,
        code_owners: build::code_owners(&here.repository, here.tip).unwrap_or_default(),
        commit: CommitFacts { oid: here.tip, at: here.at },
    };
    let order = Order {
        stage,
        today,
        since: since(args, here, stage, today)?,
        sealed: exporter.sealed(),
        signed_with: exporter.key.as_ref().map(|k| k.id.0.clone()),
        exporter: exporter.files.clone(),
    };
    build::judged(&origin, &order, &|label, done, all| progress.step(label, done, all))
}

fn since(args: &MakeArgs, here: &Here, stage: &Stage, today: jiff::civil::Date) -> Result<Option<Since>, Error> {
    match &args.since {
        Some(text) => period::given(&here.repository, here.tip, text).map(Some),
        None => period::usual(&here.ws, &here.repository, here.tip, &stage.id, today),
    }
}

/// Who signs the manifest.
struct Exporter {
    key: Option<SigningKey>,
    /// Person of the trust policy, when it is one.
    person: Option<String>,
    files: Files,
}

impl Exporter {
    fn find(args: &MakeArgs, sms: &Sms, record: &Record, io: &Io<'_>) -> Result<Self, Error> {
        if args.unsigned {
            return Ok(Self { key: None, person: None, files: Files::new() });
        }
        let tools = sms.tools(io);
        let policy: Option<&Policy> = record.judged().map(|j| &**j.policy());
        let key = match &args.key {
            Some(name) => Some(keys::named(&tools, &io.cwd, name)?),
            None => keys::all(&tools, policy)?.into_iter().find(|k| k.trouble.is_none()),
        };
        let Some(key) = key else {
            let help = format!("{} Or leave the signature out with `--unsigned`.", keys::how_to_make_one());
            return Err(Error::usage("you have no key to sign the manifest with", help));
        };
        let person = policy.and_then(|p| p.holder(&key.id)).map(str::to_owned);
        let mut files = Files::new();
        if key.store == Store::Gpg {
            files.insert("keys/exporter.asc".into(), keys::certificate(&tools, &key.id)?);
        } else {
            let name = person.as_deref().unwrap_or("exporter");
            let line = format!("{name} namespaces=\"{NAMESPACE}\" {}\n", key.public);
            files.insert("keys/exporter_allowed_signers".into(), line.into_bytes());
        }
        Ok(Self { key: Some(key), person, files })
    }

    fn sealed(&self) -> Sealed {
        match &self.key {
            None => Sealed::Unsigned,
            Some(key) if key.store == Store::Gpg => Sealed::OpenPgp(key.id.0.clone()),
            Some(_) => Sealed::Ssh(self.person.clone().unwrap_or_else(|| "exporter".into())),
        }
    }
}

/// Adds the manifest and its signature.
fn seal(mut files: Files, exporter: &Exporter, sms: &Sms, io: &Io<'_>) -> Result<Files, Error> {
    let text = manifest::render(&files).into_bytes();
    if let Some(key) = &exporter.key {
        let signature = keys::sign(&sms.tools(io), key, NAMESPACE, &text)?;
        let armor = String::from_utf8_lossy(&signature).replace("\r\n", "\n");
        files.insert(format!("{MANIFEST}.{}", key.ending()), armor.into_bytes());
    }
    files.insert(MANIFEST.into(), text);
    Ok(files)
}

/// Writes the pack; gives where it is, and its size.
fn write(args: &MakeArgs, folder: &str, files: &Files, io: &Io<'_>) -> Result<(PathBuf, usize), Error> {
    let name = if args.format == Format::Zip { format!("{folder}.zip") } else { folder.to_owned() };
    let given = args.out.clone().unwrap_or_else(|| PathBuf::from(name));
    let target = io.cwd.join(&given);
    if args.format == Format::Zip {
        refuse_other_file(&target)?;
        let bytes = container::zip(folder, files)?;
        atomic::write_bytes(&target, &bytes)?;
        return Ok((given, bytes.len()));
    }
    refuse_full_folder(&target)?;
    for (path, bytes) in files {
        let full = target.join(path);
        let parent = full.parent().unwrap_or(&target).to_owned();
        std::fs::create_dir_all(&parent).map_err(|source| Error::Io { action: "create", path: parent, source })?;
        atomic::write_bytes(&full, bytes)?;
    }
    Ok((given, files.values().map(Vec::len).sum()))
}

/// An older pack may be replaced, any other file not.
fn refuse_other_file(target: &Path) -> Result<(), Error> {
    if target.symlink_metadata().is_err() {
        return Ok(());
    }
    let is_pack =
        target.is_file() && container::open(target).is_ok_and(|p| p.files.contains_key(crate::pack::index::INDEX));
    if is_pack {
        return Ok(());
    }
    let message = format!("{} is there already and is no audit pack", target.display());
    Err(Error::usage(message, "Name another file with `--out`."))
}

fn refuse_full_folder(target: &Path) -> Result<(), Error> {
    let empty = match std::fs::read_dir(target) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => target.symlink_metadata().is_err(),
    };
    if empty {
        return Ok(());
    }
    let message = format!("{} is there already", target.display());
    Err(Error::usage(message, "Name a folder that does not exist yet with `--out`."))
}

/// What is said when a pack was made.
struct Told<'t> {
    made: &'t crate::pack::index::Index,
    errors: usize,
    files: usize,
    target: &'t Path,
    size: usize,
    exporter: &'t Exporter,
}

impl Told<'_> {
    fn text(&self, args: &MakeArgs) -> String {
        let index = self.made;
        let mut out = String::new();
        for gap in &index.gaps {
            out += &format!("missing: {gap}\n");
        }
        if !index.gaps.is_empty() {
            out += "\n";
        }
        let place = self.target.display();
        let with_text = index.documents.iter().filter(|d| !d.file.is_empty()).count();
        out += &format!(
            "{place}: {} files, {:.1} MB, of commit {} as of {}.\n",
            self.files,
            mega(self.size),
            index.commit.get(..10).unwrap_or_default(),
            index.today
        );
        out += &format!(
            "It holds {with_text} of {} documents in full and the evidence of {} approvals.\n",
            index.documents.len(),
            index.approvals
        );
        let places: usize = index.withheld.iter().map(|w| w.places).sum();
        if places > 0 {
            out += &format!("{places} places are withheld; the pack lists them (`[pack]` in smsctl.toml decides).\n");
        }
        if self.errors > 0 {
            let (n, s) = (self.errors, if self.errors == 1 { "" } else { "s" });
            out += &format!(
                "Its validation report lists {n} error{s}; `smsctl check --rev {}` shows them.\n",
                index.commit
            );
        }
        out += &self.signature();
        out += &format!("Send the file, and on another way the trust root{}:\n  {}\n", self.key_too(), self.root());
        let gaps = index.gaps.len();
        if gaps > 0 {
            let end = if args.allow_gaps { " You allowed that." } else { " `--allow-gaps` accepts it." };
            let (n, verb) = if gaps == 1 { ("One thing".into(), "is") } else { (format!("{gaps} things"), "are") };
            out += &format!("{n} this stage asks for {verb} missing; the pack says so on its first page.{end}\n");
        }
        out
    }

    fn root(&self) -> String {
        if self.made.root.is_empty() { "(nothing was judged: there is none)".into() } else { self.made.root.clone() }
    }

    fn key_too(&self) -> &'static str {
        if self.exporter.key.is_some() && self.exporter.person.is_none() {
            " and the fingerprint of your key"
        } else {
            ""
        }
    }

    fn signature(&self) -> String {
        match (&self.exporter.key, &self.exporter.person) {
            (None, _) => "The manifest is not signed.\n".into(),
            (Some(key), Some(person)) => format!("The manifest is signed by {person} with the key {}.\n", key.id),
            (Some(key), None) => {
                format!("The manifest is signed with the key {}, which the trust policy does not know.\n", key.id)
            }
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "a size for people")]
fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1_000_000.0
}

// ---- verify

fn verify_pack(args: &VerifyArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let path = io.cwd.join(&args.file);
    if !path.exists() {
        return Err(Error::NoSuchPath { path: args.file.clone() });
    }
    let root = args.root.as_deref().map(|text| Believed::parse(text).ok_or_else(|| no_root(text))).transpose()?;
    let progress = Progress::new(io.err_is_terminal && !global.no_progress && !global.quiet);
    progress.step("Reading", 0, 1);
    let pack = container::open(&path)?;
    let ground = verify::Ground {
        root,
        pins: sms::pins(io)?,
        signer: args.signer.clone(),
        contains: args.contains.iter().map(|text| commit(text)).collect::<Result<_, _>>()?,
        checkpoint: args.checkpoint.as_ref().map(|path| read_anchor(path, io)).transpose()?.map(|(bytes, _)| bytes),
        older: args.since_pack.as_ref().map(|path| container::open(&io.cwd.join(path))).transpose()?,
        now: io.now,
    };
    let verification = verify::verify(&pack, &ground, &|done| progress.step("Verifying", done, done))?;
    progress.finish();
    let text = match args.format {
        VerifyFormat::Json => report::safe_json(&verify::json(&verification)),
        VerifyFormat::Human => report::printable(&human(&verification, &args.file)),
    };
    print(io, &text)?;
    Ok(if verification.holds() { ExitStatus::Clean } else { ExitStatus::Findings })
}

fn commit(text: &str) -> Result<Oid, Error> {
    let full = Some(text.trim()).filter(|t| t.len() == 40).and_then(|t| Oid::from_str(t).ok());
    full.ok_or_else(|| {
        Error::usage(
            format!("`{}` is no commit in full", printable_line(text)),
            "Give all 40 characters, as `git log` prints them.",
        )
    })
}

fn human(verification: &Verification, file: &Path) -> String {
    let mut out = String::new();
    if let Some(index) = &verification.index {
        let (organization, stage) = (printable_line(&index.organization), printable_line(&index.stage));
        out += &format!(
            "{}: audit pack of {organization} for {stage}, as of {}\n\n",
            file.display(),
            printable_line(&index.today)
        );
    }
    for step in &verification.steps {
        out += &format!("{:<9}{:<12}{}\n", step.outcome.word(), step.title, printable_line(&step.summary));
        for detail in &step.details {
            out += &format!("{:21}- {}\n", "", printable_line(detail));
        }
    }
    out += "\n";
    out += &rests(verification);
    let failed = verification.steps.iter().filter(|s| s.outcome == Outcome::Bad).count();
    let open = verification.steps.iter().filter(|s| s.outcome == Outcome::NotDone).count();
    out += &match (failed, open) {
        (0, 0) if verification.rests.is_empty() => {
            "Verified: everything in this pack follows from its history, and its approvals hold.\n".to_owned()
        }
        (0, 0) => {
            "Verified: nothing in this pack was changed since it was signed, and its approvals hold.\n".to_owned()
        }
        (0, _) => "Not verified: nothing is wrong so far, and what is marked `not done` is still open.\n".to_owned(),
        _ => "NOT verified: do not rely on this pack.\n".to_owned(),
    };
    out
}

/// What nothing but the signature of the manifest vouches for.
fn rests(verification: &Verification) -> String {
    if verification.rests.is_empty() {
        return String::new();
    }
    let sign = verification.steps.iter().find(|s| s.title == "Signature");
    let signed = sign.is_some_and(|s| s.outcome == Outcome::Good);
    let head = if signed {
        "These parts rest on the signature of the manifest alone, the history does not show them:"
    } else {
        "Nothing vouches for these parts, as they rest on the signature of the manifest alone:"
    };
    let list = verification.rests.iter().map(|part| format!("  {}\n", printable_line(part)));
    format!("{head}\n{}\n", list.collect::<String>())
}
