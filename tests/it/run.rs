//! Running commands in process: a small SMS on disk, a command line, what it printed.

use std::path::Path;

use clap::Parser as _;
use smsctl::cli::{self, Cli, Io};
use smsctl::report::ExitStatus;
use smsctl::source::{MemoryTree, Source as _};
use tempfile::TempDir;

use crate::common::{TODAY, bare};

/// What a command did.
pub struct Ran {
    pub status: u8,
    pub out: String,
    pub err: String,
}

/// The clock of runs within the process: the evening of [`TODAY`].
pub const NOW: i64 = 1_795_194_000;

/// Runs `smsctl ARGS` in a folder, without a terminal.
pub fn smsctl(dir: &Path, args: &[&str]) -> Ran {
    on(dir, args, None)
}

/// Runs `smsctl ARGS` at another time of the day.
pub fn at(dir: &Path, args: &[&str], now: i64) -> Ran {
    run(dir, args, None, now)
}

/// Runs `smsctl ARGS` on a terminal of a width.
pub fn on(dir: &Path, args: &[&str], terminal: Option<usize>) -> Ran {
    run(dir, args, terminal, NOW)
}

fn run(dir: &Path, args: &[&str], terminal: Option<usize>, now: i64) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = match Cli::try_parse_from(std::iter::once("smsctl").chain(args.iter().copied())) {
        Err(error) => {
            err.extend(error.to_string().bytes());
            ExitStatus::Failed
        }
        Ok(cli) => {
            let mut io = Io {
                out: &mut out,
                err: &mut err,
                out_is_terminal: terminal.is_some(),
                err_is_terminal: false,
                in_is_terminal: false,
                no_color: true,
                width: terminal.unwrap_or(80),
                today: TODAY,
                now,
                settings: None,
                home: None,
                cwd: dir.to_owned(),
            };
            let result = cli::run(&cli, &mut io);
            result.unwrap_or_else(|error| {
                err.extend(format!("{error}. {}", error.help().unwrap_or_default()).bytes());
                ExitStatus::Failed
            })
        }
    };
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { status: status.code(), out: text(out), err: text(err) }
}

/// The binary itself, with nothing of the environment.
pub fn binary(dir: &Path) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("smsctl").unwrap();
    command.env_clear().current_dir(dir);
    command
}

/// Puts an SMS on disk.
pub fn disk(tree: &MemoryTree) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in tree.entries() {
        let path = folder.path().join(&entry.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, tree.read(&entry.path, u64::MAX).unwrap()).unwrap();
    }
    folder
}

fn document(id: &str, kind: &str, title: &str, clauses: &str, rest: &str) -> String {
    format!(
        "---\nid: {id}\nkind: {kind}\ntitle: {title}\nversion: 1.2\nstatus: approved\nowner: sms-owner\n\
         approvers: [cio]\neffective_on: 2026-02-10\nreview_interval: P1Y\nclauses: [{clauses}]\n{rest}"
    )
}

/// A small SMS: one policy with two commitments, of which one leads to evidence.
pub fn small() -> MemoryTree {
    let mut tree = bare();
    let mut put = |path: &str, text: String| tree.put(path, Some(text.into_bytes()));
    let commitments = "scope_ref: CTX-01\ncommitments:\n  - {id: PC-01, element: objectives-framework}\n  \
                       - {id: PC-02, element: continual-improvement}\n---\n# Service Policy\n\n\
                       - **PC-01** We restore service in time.\n- **PC-02** We keep improving.\n";
    put("policies/policy.md", document("POL-01", "policy", "Service Policy", "5.2.1, 5.2.2", commitments));
    put("context.md", document("CTX-01", "context", "Context", "\"4.1\", \"4.3\"", "---\n# Context\n"));
    let roles = "register: roles\nentries:\n  \
                 - {id: sms-owner, title: SMS owner, function: service-management, top_management: false, scope: [sms], \
                 responsibilities: [run it], authorities: [stop it], reports_to: cio, status: active}\n  \
                 - {id: cio, title: Chief information officer, function: executive, top_management: true, scope: [sms], \
                 responsibilities: [direct it], authorities: [approve it], status: active}\n---\n# Roles\n";
    put("registers/roles.md", document("REG-ROL", "register", "Roles", "\"5.3\"", roles));
    let objectives = "register: objectives\nentries:\n  - id: OBJ-01\n    title: Restore quickly\n    \
                      statement: 95 % in time\n    category: customer-outcome\n    commitment_refs: [PC-01]\n    \
                      level: service\n    owner: sms-owner\n    metric_ref: in-time\n    control_refs: [PRO-01]\n    \
                      status: active\n---\n# Objectives\n";
    put("registers/objectives.md", document("REG-OBJ", "register", "Objectives", "6.2.1", objectives));
    let processes = "register: processes\nentries:\n  - id: PRO-01\n    name: Incident management\n    clauses: [8.6.1]\n    \
                     owner: sms-owner\n    performance_criteria: [{measure: in time, comparator: \">=\", value: 95, unit: \"%\"}]\n    \
                     operated_by: organization\n---\n# Processes\n";
    put("registers/processes.md", document("REG-PRO", "register", "Processes", "4.4", processes));
    let measurements = "register: measurements\nmetrics:\n  - id: in-time\n    title: Restored in time\n    kind: process\n    \
                        formula: in time / all\n    unit: \"%\"\n    source: tickets\n    frequency: P1M\n    owner: sms-owner\n    \
                        objective_refs: [OBJ-01]\nentries_from: measurements.csv\n---\n# Measurements\n";
    put("registers/measurements.md", document("REG-MSR", "register", "Measurements", "9.1", measurements));
    let rows = "id,metric,period,value,collected_on,evidence_ref\nMSR-1,in-time,2026-09,93,2026-10-02,report 9\n\
                MSR-2,in-time,2026-10,96,2026-11-03,report 10\n";
    put("registers/measurements.csv", rows.to_owned());
    tree
}
