//! `smsctl trust`.

mod args;
mod people;
mod root;
mod show;
mod signing;

use std::rc::Rc;

use jiff::Timestamp;

use crate::approve::Tools;
use crate::approve::draft::Ground;
use crate::cli::sms::{self, Sms};
use crate::cli::{Global, Io};
use crate::error::Error;
use crate::history::Repository;
use crate::report::ExitStatus;
use crate::trust::Record;
use crate::workspace::Workspace;

pub use args::*;
use people::{add_key, add_person, assign, revoke};
use root::{agreed, fingerprint, init, known_role, pin};
use show::{check, show};
use signing::{finish, sign, start};

/// What every subcommand works with.
struct Here {
    sms: Sms,
    ws: Workspace,
    repo: Rc<Repository>,
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
