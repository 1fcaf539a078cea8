//! Files that smsctl writes for the user. `init` and `new`: templates and the catalogue become files, nothing is ever
//! overwritten; `check --fix`: safe mends.

pub mod atomic;
mod blueprint;
mod control;
mod example;
mod fill;
pub mod fix;
mod index;
mod init;
mod interview;
mod naming;
mod new;
mod offers;
mod open_references;
mod places;
pub mod record;
mod release;
mod tables;
mod toolkit;
mod write;

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

pub use control::CONTROL;
pub use example::{Made as ExampleMade, make as make_example};
pub use init::{Answers, Profile, core_documents, plan as plan_init, plan_with as plan_init_with};
pub use interview::{Interview, RoleAnswer, ServiceAnswer, SupplierAnswer};
pub use naming::{folder as folder_of, is_id};
pub use new::{NewRequest, plan as plan_new};
pub use offers::{Existing, Offer, OfferKind, offers};
pub use write::{create, passable};

use crate::error::Error;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Path below the root, `/` between parts.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl NewFile {
    /// How many placeholders wait to be filled in.
    #[must_use]
    pub fn to_dos(&self) -> usize {
        self.text.matches("TODO(").count()
    }
}

/// What templates may use; a name not listed here is a defect of the template.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub(crate) struct Variables {
    pub organization: String,
    pub language: String,
    pub today: String,
    pub id: String,
    pub title: String,
    /// The title as a YAML value.
    pub title_yaml: String,
    pub owner: String,
    pub approvers: String,
    pub clauses: String,
    pub template: String,
    pub review_interval: String,
    pub scope_ref: String,
    pub policy_id: String,
    pub policy_path: String,
    pub context_path: String,
    pub roles_path: String,
    pub obligations_path: String,
    /// The whole control block.
    pub control: String,
    /// The smsctl that the workflow runs.
    pub release: String,
    /// Ids of documents that belong beside it.
    pub related: Vec<String>,
}

/// Fills in the text of a template. `links` says what `link("…")` gives.
pub(crate) fn render(
    name: &str,
    text: &str,
    variables: &Variables,
    links: BTreeMap<String, String>,
) -> Result<String, Error> {
    let defect = |why: String| Error::Defect(format!("template {name}: {why}"));
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build().map_err(|e| defect(e.to_string()))?;
    environment.set_syntax(syntax);
    environment.add_function("link", move |to: String| {
        links.get(&to).cloned().ok_or_else(|| {
            let why = format!("link(\"{to}\") names no toolkit entry and no register");
            minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, why)
        })
    });
    environment.render_str(text, Value::from(Serde(variables))).map_err(|e| defect(e.to_string()))
}

/// A text as a YAML value that every reader takes for the same text.
pub(crate) fn yaml_text(text: &str) -> String {
    let word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | ',' | '.' | '/' | '(' | ')' | '&' | '’');
    let starts_with_letter = text.chars().next().is_some_and(char::is_alphabetic);
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let plain = starts_with_letter
        && text.chars().all(word)
        && text.trim() == text
        && !reserved.iter().any(|r| text.eq_ignore_ascii_case(r));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stay_titles() {
        for title in ["Plain title", "a: b", "[x]", "yes", "it's #1", "- x", "2026-01-01", "*", "\"q\"", "é ü"] {
            let line = format!("title: {}\n", yaml_text(title));
            let node = crate::document::load_yaml(crate::source::FileId(0), &line, 0..line.len()).unwrap();
            assert_eq!(node.str("title"), Some(title));
        }
        assert_eq!(yaml_text("Service Management Policy"), "Service Management Policy");
        assert_eq!(yaml_text("no"), "'no'");
    }
}
