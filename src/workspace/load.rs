//! Reading an SMS: list, read, parse, check schemas, index.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::{Artifact, Entity, Reference, Unread, Workspace, own_catalog};
use crate::artifact::{self, Read, Role};
use crate::catalog::Catalog;
use crate::config::{Config, UserSchema};
use crate::document::{self, Data, Document, Field, FrontMatter, Node};
use crate::error::Error;
use crate::finding::Problem;
use crate::schema::{Schema, SchemaSet, is_to_do, split_lists};
use crate::source::{
    CONFIG_FILE, Entry, EntryKind, FileId, MAX_CSV_BYTES, MAX_TEXT_BYTES, MemoryTree, Source, SourceFile, SourceMap,
    Span, decode, is_markdown, resolve,
};

/// Told after each file that was read: how many of how many.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Reads the SMS of a source.
///
/// # Errors
/// Only when smsctl.toml cannot be read; everything else is a problem in the workspace.
pub fn load(source: &dyn Source, progress: Progress<'_>) -> Result<Workspace, Error> {
    let (config, config_file, mut problems) = Config::load(source)?;
    let own = Own { schemas: user_schemas(source, &config, &mut problems), catalog: None };
    Ok(read(source, Start { config, config_file, problems }, own, progress))
}

/// The SMS as it would be with these files (path and text) added or replaced. Nothing is written; files that are not read,
/// such as pictures, are not listed.
///
/// # Errors
/// When smsctl.toml cannot be read.
pub fn preview<'f>(ws: &Workspace, files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Workspace, Error> {
    let bytes = |text: &str| Some(text.as_bytes().to_vec());
    let old = ws.sources.files().iter().map(|f| (f.path.clone(), bytes(&f.text)));
    let tree: MemoryTree = old.chain(files.into_iter().map(|(path, text)| (path.to_owned(), bytes(text)))).collect();
    let (config, config_file, problems) = Config::load(&tree)?;
    let own = Own { schemas: ws.schemas.clone(), catalog: Some(ws.catalog.clone()) };
    Ok(read(&tree, Start { config, config_file, problems }, own, &|_, _| {}))
}

/// The configuration as it was read.
struct Start {
    config: Config,
    config_file: SourceFile,
    problems: Vec<Problem>,
}

/// What an SMS brings besides documents.
struct Own {
    schemas: SchemaSet,
    /// None when it is still to be read.
    catalog: Option<Cow<'static, Catalog>>,
}

fn read(source: &dyn Source, start: Start, own: Own, progress: Progress<'_>) -> Workspace {
    let (Start { config, config_file, mut problems }, Own { schemas, catalog }) = (start, own);
    let mut sources = SourceMap::default();
    sources.add(config_file);
    let mut listing = Listing::of(source, &config, &mut problems);
    let parsed = read_markdown(source, &listing.markdown, progress);
    let mut loader = Loader {
        source,
        config: &config,
        sources,
        problems,
        documents: Vec::new(),
        unread: Vec::new(),
        phantoms: HashSet::new(),
    };
    for file in parsed {
        loader.keep(file);
    }
    loader.unread.append(&mut listing.unread);
    loader.attach_csv(&schemas);
    loader.show(&listing.paths);
    let reads = read_artifacts(&mut loader.documents, &schemas);
    let Loader { mut sources, mut problems, documents, unread, phantoms, .. } = loader;
    let catalog = catalog.unwrap_or_else(|| own_catalog::load(source, &config, &schemas, &mut sources, &mut problems));
    let (revision, dirty) = (source.revision(), source.dirty());
    let mut workspace = Workspace {
        config,
        sources,
        schemas,
        catalog,
        documents,
        artifacts: Vec::new(),
        entities: Vec::new(),
        references: Vec::new(),
        problems,
        unread,
        excluded: listing.excluded,
        paths: listing.paths,
        phantoms,
        revision,
        dirty,
        by_id: HashMap::new(),
        by_type: BTreeMap::new(),
        incoming: HashMap::new(),
        outgoing: HashMap::new(),
        by_path: HashMap::new(),
    };
    workspace.index(reads);
    workspace
}

/// What the source holds, sorted into what is read and what is not.
struct Listing {
    markdown: Vec<Entry>,
    unread: Vec<Unread>,
    excluded: Vec<String>,
    paths: BTreeSet<String>,
}

/// Files of the SMS that are no artifacts and that findings point into.
const SHOWN: [&str; 3] = ["CODEOWNERS", "trust/allowed_signers", "trust/policy.toml"];

