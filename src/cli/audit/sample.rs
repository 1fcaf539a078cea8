//! `smsctl audit sample`.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::cli::sms::{self, warn_of_broken_files};
use crate::cli::{Global, Io, edits, no_rev, print};
use crate::error::Error;
use crate::report::{ExitStatus, SampleReport, printable, printable_line};
use crate::scaffold::record::{SampleNote, audit_sample, seeds};
use crate::workspace::Workspace;
use crate::workspace::sample::{METHOD, Population, Question, Sample, population};

/// Arguments of `audit sample`.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// What to choose from: a register such as `changes`, or `documents`
    #[arg(long, value_name = "REGISTER")]
    pub population: String,
    /// How many to choose
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), required_unless_present = "ids")]
    pub size: Option<u32>,
    /// Decides what is chosen: a text that you could not choose to your liking
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
    /// Only from this day on
    #[arg(long, value_name = "DATE")]
    pub since: Option<Date>,
    /// Only up to this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Field that holds the day; the first one of the register when left out
    #[arg(long, value_name = "FIELD")]
    pub day: Option<String>,
    /// Only entries with this value: `field=value`, or `field!=value` for all others
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub filters: Vec<String>,
    /// Spread the sample over the values of this field
    #[arg(long, value_name = "FIELD")]
    pub stratify: Option<String>,
    /// Print the population's ids, one to a line, and choose nothing
    #[arg(long, conflicts_with_all = ["size", "seed", "stratify", "record", "format"])]
    pub ids: bool,
    /// Write the sample into the entry of this audit
    #[arg(long, value_name = "AUDIT-ID")]
    pub record: Option<String>,
    /// Form of the sample
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Form of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// RFC 4180, safe to open in a spreadsheet
    Csv,
    /// JSON (schema smsctl-sample/1)
    Json,
}

pub(super) fn run(args: &SampleArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    if args.record.is_some() {
        no_rev("audit sample --record", global)?;
    }
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let today = sms::today(global, &ws, io);
    let all = population(&ws, &question(args)?, args.stratify.as_deref())?;
    if args.ids {
        print(io, &all.ids())?;
        warn_of_broken_files(&ws, io);
        return Ok(ExitStatus::Clean);
    }
    let seed = seed(args, &ws)?;
    let size = args.size.unwrap_or(1) as usize;
    let sample = all.choose(size, seed, args.stratify.as_deref());
    let report = SampleReport { ws: &ws, today, population: &all, sample: &sample, size };
    let text = match args.format {
        Format::Human => report.human(io.out_is_terminal.then_some(io.width), global.colour(io)),
        Format::Csv => report.csv(),
        Format::Json => report.json(),
    };
    if let Some(audit) = &args.record {
        let edit = audit_sample(&ws, audit, &note(&ws, (&all, &sample, size), today))?;
        let edits = [edit];
        let hints = edits::judged(&sms, &ws, &edits, today)?;
        edits::write(&sms, &edits)?;
        let [edit] = &edits;
        let _ = write!(io.err, "smsctl: noted in {}.\n{}", printable_line(&edit.path), edits::told(&hints));
        again(&ws, audit, &all, seed, io);
    }
    print(io, &text)?;
    warn_of_broken_files(&ws, io);
    Ok(ExitStatus::Clean)
}

fn question(args: &SampleArgs) -> Result<Question, Error> {
    let mut filters = Vec::new();
    for given in &args.filters {
        let Some((field, value)) = given.split_once('=').filter(|(f, _)| !f.trim_matches('!').trim().is_empty()) else {
            let message = format!("`{}` is no field with a value", printable_line(given));
            return Err(Error::usage(message, "Write `--where field=value`, such as `--where status=closed`."));
        };
        filters.push((field.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(Question {
        population: args.population.clone(),
        filters,
        since: args.since,
        until: args.until,
        day: args.day.clone(),
    })
}

/// The seed as given. Without one nothing is drawn: a seed that smsctl made up could be made up again until the sample pleases.
fn seed<'a>(args: &'a SampleArgs, ws: &Workspace) -> Result<&'a str, Error> {
    if let Some(seed) = args.seed.as_deref().filter(|s| !s.trim().is_empty()) {
        if seed.contains(char::is_control) {
            return Err(Error::usage("the seed holds a control character", "Use letters and digits."));
        }
        return Ok(seed);
    }
    let commit = ws.revision.as_ref().map_or_else(String::new, |r| {
        format!(" When nobody is at hand, name the commit both sides look at: `--seed {}`.", printable(r))
    });
    Err(Error::usage(
        "a sample needs a seed, and the auditor must not be able to choose it to their liking",
        format!(
            "Let somebody from the audited area call out six digits before you draw, or take a figure that both can look up \
             later, such as yesterday's exchange rate, and write down where it comes from: `--seed 482913`.{commit}"
        ),
    ))
}

fn note(ws: &Workspace, (all, sample, size): (&Population, &Sample, usize), today: Date) -> SampleNote {
    let ids: Vec<&str> = sample.chosen.iter().map(|(item, _)| item.id.as_str()).collect();
    // The commit says something only when the files are those of the commit.
    let commit = ws.revision.clone().filter(|_| !ws.dirty).unwrap_or_default();
    vec![
        ("population", all.name.clone()),
        ("filter", all.filter.clone()),
        ("population_size", all.items.len().to_string()),
        ("population_sha256", all.digest()),
        ("size", size.to_string()),
        ("seed", sample.seed.clone()),
        ("method", METHOD.to_owned()),
        ("stratify", sample.stratify.clone()),
        ("commit", commit),
        ("drawn_on", today.to_string()),
        ("chosen", ids.join(";")),
    ]
}

/// A second seed for the same population is for the auditor to explain.
fn again(ws: &Workspace, audit: &str, all: &Population, seed: &str, io: &mut Io<'_>) {
    let others: Vec<&str> = seeds(ws, audit, &all.name).into_iter().filter(|other| *other != seed).collect();
    if let Some(other) = others.first() {
        let _ = writeln!(
            io.err,
            "smsctl: {audit} holds a sample of {} with the seed {} already; say in the report why there is another.",
            all.name,
            printable_line(other)
        );
    }
}
