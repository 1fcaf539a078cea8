//! `smsctl audit finding`.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::finish;
use crate::cli::record::not_ahead;
use crate::cli::sms;
use crate::cli::{Global, Io, no_rev};
use crate::error::Error;
use crate::report::{ExitStatus, printable_line};
use crate::scaffold::record::{AuditFinding, Edit, audit_finding};

/// Arguments of `audit finding`.
#[derive(Debug, Args)]
pub struct FindingArgs {
    /// The audit in which it was found
    #[arg(value_name = "AUDIT-ID")]
    pub audit: String,
    /// How grave it is
    #[arg(long, value_enum)]
    pub grade: Grade,
    /// Clause of the standard it concerns
    #[arg(long, value_name = "CLAUSE")]
    pub clause: String,
    /// What was found, in a sentence
    #[arg(long, value_name = "TEXT")]
    pub statement: String,
    /// What shows it: an id, a path, or words such as "12 of 20 records"; may be given several times
    #[arg(long, value_name = "ID-OR-PATH-OR-TEXT")]
    pub evidence: Vec<String>,
    /// Short name of the nonconformity or improvement; the first words of the statement when left out
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Role that deals with it; the owner of the process of the clause when left out
    #[arg(long, value_name = "ROLE")]
    pub owner: Option<String>,
    /// Day by which it is to be dealt with
    #[arg(long, value_name = "DATE")]
    pub due: Option<Date>,
    /// What is to be done by then; to find cause and action when left out
    #[arg(long, value_name = "TEXT", requires = "due")]
    pub action: Option<String>,
    /// Role that raised it; the lead auditor when left out
    #[arg(long, value_name = "ROLE")]
    pub by: Option<String>,
    /// Day it was raised; today when left out
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Grade {
    /// A requirement fails as a whole
    Major,
    /// A single lapse
    Minor,
    /// No nonconformity, but could become one
    Observation,
    /// A chance to do better
    Opportunity,
    /// Something well done
    Positive,
}

impl Grade {
    fn word(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Observation => "observation",
            Self::Opportunity => "opportunity",
            Self::Positive => "positive",
        }
    }
}

pub(super) fn run(args: &FindingArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    no_rev("audit finding", global)?;
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let on = not_ahead(args.on, sms::today(global, &ws, io))?;
    let finding = AuditFinding {
        audit: args.audit.clone(),
        grade: args.grade.word().to_owned(),
        clause: args.clause.clone(),
        statement: args.statement.clone(),
        evidence: args.evidence.clone(),
        title: args.title.clone(),
        owner: args.owner.clone(),
        due: args.due,
        action: args.action.clone(),
        by: args.by.clone(),
    };
    let edits = audit_finding(&ws, &finding, on)?;
    finish((&sms, &ws), &edits, (args.dry_run, &told(args, &edits)), global, io)
}

/// What was written where, and what comes next.
fn told(args: &FindingArgs, edits: &[Edit]) -> String {
    let added = edits.iter().map(|e| format!("Added {} to {}.\n", e.id, printable_line(&e.path)));
    let next = match (args.grade, edits.get(1)) {
        (Grade::Major | Grade::Minor, Some(case)) => format!(
            "Its owner now determines the cause (`root_cause`) and enters the actions; `smsctl audit close {}` ends it once they \
             have worked.\n",
            case.id
        ),
        (_, Some(idea)) => format!("{} waits for a decision: approved, rejected or deferred.\n", idea.id),
        _ => String::new(),
    };
    added.collect::<String>() + &next
}