/// Why the files below another smsctl.toml are not read.
const OWN_SMS: &str = "its folder is an SMS of its own, which is checked apart";

/// Folders (with `/` behind) below the root that are SMSs of their own: their ids are not this one's.
fn nested(source: &dyn Source) -> Vec<String> {
    let configs = source.entries().iter().filter_map(|e| e.path.strip_suffix(CONFIG_FILE));
    configs.filter(|folder| folder.ends_with('/')).map(str::to_owned).collect()
}

impl Listing {
    fn of(source: &dyn Source, config: &Config, problems: &mut Vec<Problem>) -> Self {
        let mut out = Self { markdown: Vec::new(), unread: Vec::new(), excluded: Vec::new(), paths: BTreeSet::new() };
        for (path, reason) in source.unlisted() {
            let message = format!("`{path}` cannot be listed: {reason}");
            let problem = Problem::new("unreadable-file", config.sms_span, message)
                .help("Give yourself permission to read it, or leave it out with `exclude` in smsctl.toml.");
            problems.push(problem);
        }
        let nested = nested(source);
        for entry in source.entries() {
            if config.excluded(&entry.path) {
                out.excluded.push(entry.path.clone());
                continue;
            }
            out.paths.insert(entry.path.clone());
            if let Some(folder) = nested.iter().find(|f| entry.path.starts_with(f.as_str())) {
                if entry.path.strip_prefix(folder.as_str()) == Some(CONFIG_FILE) {
                    out.skip(entry, OWN_SMS);
                }
                continue;
            }
            match entry.kind {
                EntryKind::File if config.catalog.is_template(&entry.path) => {}
                EntryKind::File if is_markdown(&entry.path) => out.markdown.push(entry.clone()),
                EntryKind::Link if may_hold_artifacts(&entry.path, config) => {
                    out.skip(entry, "it is a symbolic link, and links are not followed");
                }
                EntryKind::Other if may_hold_artifacts(&entry.path, config) => {
                    out.skip(entry, "it is no regular file and no folder of this repository");
                }
                _ => {}
            }
        }
        out
    }

    fn skip(&mut self, entry: &Entry, why: &'static str) {
        self.unread.push(Unread { path: entry.path.clone(), span: None, why });
    }
}

/// A name without an ending may be a folder: a link to one or a submodule hides everything in it.
fn may_hold_artifacts(path: &str, config: &Config) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    is_markdown(path) || (!name.contains('.') && !config.is_page(path))
}

enum Parsed {
    File { file: SourceFile, document: Document, problems: Vec<Problem> },
    Unreadable { file: SourceFile, problem: Problem, ids: Vec<String> },
}

/// Files get the ids 1, 2, … in the order of the listing; 0 is smsctl.toml.
fn read_markdown(source: &dyn Source, entries: &[Entry], progress: Progress<'_>) -> Vec<Parsed> {
    let done = std::sync::atomic::AtomicUsize::new(0);
    let read = |(index, entry): (usize, &Entry)| {
        let file = FileId(u32::try_from(index + 1).unwrap_or(u32::MAX));
        let parsed = parse(source, entry, file);
        progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, entries.len());
        parsed
    };
    entries.par_iter().enumerate().map(read).collect()
}

fn parse(source: &dyn Source, entry: &Entry, file: FileId) -> Parsed {
    match read_text(source, &entry.path, file, MAX_TEXT_BYTES) {
        Ok(text) => {
            let (document, problems) = document::parse(file, &text);
            Parsed::File { file: SourceFile::new(entry.path.clone(), text), document, problems }
        }
        Err((kept, problem)) => {
            let ids = document::salvage(&source.read(&entry.path, MAX_TEXT_BYTES).unwrap_or_default());
            Parsed::Unreadable { file: SourceFile::new(entry.path.clone(), kept), problem: *problem, ids }
        }
    }
}

fn read_text(source: &dyn Source, path: &str, file: FileId, limit: u64) -> Result<String, (String, Box<Problem>)> {
    let bytes = source.read(path, limit).map_err(|error| {
        let problem =
            Problem::new("unreadable-file", Span::start_of(file), format!("the file cannot be read: {error}"))
                .help("Mend the file, split it, or leave it out with `exclude` in smsctl.toml.");
        (String::new(), Box::new(problem))
    })?;
    decode(bytes).map_err(|(kept, problem)| {
        let span = Span::new(file, problem.offset, problem.offset);
        let message = format!("the file {}", problem.what);
        (kept, Box::new(Problem::new("not-utf8", span, message).help(problem.help)))
    })
}

