//! The way to a certificate: stages, gates, dates that must be kept, and what an audit pack holds.

use std::sync::LazyLock;

use crate::document::{Node, load_toml};
use crate::source::FileId;

/// A stage of certification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// `stage-1`.
    pub id: String,
    /// Its usual name.
    pub title: String,
    /// Its name among certification bodies.
    pub formal_name: String,
    /// Part of every certification.
    pub required: bool,
    /// What it is for.
    pub purpose: String,
    /// What you bring.
    pub inputs: Vec<String>,
    /// What comes out.
    pub outputs: Vec<String>,
}

/// When an SMS is ready for a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Id of the stage.
    pub id: String,
    /// `Ready for stage 1`.
    pub title: String,
    /// When it passes, in words.
    pub passes_when: String,
    /// All must hold.
    pub conditions: Vec<GateCondition>,
}

/// A condition of a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateCondition {
    /// Short name, unique within its gate.
    pub id: String,
    /// What must hold, in words.
    pub text: String,
    /// Needs that decide it, in the language of `readiness::Need`.
    pub needs: Vec<String>,
}

/// A date of the certification cycle that must be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// `T-03`.
    pub id: String,
    /// Short name.
    pub title: String,
    /// The rule in words.
    pub rule: String,
    /// What it rests on; says so when it is practice rather than text.
    pub basis: String,
    /// What to look at.
    pub check: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
}

/// How an audit pack shows something at a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// In full.
    Full,
    /// As a summary.
    Summary,
    /// What changed since the last audit.
    Delta,
    /// Not.
    Nothing,
}

/// A row of the contents of an audit pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackContent {
    /// What it is.
    pub content: String,
    /// What must be there: each of them, by one of its selectors.
    pub needs: Vec<Vec<Selector>>,
    /// What belongs to it when it is there.
    pub also: Vec<Selector>,
    /// The section of the pack that shows it computed.
    pub section: Option<String>,
    /// Stage and how it is shown there, in the order of the stages.
    pub shares: Vec<(String, Share)>,
}

/// Picks documents of an SMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Documents grown from an entry of the toolkit: `entry:risk-treatment-plan`.
    Entry(String),
    /// A register and what belongs to it: `register:risks`; with `?` it may be empty.
    Register {
        /// Its name.
        name: String,
        /// It counts without entries too.
        may_be_empty: bool,
    },
    /// Documents of a kind: `kind:policy`, of a clause or one below it: `kind:policy@8.5`.
    Kind {
        /// The kind.
        kind: String,
        /// The clause.
        clause: Option<String>,
    },
}

impl Selector {
    /// Reads a selector; none when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (what, name) = text.trim().split_once(':').filter(|(_, name)| !name.is_empty())?;
        match what {
            "entry" => Some(Self::Entry(name.to_owned())),
            "register" => {
                let plain = name.strip_suffix('?');
                Some(Self::Register { name: plain.unwrap_or(name).to_owned(), may_be_empty: plain.is_some() })
            }
            "kind" => {
                let (kind, clause) = name.split_once('@').map_or((name, None), |(k, c)| (k, Some(c.to_owned())));
                Some(Self::Kind { kind: kind.to_owned(), clause })
            }
            _ => None,
        }
    }
}

/// Everything known about certification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stages {
    /// Stages in their order.
    pub stages: Vec<Stage>,
    /// Gates in their order.
    pub gates: Vec<Gate>,
    /// Dates that must be kept.
    pub timing: Vec<Timing>,
    /// What audit packs hold.
    pub contents: Vec<PackContent>,
}

impl Stages {
    /// Reads the tables `[[stages]]`, `[[gates]]`, `[[timing]]` and `[[contents]]`.
    ///
    /// # Errors
    /// The text is no TOML; a sentence for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let node = load_toml(FileId(0), text).map_err(|(_, message)| message)?;
        Ok(Self {
            stages: node.list("stages").iter().map(stage).collect(),
            gates: node.list("gates").iter().map(gate).collect(),
            timing: node.list("timing").iter().map(timing).collect(),
            contents: node.list("contents").iter().map(content).collect(),
        })
    }

    /// The stages, gates and dates smsctl brings.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static ALL: LazyLock<Stages> =
            LazyLock::new(|| Stages::parse(include_str!("data/stages.toml")).unwrap_or_default());
        &ALL
    }

    /// A gate by its id.
    #[must_use]
    pub fn gate(&self, id: &str) -> Option<&Gate> {
        self.gates.iter().find(|g| g.id == id)
    }
}

