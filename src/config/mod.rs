//! smsctl.toml: what the SMS is called, which files belong to it, how strictly it is checked.
//!
//! The file belongs to the inspected repository, so it is untrusted: it can name things and set severities, never run a
//! program, reach the network or read outside the root.

mod catalog;

pub use catalog::{CatalogFiles, NamedPath};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jiff::civil::Date;

use crate::document::{Node, load_toml};
use crate::error::Error;
use crate::finding::{Problem, Severity};
use crate::schema;
use crate::source::{CONFIG_FILE, FileId, MAX_TEXT_BYTES, Source, SourceFile, Span, decode};

/// Markdown files that are pages for people rather than controlled documents, wherever they stand.
const USUAL_PAGES: [&str; 10] = [
    "README*",
    "index.md",
    "CHANGELOG*",
    "CONTRIBUTING*",
    "LICENSE*",
    "LICENCE*",
    "SECURITY*",
    "CODE_OF_CONDUCT*",
    "NOTICE*",
    "AUTHORS*",
];

/// The configuration of one SMS.
#[derive(Debug)]
pub struct Config {
    /// The file itself; what is said of the SMS as a whole points here.
    pub file: FileId,
    /// Where `[sms]` stands.
    pub sms_span: Span,
    /// Name of the organization.
    pub organization: String,
    /// The standard, `iso-20000-1:2018`.
    pub standard: String,
    /// Language of the texts.
    pub language: String,
    /// Findings of this severity or above fail the check.
    pub fail_on: Severity,
    /// The day dates are judged by, when the SMS is a snapshot.
    pub today: Option<Date>,
    /// `[trust] history = "none"`: a copy without history of its own, such as a sample; approvals are not evaluated.
    pub history_none: bool,
    /// What may leave in an audit pack.
    pub pack: PackSettings,
    /// First day of the programme.
    pub started_on: Option<Date>,
    /// Settings of rules by name.
    pub rules: Vec<RuleSetting>,
    /// Word lists by language.
    pub words: Node,
    /// Kinds of the user: name and path of the schema with its place.
    pub kinds: Vec<UserSchema>,
    /// Registers of the user.
    pub registers: Vec<UserSchema>,
    /// What is added to the catalogue.
    pub catalog: CatalogFiles,
    /// Where the standard stands.
    pub standard_span: Span,
    /// Waivers.
    pub waivers: Vec<ConfigWaiver>,
    exclude: GlobSet,
    pages: GlobSet,
    usual_pages: GlobSet,
}

/// `[pack]`: what may leave in an audit pack. Without it people are told by their roles, and restricted documents stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackSettings {
    /// Names of people and what else is personal may leave.
    pub names: bool,
    /// What `names` says when it is neither `roles` nor `full`.
    pub names_unknown: Option<String>,
    /// Classifications of documents that stay.
    pub withhold: Vec<String>,
}

/// What a document may be classified as.
pub const CLASSIFICATIONS: [&str; 4] = ["public", "internal", "confidential", "restricted"];

impl Default for PackSettings {
    fn default() -> Self {
        Self { names: false, names_unknown: None, withhold: vec!["restricted".into()] }
    }
}

impl PackSettings {
    /// The classification for which the text of a document stays. One that smsctl does not know stays with any other: nobody can
    /// say that it may leave.
    #[must_use]
    pub fn stays(&self, front: &Node) -> Option<String> {
        let node = front.get("classification")?;
        let level =
            node.as_str().map_or_else(|| "in a way that cannot be read".to_owned(), |l| l.trim().to_lowercase());
        let unknown = !self.withhold.is_empty() && !CLASSIFICATIONS.contains(&level.as_str());
        (unknown || self.withhold.contains(&level)).then_some(level)
    }

    fn read(section: &Node) -> Self {
        let names = section.str("names");
        let names_unknown = names.filter(|n| !["full", "roles"].contains(n)).map(str::to_owned);
        let withhold = section.texts("withhold").map(|(text, _)| text.to_owned()).collect();
        let default = Self::default();
        let withhold = if section.field("withhold").is_some() { withhold } else { default.withhold };
        Self { names: names == Some("full"), names_unknown, withhold }
    }
}

/// What the configuration says of a rule.
#[derive(Clone, Debug)]
pub struct RuleSetting {
    /// The rule.
    pub rule: String,
    /// Where its name stands.
    pub span: Span,
    /// Its severity; `Some(None)` is off.
    pub severity: Option<Option<Severity>>,
    /// The table with its options.
    pub options: Node,
}

/// A schema in the repository.
#[derive(Clone, Debug)]
pub struct UserSchema {
    /// Name of the kind or register.
    pub name: String,
    /// Path below the root.
    pub path: String,
    /// Where the path stands in smsctl.toml.
    pub span: Span,
}

/// A `[[waivers]]` entry.
#[derive(Clone, Debug)]
pub struct ConfigWaiver {
    /// The rule it waives.
    pub rule: String,
    /// The entity, path or nothing for every finding of the rule.
    pub subject: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Why.
    pub reason: String,
    /// Last day it holds.
    pub expires: Option<Date>,
    /// Where it stands.
    pub span: Span,
}

