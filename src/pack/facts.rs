//! What a pack is made of: the SMS of one commit with everything that was judged of it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalog::{Stage, Stages};
use crate::history::Oid;
use crate::readiness::Readiness;
use crate::report::RunReport;
use crate::trust::{Approval, Judged, Record};
use crate::workspace::Workspace;

/// The commit a pack is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitFacts {
    /// Its name.
    pub oid: Oid,
    /// Its date: every time stamp of the pack.
    pub at: Timestamp,
}

/// Where the period of a pack starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// As people say it: `tag audit/2025-stage-2`, `2025-11-03`.
    pub label: String,
    /// The state then; none when the history does not reach back so far.
    pub commit: Option<Oid>,
    /// Its day.
    pub on: Date,
}

/// Everything the pages of a pack are made of.
pub struct Facts<'f> {
    /// The SMS as it may be shown: what the organization withholds stands in it as `[withheld]`.
    pub ws: &'f Workspace,
    /// What `check` says of the SMS, with waivers.
    pub report: &'f RunReport,
    /// What the history proves.
    pub record: &'f Record,
    /// How far the SMS is.
    pub readiness: &'f Readiness,
    /// The stage the pack is for.
    pub stage: &'f Stage,
    /// Stages, gates, contents.
    pub stages: &'f Stages,
    /// The day everything is judged by.
    pub today: Date,
    /// The commit.
    pub commit: CommitFacts,
    /// Start of the period; none for a first pack.
    pub since: Option<Since>,
    /// Whether names of people may leave. Otherwise people are told by their roles.
    pub names: bool,
}

impl<'f> Facts<'f> {
    /// What was judged of the history.
    #[must_use]
    pub fn judged(&self) -> Option<&'f Judged> {
        self.record.judged()
    }

    /// The title of a role; its id when the SMS has no such role.
    #[must_use]
    pub fn role(&self, id: &str) -> String {
        self.ws.entity(id).filter(|e| e.is("role")).map_or(id, |e| e.label()).to_owned()
    }

    /// Who made an approval, as it may be shown: the title of the role, with the name where names may leave.
    #[must_use]
    pub fn approver(&self, approval: &Approval) -> String {
        let statement = &approval.statement;
        let role = self.role(&statement.role);
        if !self.names {
            return role;
        }
        let policy = self.judged().map(Judged::policy);
        let name = policy.map_or(statement.signer.as_str(), |p| p.name(&statement.signer));
        format!("{name} ({role})")
    }
}

#[cfg(test)]
pub(crate) mod sample {
    use std::sync::LazyLock;

    use super::*;
    use crate::readiness::{Yardstick, assess};
    use crate::rules::{self, Ctx};
    use crate::source::WorkTree;
    use crate::trust::NotJudged;
    use crate::workspace;

    /// The sample organization with what is said of it; as files alone it has no history.
    struct Sample {
        ws: Workspace,
        report: RunReport,
        record: Record,
        readiness: Readiness,
        today: Date,
    }

    /// Read and judged once for all tests.
    static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
        let tree = WorkTree::open(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/toolkit"));
        let ws = workspace::load(&tree, &|_, _| {}).unwrap();
        let today = ws.config.today.unwrap();
        let ctx = Ctx::new(&ws, today);
        let verdict = rules::run(&ctx);
        let questions = ws.catalog.questions();
        let readiness = assess(&ctx, &verdict, Yardstick::new(&ws.catalog, &questions));
        let report = RunReport::new(&ws, verdict, ".".into(), today);
        Sample { report, record: Record::not_judged(NotJudged::HistoryNone), readiness, today, ws }
    });

    /// The facts of the sample organization.
    pub fn with<T>(stage: &str, names: bool, make: impl FnOnce(&Facts<'_>) -> T) -> T {
        let Sample { ws, report, record, readiness, today } = &*SAMPLE;
        let stages = Stages::built_in();
        let stage = stages.stages.iter().find(|s| s.id == stage).unwrap();
        let at = "2026-11-20T12:00:00Z".parse().unwrap();
        let commit = CommitFacts { oid: Oid::from_str(&"ab".repeat(20)).unwrap(), at };
        make(&Facts { ws, report, record, readiness, stage, stages, today: *today, commit, since: None, names })
    }
}