fn text(node: &Node, field: &str) -> String {
    node.str(field).unwrap_or_default().to_owned()
}

fn texts(node: &Node, field: &str) -> Vec<String> {
    node.texts(field).map(|(t, _)| t.to_owned()).collect()
}

fn stage(node: &Node) -> Stage {
    Stage {
        id: text(node, "id"),
        title: text(node, "title"),
        formal_name: text(node, "formal_name"),
        required: node.bool("required") == Some(true),
        purpose: text(node, "purpose"),
        inputs: texts(node, "inputs"),
        outputs: texts(node, "outputs"),
    }
}

fn gate(node: &Node) -> Gate {
    let condition = |c: &Node| GateCondition { id: text(c, "id"), text: text(c, "text"), needs: texts(c, "needs") };
    Gate {
        id: text(node, "id"),
        title: text(node, "title"),
        passes_when: text(node, "passes_when"),
        conditions: node.list("conditions").iter().map(condition).collect(),
    }
}

fn timing(node: &Node) -> Timing {
    Timing {
        id: text(node, "id"),
        title: text(node, "title"),
        rule: text(node, "rule"),
        basis: text(node, "basis"),
        check: text(node, "check"),
        severity: text(node, "severity"),
    }
}

fn content(node: &Node) -> PackContent {
    let share = |field: &crate::document::Field| {
        let share = match field.value.as_str()? {
            "R" => Share::Full,
            "S" => Share::Summary,
            "D" => Share::Delta,
            "-" => Share::Nothing,
            _ => return None,
        };
        Some((field.key.to_string(), share))
    };
    let selectors = |line: &str| line.split('|').filter_map(Selector::parse).collect::<Vec<_>>();
    PackContent {
        content: text(node, "content"),
        needs: texts(node, "needs").iter().map(|line| selectors(line)).collect(),
        also: texts(node, "also").iter().filter_map(|s| Selector::parse(s)).collect(),
        section: node.str("section").map(str::to_owned),
        shares: node.fields().iter().filter_map(share).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tables_are_there() {
        let all = Stages::built_in();
        let ids = |list: &[Gate]| list.iter().map(|g| g.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&all.gates), ["application", "stage-1", "stage-2", "surveillance", "recertification"]);
        assert_eq!((all.stages.len(), all.timing.len(), all.contents.len()), (8, 12, 28));
        assert!(all.gates.iter().all(|g| all.stages.iter().any(|s| s.id == g.id)));
        assert!(all.gates.iter().flat_map(|g| &g.conditions).all(|c| !c.needs.is_empty() && !c.text.is_empty()));
        assert!(all.stages.iter().all(|s| !s.inputs.is_empty() && !s.outputs.is_empty() && !s.purpose.is_empty()));
        assert!(all.timing.iter().all(|t| ["error", "warning", "note"].contains(&t.severity.as_str())));
    }

    #[test]
    fn each_content_says_how_every_stage_shows_it() {
        for row in &Stages::built_in().contents {
            let stages: Vec<&str> = row.shares.iter().map(|(s, _)| s.as_str()).collect();
            assert_eq!(
                stages,
                ["pre-audit", "stage-1", "stage-2", "surveillance", "recertification"],
                "{}",
                row.content
            );
        }
    }

    #[test]
    fn contents_name_entries_registers_and_clauses_that_exist() {
        use crate::catalog::Catalog;
        let catalog = Catalog::get();
        let text = include_str!("data/stages.toml");
        let rows = &Stages::built_in().contents;
        let all: Vec<&Selector> = rows.iter().flat_map(|row| row.needs.iter().flatten().chain(&row.also)).collect();
        // Every selector that is written was understood.
        assert_eq!(
            all.len(),
            text.matches("\"entry:").count()
                + text.matches("|entry:").count()
                + text.matches("\"register:").count()
                + text.matches("\"kind:").count()
                + text.matches("|kind:").count()
        );
        for selector in all {
            let known = match selector {
                Selector::Entry(name) => catalog.entry(name).is_some(),
                Selector::Register { name, .. } => std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join(format!("schemas/registers/{name}.schema.json"))
                    .is_file(),
                Selector::Kind { clause, .. } => clause.as_ref().is_none_or(|c| catalog.clause(c).is_some()),
            };
            assert!(known, "{selector:?}");
        }
    }

    #[test]
    fn a_table_of_ones_own_may_be_broken() {
        assert!(Stages::parse("[[stages").is_err());
        assert_eq!(Stages::parse("other = 1"), Ok(Stages::default()));
    }
}