impl Config {
    /// Reads smsctl.toml. It always gets file id 0.
    ///
    /// # Errors
    /// When the file is missing, no text, or no TOML: then nothing can be checked.
    pub fn load(source: &dyn Source) -> Result<(Self, SourceFile, Vec<Problem>), Error> {
        let bytes = source.read(CONFIG_FILE, MAX_TEXT_BYTES).map_err(|e| at(1, 1, format!("cannot be read: {e}")))?;
        let text = decode(bytes).map_err(|(kept, problem)| {
            let file = SourceFile::new(CONFIG_FILE.into(), kept);
            let place = file.position(problem.offset);
            at(place.line, place.column, format!("the file {}", problem.what))
        })?;
        let file = SourceFile::new(CONFIG_FILE.into(), text);
        let node = load_toml(FileId(0), &file.text).map_err(|(span, message)| {
            let place = file.position(span.start as usize);
            at(place.line, place.column, message)
        })?;
        let mut problems = check(&node);
        let config = Self::read(&node, &mut problems);
        Ok((config, file, problems))
    }

    fn read(node: &Node, problems: &mut Vec<Problem>) -> Self {
        let empty = Node::null(Span::start_of(FileId(0)));
        let section = |name: &str| node.get(name).unwrap_or(&empty);
        let (sms, check) = (section("sms"), section("check"));
        Self {
            file: FileId(0),
            sms_span: node.field("sms").map_or(Span::start_of(FileId(0)), |f| f.key_span),
            organization: sms.str("organization").unwrap_or_default().to_owned(),
            standard: sms.str("standard").unwrap_or("iso-20000-1:2018").to_owned(),
            language: sms.str("language").unwrap_or("en").to_owned(),
            fail_on: check.str("fail-on").and_then(severity).unwrap_or(Severity::Error),
            today: check.date("today"),
            history_none: section("trust").str("history") == Some("none"),
            pack: PackSettings::read(section("pack")),
            started_on: section("programme").date("started_on"),
            rules: section("rules").fields().iter().map(rule_setting).collect(),
            words: section("words").clone(),
            kinds: schemas(section("kinds")),
            registers: schemas(section("registers")),
            catalog: CatalogFiles::read(section("catalog")),
            standard_span: sms.span_of("standard"),
            waivers: node.list("waivers").iter().map(waiver).collect(),
            exclude: globs(sms, "exclude", problems),
            pages: globs(sms, "pages", problems),
            usual_pages: usual_pages(),
        }
    }

    /// Whether a path is left out by `exclude`.
    #[must_use]
    pub fn excluded(&self, path: &str) -> bool {
        self.exclude.is_match(path)
    }

    /// Whether a Markdown file is a page on purpose and no controlled document.
    #[must_use]
    pub fn is_page(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.pages.is_match(path) || self.usual_pages.is_match(name)
    }

    /// The setting of a rule.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&RuleSetting> {
        self.rules.iter().find(|r| r.rule == name)
    }
}

fn at(line: usize, column: usize, message: String) -> Error {
    Error::Config { path: CONFIG_FILE.into(), line, column, message }
}

/// Violations of the configuration's schema, under the names of the configuration rules.
fn check(node: &Node) -> Vec<Problem> {
    let Some(schema) = schema::embedded("config.schema.json") else {
        return Vec::new();
    };
    let mut problems = schema.check(node);
    for problem in &mut problems {
        problem.rule = if problem.rule == "field-unknown" { "config-unknown-name" } else { "config-invalid" };
    }
    problems
}

/// `error`, `warning` or `note`.
#[must_use]
pub fn severity(word: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Note].into_iter().find(|s| s.as_str() == word)
}

fn rule_setting(field: &crate::document::Field) -> RuleSetting {
    let word = field.value.as_str().or_else(|| field.value.str("severity"));
    let severity = word.and_then(|w| if w == "off" { Some(None) } else { severity(w).map(Some) });
    RuleSetting { rule: field.key.to_string(), span: field.key_span, severity, options: field.value.clone() }
}

fn schemas(section: &Node) -> Vec<UserSchema> {
    let named = section.fields().iter().filter_map(|f| Some((f, f.value.str("schema")?)));
    named
        .map(|(f, path)| UserSchema { name: f.key.to_string(), path: path.to_owned(), span: f.value.span_of("schema") })
        .collect()
}

fn waiver(node: &Node) -> ConfigWaiver {
    ConfigWaiver {
        rule: node.str("rule").unwrap_or_default().to_owned(),
        subject: node.str("subject").map(str::to_owned),
        owner: node.str("owner").map(str::to_owned),
        reason: node.str("reason").unwrap_or_default().to_owned(),
        expires: node.date("expires"),
        span: node.span_of("rule"),
    }
}

fn globs(section: &Node, key: &str, problems: &mut Vec<Problem>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for (pattern, span) in section.texts(key) {
        match GlobBuilder::new(pattern).literal_separator(true).build() {
            Ok(glob) => {
                builder.add(glob);
            }
            Err(error) => problems.push(
                Problem::new("config-invalid", span, format!("`{pattern}` is no path pattern: {}", error.kind()))
                    .help("Use `*` for any name in one folder and `**` for any folders, such as `drafts/**`."),
            ),
        }
    }
    builder.build().unwrap_or_default()
}

fn usual_pages() -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for pattern in USUAL_PAGES {
        if let Ok(glob) = GlobBuilder::new(pattern).case_insensitive(true).build() {
            builder.add(glob);
        }
    }
    builder.build().unwrap_or_default()
}
