//! What a pack says of itself, for programs: the file `pack.json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Its name in the pack.
pub const INDEX: &str = "pack.json";
/// Its schema.
pub const SCHEMA: &str = "smsctl-pack/1";

/// What a pack says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Version of smsctl that made it.
    pub tool: String,
    /// Name of the organization.
    pub organization: String,
    /// The standard.
    pub standard: String,
    /// The stage.
    pub stage: String,
    /// The commit everything was read from.
    pub commit: String,
    /// Its date.
    pub committed_at: String,
    /// The day everything was judged by.
    pub today: String,
    /// First day of the period; null for a first pack.
    pub since: Option<String>,
    /// What the period starts with, as people say it; null for a first pack.
    #[serde(default)]
    pub since_label: Option<String>,
    /// The commit of that day; null when the history does not reach back so far.
    #[serde(default)]
    pub since_commit: Option<String>,
    /// Folder of the SMS in its repository; empty at the top.
    pub prefix: String,
    /// Trust root; empty when nothing was judged.
    pub root: String,
    /// Approvals that count.
    pub approvals: usize,
    /// The key that signs the manifest; null when nothing does.
    pub signed_with: Option<String>,
    /// Whether names of people may be in it.
    pub names: bool,
    /// What the stage asks for and is missing.
    pub gaps: Vec<String>,
    /// All documents of the SMS, by path.
    pub documents: Vec<Shown>,
    /// What was left out.
    pub withheld: Vec<LeftOut>,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: String,
    /// Path in the SMS.
    pub path: String,
    /// Path of its source in the pack; empty when its text is not in it.
    pub file: String,
    /// Version.
    pub version: String,
    /// Status as written.
    pub status: String,
    /// What the history says of its text: `approved`, `not-required`, `pending`, … ; empty when nothing was judged.
    pub verdict: String,
    /// Digest of the text of the commit.
    pub digest: String,
    /// How many places of it are withheld.
    pub withheld: usize,
    /// How this stage shows it: `full`, `changed`, `summary`, `none`.
    pub share: String,
}

/// Something that was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Path of the document in the SMS.
    pub path: String,
    /// Its id.
    pub id: String,
    /// The field; empty for running text or all of it.
    pub field: String,
    /// Why.
    pub why: String,
    /// In how many places.
    pub places: usize,
}

impl Index {
    /// Reads it; none when it is not one of this version.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|index| index.schema == SCHEMA)
    }

    /// Its text.
    #[must_use]
    pub fn render(&self) -> String {
        serde_json::to_value(self).map_or_else(|_| String::new(), |value| crate::report::safe_json(&value))
    }

    /// What identifies the pack.
    #[must_use]
    pub fn about(&self) -> Value {
        serde_json::json!({
            "organization": self.organization, "standard": self.standard, "stage": self.stage, "commit": self.commit,
            "today": self.today, "since": self.since, "root": self.root, "tool": self.tool, "signed_with": self.signed_with,
        })
    }
}
