//! `smsctl status`.

use clap::{Args, ValueEnum};

use super::check::Past;
use super::sms::{self, warn_of_broken_files};
use super::{Global, Io, print};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::readiness::{self, Readiness, Yardstick};
use crate::report::{self, ExitStatus, Sections, Status, StatusOptions};
use crate::rules;

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Show each clause: document present, approved, current; records of the last twelve months
    #[arg(long)]
    pub clauses: bool,
    /// Show each question of the checklist with what answers it or is missing
    #[arg(long)]
    pub checklist: bool,
    /// Show each gate of certification with its conditions
    #[arg(long)]
    pub gates: bool,
    /// Show what should stand after 30, 60 and 90 days of the programme
    #[arg(long)]
    pub plan: bool,
    /// Show where the cycle of the certificate stands, with each date that must be kept
    #[arg(long)]
    pub certification: bool,
    /// Show all there is of this clause and those below it
    #[arg(long, value_name = "CLAUSE", conflicts_with_all = ["clauses", "checklist", "gates", "plan", "certification"])]
    pub clause: Option<String>,
    /// Form of the status; JSON always holds all sections
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Exit with status 1 when this gate is not passed
    #[arg(long, value_enum, value_name = "GATE")]
    pub fail_under: Option<GateName>,
    /// Count documents that say that they are approved where that cannot be verified; every output says so
    #[arg(long)]
    pub accept_claims: bool,
}

/// Form of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, one screen
    Human,
    /// JSON (schema smsctl-status/1)
    Json,
    /// Markdown, for the summary of a workflow or for minutes
    Markdown,
}

/// A gate of certification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GateName {
    /// Ready to apply
    Application,
    /// Ready for stage 1
    #[value(name = "stage-1")]
    Stage1,
    /// Ready for stage 2
    #[value(name = "stage-2")]
    Stage2,
    /// Ready for a surveillance audit
    Surveillance,
    /// Ready for the recertification audit
    Recertification,
}

impl GateName {
    fn id(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Stage1 => "stage-1",
            Self::Stage2 => "stage-2",
            Self::Surveillance => "surveillance",
            Self::Recertification => "recertification",
        }
    }
}

pub(super) fn run(args: &StatusArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    if let Some(clause) = &args.clause {
        known(clause, &ws.catalog)?;
    }
    let past = Past::read(&ws, &sms, global, io)?;
    let ctx = past.context(&ws, sms::today(global, &ws, io));
    let verdict = rules::run(&ctx);
    let questions = ws.catalog.questions();
    let readiness =
        readiness::assess(&ctx, &verdict, Yardstick::new(&ws.catalog, &questions).accepting_claims(args.accept_claims));
    let status = Status {
        ws: &ws,
        root: &sms.shown,
        readiness: &readiness,
        sections: sections(args),
        clause: args.clause.clone(),
    };
    let text = render(&status, args.format, global, io);
    print(io, &text)?;
    warn_of_broken_files(&ws, io);
    Ok(judge(&readiness, args.fail_under, io))
}

fn known(clause: &str, catalog: &Catalog) -> Result<(), Error> {
    if catalog.clause(clause).is_some() {
        return Ok(());
    }
    let near = did_you_mean(clause, catalog.clauses().iter().map(|c| c.id.as_str()));
    let help = if near.is_empty() { "`smsctl status --clauses` lists all clauses.".to_owned() } else { near };
    Err(Error::usage(format!("the standard has no clause `{}`", report::printable(clause)), help))
}

fn sections(args: &StatusArgs) -> Sections {
    Sections {
        clauses: args.clauses,
        checklist: args.checklist,
        gates: args.gates,
        plan: args.plan,
        certification: args.certification,
    }
}

fn render(status: &Status<'_>, format: Format, global: &Global, io: &Io<'_>) -> String {
    match format {
        Format::Json => report::status_json(status),
        Format::Markdown => report::status_markdown(status),
        Format::Human => {
            let options = StatusOptions {
                graphical: io.out_is_terminal,
                colour: global.colour(io),
                width: io.out_is_terminal.then_some(io.width),
                quiet: global.quiet,
            };
            report::status_human(status, options)
        }
    }
}

/// Which gate is not passed and why is said where the exit status comes from it.
fn judge(readiness: &Readiness, wanted: Option<GateName>, io: &mut Io<'_>) -> ExitStatus {
    let Some(gate) = wanted.and_then(|name| readiness.gate(name.id())) else { return ExitStatus::Clean };
    if gate.passed() {
        return ExitStatus::Clean;
    }
    let open: Vec<&str> =
        gate.conditions.iter().filter(|c| c.state != readiness::PartState::Met).map(|c| c.text.as_str()).collect();
    let _ = writeln!(io.err, "smsctl: the gate {} is not passed: {}.", gate.id, open.join("; "));
    ExitStatus::Findings
}