struct Loader<'l> {
    source: &'l dyn Source,
    config: &'l Config,
    sources: SourceMap,
    problems: Vec<Problem>,
    documents: Vec<Document>,
    unread: Vec<Unread>,
    phantoms: HashSet<String>,
}

impl Loader<'_> {
    fn keep(&mut self, parsed: Parsed) {
        match parsed {
            Parsed::Unreadable { file, problem, ids } => {
                self.phantoms.extend(ids);
                self.problems.push(problem);
                self.sources.add(file);
            }
            Parsed::File { file, document, problems } => {
                self.judge(&file.path, &document, problems);
                self.sources.add(file);
                self.documents.push(document);
            }
        }
    }

    /// Front matter of another tool is that tool's business; only its being unread is said.
    fn judge(&mut self, path: &str, document: &Document, problems: Vec<Problem>) {
        let span = Some(Span::start_of(document.file));
        let mut unread = |why| self.unread.push(Unread { path: path.to_owned(), span, why });
        match (artifact::role(document), &document.front) {
            (Role::Artifact | Role::Broken, _) => self.problems.extend(problems),
            _ if self.config.is_page(path) => {}
            (Role::Page, FrontMatter::Absent) if problems.is_empty() => unread("it has no front matter"),
            // Another tool may read what is YAML all the same.
            (Role::Page, FrontMatter::Broken { .. }) if problems.iter().all(|p| p.rule == "yaml-unsupported") => {
                unread("its front matter uses YAML that smsctl does not read, and names no id and no kind");
            }
            // What nobody can read may be anything, also a controlled document.
            (Role::Page, FrontMatter::Absent | FrontMatter::Broken { .. }) => self.problems.extend(problems),
            (Role::Page, FrontMatter::Present { .. }) => unread("its front matter names no kind"),
        }
    }

    /// Puts the rows of `entries_from` in the place of `entries`.
    fn attach_csv(&mut self, schemas: &SchemaSet) {
        let mut documents = std::mem::take(&mut self.documents);
        for document in &mut documents {
            let FrontMatter::Present { node, .. } = &mut document.front else {
                continue;
            };
            // Any other name is refused by the schema, at its place.
            let csv = |n: &&str| !is_to_do(n) && n.to_ascii_lowercase().ends_with(".csv");
            let Some(name) = node.str("entries_from").filter(csv).map(str::to_owned) else {
                continue;
            };
            let span = node.span_of("entries_from");
            let from = self.sources.file(document.file).path.clone();
            let path = resolve(&from, &name).filter(|p| self.source.entries().iter().any(|e| e.path == *p));
            let Some(path) = path else {
                let message = format!("`{name}` does not exist beside this file");
                let problem = Problem::new("csv-malformed", span, message)
                    .help("Name the CSV file as seen from this document, such as `measurements.csv`.");
                self.problems.push(problem);
                continue;
            };
            if node.field("entries").is_some() {
                let message = "the register has both `entries` and `entries_from`";
                let problem = Problem::new("csv-malformed", span, message).help("Keep one of the two.");
                self.problems.push(problem);
                continue;
            }
            let shape = node.str("register").and_then(|r| schemas.entry(r)).map(|s| &s.shape);
            let rows = self.csv_rows(path, shape);
            if let Data::Map(fields) = &mut node.data {
                let value = Node { span, data: Data::List(rows) };
                fields.push(Field { key: "entries".into(), key_span: span, value });
            }
        }
        self.documents = documents;
    }

    /// Keeps the texts that findings about approvals point into; what cannot be read is found by the trust evaluation.
    fn show(&mut self, paths: &BTreeSet<String>) {
        for path in SHOWN.into_iter().filter(|path| paths.contains(*path)) {
            if let Some(text) = self.source.read(path, MAX_TEXT_BYTES).ok().and_then(|bytes| decode(bytes).ok()) {
                self.sources.add(SourceFile::new(path.to_owned(), text));
            }
        }
    }

    fn csv_rows(&mut self, path: String, shape: Option<&crate::schema::Shape>) -> Vec<Node> {
        let file = self.sources.next_id();
        match read_text(self.source, &path, file, MAX_CSV_BYTES) {
            Ok(text) => {
                let (mut table, problems) = document::load_csv(file, &text);
                self.problems.extend(problems);
                self.sources.add(SourceFile::new(path, text));
                if let Some(shape) = shape {
                    table.rows.iter_mut().for_each(|row| split_lists(row, shape));
                }
                table.rows
            }
            Err((kept, problem)) => {
                self.problems.push(*problem);
                self.sources.add(SourceFile::new(path, kept));
                Vec::new()
            }
        }
    }
}

