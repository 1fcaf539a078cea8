//! The catalogue of one SMS: the built-in one with the files that `[catalog]` in smsctl.toml names.

use std::borrow::Cow;

use crate::catalog::{Catalog, KnownNames, OwnFile};
use crate::config::{Config, NamedPath};
use crate::finding::{Problem, did_you_mean};
use crate::schema::SchemaSet;
use crate::source::{
    CONFIG_FILE, EntryKind, FileId, MAX_CSV_BYTES, MAX_TEXT_BYTES, Source, SourceFile, SourceMap, Span, decode, resolve,
};

/// The standard that smsctl brings, with its edition.
const BUILT_IN: &str = "iso-20000-1:2018";

/// Reads what the SMS adds. Files that findings point into are added to `sources`.
pub(super) fn load(
    source: &dyn Source,
    config: &Config,
    schemas: &SchemaSet,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Cow<'static, Catalog> {
    problems.extend(unknown_standard(config));
    if config.catalog.is_empty() {
        return Cow::Borrowed(Catalog::get());
    }
    let mut own = OwnCatalog { source, config, sources, problems, catalog: Catalog::get().clone() };
    own.clauses();
    own.entries(&KnownNames {
        kinds: schemas.kinds().map(str::to_owned).collect(),
        registers: schemas.registers().map(str::to_owned).collect(),
    });
    own.families();
    own.templates();
    own.checklists();
    Cow::Owned(own.catalog)
}

/// `iso-22301` of `iso-22301:2019`.
fn base(standard: &str) -> &str {
    standard.split(':').next().unwrap_or(standard)
}

fn unknown_standard(config: &Config) -> Option<Problem> {
    let standard = config.standard.as_str();
    let trees = || config.catalog.clauses.iter().map(|(name, _)| name.as_str());
    if standard == BUILT_IN || trees().any(|name| name == base(standard)) {
        return None;
    }
    let near = did_you_mean(standard, trees().chain([BUILT_IN]));
    let help = format!(
        "{near} smsctl brings {BUILT_IN}; the clauses of another standard are named under `[catalog.clauses]`, such as \
         `{} = \"catalog/clauses.csv\"`.",
        base(standard)
    );
    let message = format!("the clauses of `{standard}` are not known");
    Some(Problem::new("config-invalid", config.standard_span, message).help(help.trim_start()))
}

struct OwnCatalog<'o> {
    source: &'o dyn Source,
    config: &'o Config,
    sources: &'o mut SourceMap,
    problems: &'o mut Vec<Problem>,
    catalog: Catalog,
}

impl OwnCatalog<'_> {
    fn clauses(&mut self) {
        for (standard, named) in &self.config.catalog.clauses {
            let Some(file) = self.read(named, MAX_CSV_BYTES) else { continue };
            let is_own = standard == base(&self.config.standard);
            let found = self.catalog.add_clauses(standard, is_own, file.file, &file.text);
            self.problems.extend(found);
        }
    }

    fn entries(&mut self, names: &KnownNames) {
        for named in &self.config.catalog.entries {
            let Some(file) = self.read(named, MAX_CSV_BYTES) else { continue };
            let found = self.catalog.add_entries(file.file, &file.text, names);
            self.problems.extend(found);
        }
    }

    fn families(&mut self) {
        for named in &self.config.catalog.families {
            let Some(file) = self.read(named, MAX_TEXT_BYTES) else { continue };
            let found = self.catalog.add_families(file.file, &file.text);
            self.problems.extend(found);
        }
    }

    fn checklists(&mut self) {
        for named in &self.config.catalog.checklists {
            if let Some(file) = self.read(named, MAX_CSV_BYTES) {
                self.catalog.add_checklist(file);
            }
        }
    }

    fn templates(&mut self) {
        let Some(folder) = &self.config.catalog.templates else { return };
        let Some(inside) = self.inside(folder) else { return };
        let mut found = false;
        for entry in self.source.entries().iter().filter(|e| e.kind == EntryKind::File) {
            let below = entry.path.strip_prefix(inside.as_str()).and_then(|rest| rest.strip_prefix('/'));
            let Some(name) = below.and_then(|rest| rest.strip_suffix(".md")) else { continue };
            found = true;
            if let Some(problem) = self.misplaced(name, folder.span) {
                self.problems.push(problem);
            } else if let Some(text) = self.text(&entry.path, folder.span, MAX_TEXT_BYTES) {
                // No finding points into a template, so it needs no place among the sources.
                let own = OwnFile { path: entry.path.clone(), file: FileId(0), text };
                self.catalog.add_template(name, own);
            }
        }
        if !found {
            let message = format!("the folder `{}` holds no template", folder.path);
            let help = "Put Markdown files into its folders `entries`, `kinds` or `registers`, or correct the path.";
            self.problems.push(Problem::new("config-invalid", folder.span, message).help(help));
        }
    }

    /// A template that nothing would ever use.
    fn misplaced(&self, name: &str, span: Span) -> Option<Problem> {
        let problem = |message: String, help: String| Some(Problem::new("config-invalid", span, message).help(help));
        match name.split_once('/') {
            Some(("kinds" | "registers", _)) => None,
            Some(("entries", id)) if self.catalog.entry(id).is_some() => None,
            Some(("entries", id)) => {
                let near = did_you_mean(id, self.catalog.entries().iter().map(|e| e.id.as_str()));
                let help =
                    format!("{near} Name the file like an entry of the toolkit, or add the entry under `entries`.");
                problem(
                    format!("the template `{name}.md` is for no entry of the toolkit"),
                    help.trim_start().to_owned(),
                )
            }
            _ => {
                let help = "Put it into the folder `entries`, `kinds` or `registers` below.".to_owned();
                problem(format!("the template `{name}.md` stands in a folder that is not looked at"), help)
            }
        }
    }

    fn inside(&mut self, named: &NamedPath) -> Option<String> {
        let path = resolve(CONFIG_FILE, named.path.trim_end_matches('/'));
        if path.is_none() {
            let message = format!("`{}` leaves the SMS", named.path);
            let help = "Files of the catalogue stand below the folder of smsctl.toml.";
            self.problems.push(Problem::new("config-invalid", named.span, message).help(help));
        }
        path
    }

    fn read(&mut self, named: &NamedPath, limit: u64) -> Option<OwnFile> {
        let path = self.inside(named)?;
        let text = self.text(&path, named.span, limit)?;
        let file = self.sources.add(SourceFile::new(path.clone(), text.clone()));
        Some(OwnFile { path, file, text })
    }

    fn text(&mut self, path: &str, span: Span, limit: u64) -> Option<String> {
        let read = self.source.read(path, limit).map_err(|e| e.to_string());
        let decoded = read.and_then(|bytes| decode(bytes).map_err(|(_, problem)| format!("it {}", problem.what)));
        let message = |why: &str| format!("`{path}` cannot be used: {why}");
        decoded
            .map_err(|why| {
                let help = "Correct the path, as seen from smsctl.toml, or mend the file; it is left out until then.";
                self.problems.push(Problem::new("config-invalid", span, message(&why)).help(help));
            })
            .ok()
    }
}
