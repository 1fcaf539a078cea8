//! `smsctl init`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Global, Io, interview, print};
use crate::error::Error;
use crate::report::ExitStatus;
use crate::scaffold::{self, Answers, Interview};
use crate::source::CONFIG_FILE;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder of the new SMS; made when it does not exist
    #[arg(default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
    /// Name of the organization, as it stands in every document
    #[arg(long, value_name = "NAME")]
    pub organization: Option<String>,
    /// Language of the texts (default: en); picks the word lists of the wording rules
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// How much to start with
    #[arg(long, value_enum, default_value_t = Profile::Core)]
    pub profile: Profile,
    /// Answers in place of questions: a TOML file (`smsctl schema answers` describes it)
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Make the sample organization as a Git repository with years of signed history
    #[arg(long, conflicts_with_all = ["organization", "language", "profile", "answers"])]
    pub example: bool,
}

/// How much to start with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// The documents and registers every SMS needs
    Core,
    /// Every document and register of the toolkit that makes sense on the first day
    Toolkit,
}

impl From<Profile> for scaffold::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Core => Self::Core,
            Profile::Toolkit => Self::Toolkit,
        }
    }
}

const PLACEHOLDER: &str = "TODO(name of the organization)";

pub(super) fn run(args: &InitArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    if global.in_the_past() {
        return Err(Error::usage("`init` writes files, so it takes no --rev and no --as-of", "Run it without."));
    }
    let base = io.cwd.join(global.directory.as_deref().unwrap_or(Path::new(".")));
    let root = base.join(&args.dir);
    if args.example {
        return example(args, &root, global, io);
    }
    refuse(&root, &args.dir)?;
    let profile = scaffold::Profile::from(args.profile);
    let interview = match &args.answers {
        Some(path) => interview::from_file(path, io)?,
        None => interview::ask(profile, args.organization.is_some(), io)?,
    };
    let organization = organization(args, &interview)?;
    let language = args.language.as_ref().or(interview.language.as_ref());
    let answers = Answers {
        organization: organization.clone(),
        language: language.map_or_else(|| "en".to_owned(), Clone::clone),
        today: global.today.unwrap_or(io.today),
    };
    let files = scaffold::plan_init_with(&answers, profile, &interview)?;
    // All or nothing: a start that stops half-way cannot be run again.
    files.iter().try_for_each(|file| scaffold::passable(&root, &file.path))?;
    let (mut written, mut kept) = (0, Vec::new());
    for file in &files {
        if scaffold::create(&root, &file.path, &file.text)? {
            written += 1;
        } else {
            kept.push(file.path.as_str());
        }
    }
    let shown = global.directory.as_deref().unwrap_or(Path::new("")).join(&args.dir);
    let mut text = closing(&shown, &organization, written, &kept, root.join(".git").exists());
    if global.quiet {
        text.truncate(text.find("\n\nNext:").map_or(text.len(), |end| end + 1));
    }
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

fn example(args: &InitArgs, root: &Path, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let made = scaffold::make_example(root)?;
    let shown = global.directory.as_deref().unwrap_or(Path::new("")).join(&args.dir);
    let here = shown == Path::new(".");
    let to = if here { "this folder".to_owned() } else { shown.display().to_string() };
    let mut text = format!(
        "Made the sample organization in {to}: {} files, {} signed commits, {} approvals.\n",
        made.files, made.commits, made.approvals
    );
    if !global.quiet {
        let at = if here { String::new() } else { format!(" -C {}", quoted(&to)) };
        text += &format!(
            "\nThe signatures are real, the people are not: the keys are throw-away keys that anyone can derive from public\n\
             words in the source of smsctl. They prove nothing and must not be trusted anywhere else.\n\
             \nTrust root: {}\n\nNext:\n\
             \x20 1. `smsctl{at} check`\n\
             \x20 2. `smsctl{at} history SMS-POL-01`\n\
             \x20 3. `smsctl{at} diff SMS-POL-01`\n\
             \x20 4. `smsctl{at} verify --root {}`\n\
             \x20 5. `smsctl{at} audit-pack --stage surveillance --unsigned --root {}`\n",
            made.root, made.root, made.root
        );
    }
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

fn refuse(root: &Path, given: &Path) -> Result<(), Error> {
    if root.exists() && !root.is_dir() {
        return Err(Error::NotAFolder { path: given.to_owned() });
    }
    if root.join(CONFIG_FILE).symlink_metadata().is_ok_and(|m| !m.is_file()) {
        let message = format!("{CONFIG_FILE} in {} is no regular file", given.display());
        return Err(Error::usage(message, "Take it away, or name another folder."));
    }
    if root.join(CONFIG_FILE).exists() {
        let message = format!("{} is an SMS already: it has a {CONFIG_FILE}", given.display());
        return Err(Error::usage(message, "Add documents with `smsctl new`, or name another folder."));
    }
    Ok(())
}

/// The name that was given: as an argument, in the answers, or not at all.
fn organization(args: &InitArgs, interview: &Interview) -> Result<String, Error> {
    let Some(name) = args.organization.as_ref().or(interview.organization.as_ref()) else {
        return Ok(PLACEHOLDER.to_owned());
    };
    let name = name.trim();
    if name.is_empty() || name.contains(|c: char| c.is_control()) {
        return Err(Error::usage(
            "the organization's name is empty or holds control characters",
            "Give it as people write it.",
        ));
    }
    Ok(name.to_owned())
}

fn closing(dir: &Path, organization: &str, written: usize, kept: &[&str], in_git: bool) -> String {
    let here = dir == Path::new(".");
    let to = if here { "this folder".to_owned() } else { dir.display().to_string() };
    let mut text = format!("Wrote {written} files of a new service management system to {to}.\n");
    if !kept.is_empty() {
        text += &format!("Left alone because they exist: {}.\n", kept.join(", "));
    }
    text += "\nNext:\n";
    let at = if here { String::new() } else { format!(" -C {}", quoted(&to)) };
    let mut steps = Vec::new();
    if organization == PLACEHOLDER {
        steps.push(format!(
            "put your organization's name in the place of `{PLACEHOLDER}`, in {CONFIG_FILE} and the documents"
        ));
    }
    steps.push(format!("`smsctl{at} check` lists what only you can fill in, in working order"));
    if !in_git {
        steps.push("`git init` and commit: Git is the version record of the documents".to_owned());
    }
    steps.push(format!("`smsctl{at} new --list` shows which other documents can be written for you"));
    for (number, step) in steps.iter().enumerate() {
        text += &format!("  {}. {step}\n", number + 1);
    }
    text
}

/// A folder as it is typed.
fn quoted(dir: &str) -> String {
    if dir.contains(char::is_whitespace) { format!("\"{dir}\"") } else { dir.to_owned() }
}