fn user_schemas(source: &dyn Source, config: &Config, problems: &mut Vec<Problem>) -> SchemaSet {
    let mut set = SchemaSet::default();
    for user in &config.kinds {
        match user_schema(source, user) {
            Ok(schema) => set.add_kind(&user.name, schema),
            Err(reason) => {
                set.set_aside("kind", &user.name);
                problems.push(bad_schema(user, &reason));
            }
        }
    }
    for user in &config.registers {
        let added = user_schema(source, user).and_then(|schema| set.add_register(&user.name, schema));
        if let Err(reason) = added {
            set.set_aside("register", &user.name);
            problems.push(bad_schema(user, &reason));
        }
    }
    set
}

fn user_schema(source: &dyn Source, user: &UserSchema) -> Result<Schema, String> {
    let path = resolve(CONFIG_FILE, &user.path).ok_or("its path leaves the SMS")?;
    let bytes = source.read(&path, MAX_TEXT_BYTES).map_err(|e| format!("it cannot be read: {e}"))?;
    let text = decode(bytes).map_err(|(_, problem)| format!("the file {}", problem.what))?;
    Schema::parse(&text)
}

fn bad_schema(user: &UserSchema, reason: &str) -> Problem {
    Problem::new("config-invalid", user.span, format!("the schema of `{}` cannot be used: {reason}", user.name))
        .help("Documents of this kind are not checked until its schema is a valid JSON Schema 2020-12.")
}

fn read_artifacts(documents: &mut [Document], schemas: &SchemaSet) -> Vec<(usize, Read)> {
    let read = |(index, document): (usize, &mut Document)| {
        if artifact::role(document) != Role::Artifact {
            return None;
        }
        let FrontMatter::Present { node, .. } = &mut document.front else {
            return None;
        };
        Some((index, artifact::read(node, schemas)))
    };
    documents.par_iter_mut().enumerate().filter_map(read).collect()
}

impl Workspace {
    fn index(&mut self, reads: Vec<(usize, Read)>) {
        for (ix, document) in self.documents.iter().enumerate() {
            self.by_path.insert(self.sources.file(document.file).path.clone(), ix);
            if let FrontMatter::Broken { ids, .. } = &document.front {
                self.phantoms.extend(ids.iter().cloned());
            }
        }
        for (document, read) in reads {
            self.add(document, read);
        }
        for (ix, entity) in self.entities.iter().enumerate() {
            self.by_id.entry(entity.id.clone()).or_insert(ix);
            for kind in &entity.types {
                self.by_type.entry(kind.clone()).or_default().push(ix);
            }
        }
        for (ix, reference) in self.references.iter_mut().enumerate() {
            reference.target = self.by_id.get(&reference.to).copied();
            self.outgoing.entry(reference.from).or_default().push(ix);
            if let Some(target) = reference.target {
                self.incoming.entry(target).or_default().push(ix);
            }
        }
    }

    fn add(&mut self, document: usize, read: Read) {
        let (artifact, first) = (self.artifacts.len(), self.entities.len());
        let own = read.entities.first().filter(|e| e.types.iter().any(|t| &**t == "artifact"));
        let node = self.documents.get(document).and_then(|d| d.front.node());
        let clauses = node.map(|n| n.texts("clauses").map(|(t, _)| t.to_owned()).collect()).unwrap_or_default();
        self.artifacts.push(Artifact {
            document,
            kind: read.kind,
            register: read.register,
            entity: own.map(|_| first),
            clauses,
        });
        self.problems.extend(read.problems);
        self.phantoms.extend(read.hidden);
        self.entities.extend(read.entities.into_iter().map(|e| Entity {
            id: e.id,
            span: e.span,
            types: e.types,
            artifact,
            path: e.path,
            prefixes: e.prefixes,
            retired: e.retired,
        }));
        let known = self.entities.len();
        // An artifact without an id has no entity its own references could start from.
        let from_known = read.references.into_iter().filter(|r| first + r.from < known);
        self.references.extend(from_known.map(|r| Reference {
            from: first + r.from,
            field: r.field,
            to: r.to,
            span: r.span,
            accepts: r.accepts,
            acyclic: r.acyclic,
            target: None,
        }));
    }
}
