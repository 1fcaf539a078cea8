//! Builds a pack: from a commit and what was judged of it to the set of files.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::prelude::*;

use super::closed::Closed;
use super::contents::Contents;
use super::disclosure::Disclosure;
use super::evidence::{self, Evidence, Scope};
use super::facts::{CommitFacts, Facts, Since};
use super::guide::{self, Sealed};
use super::index::{INDEX, Index, LeftOut, SCHEMA, Shown};
use super::oscal::{self, Oscal};
use super::{Book, Files, Sheet, Table, about, beside, csv, html, names, pdf, said, sections, sheets};
use crate::catalog::{Share, Stage, Stages};
use crate::config::{CLASSIFICATIONS, PackSettings};
use crate::error::Error;
use crate::history::Oid;
use crate::history::Repository;
use crate::readiness::{self, Readiness, Yardstick};
use crate::report::approval::standings;
use crate::report::{self, RunReport};
use crate::rules::{self, CodeOwners, Ctx};
use crate::source::Source;
use crate::trust::Record;
use crate::workspace::{self, Workspace};

/// The SMS of a commit, its history evaluated.
pub struct Origin<'o> {
    /// The SMS.
    pub ws: &'o Workspace,
    /// The files of the commit.
    pub source: &'o dyn Source,
    /// The repository.
    pub repository: &'o Repository,
    /// What the history proves.
    pub record: &'o Record,
    /// Who must review changes, when a file says so.
    pub code_owners: Option<CodeOwners>,
    /// The commit.
    pub commit: CommitFacts,
}

/// CODEOWNERS as it stands in a commit.
///
/// # Errors
/// When it is there and cannot be read: it would look as if nobody had to review.
pub fn code_owners(repository: &Repository, commit: Oid) -> Result<Option<CodeOwners>, Error> {
    for place in CodeOwners::PLACES {
        let found = repository.file_at_top(commit, place);
        let Some(bytes) = found.map_err(|error| unreadable(place, &error.to_string()))? else { continue };
        let text = crate::source::decode(bytes).map_err(|_| unreadable(place, "it is no text in UTF-8"))?;
        return Ok(Some(CodeOwners::at(place, text, repository.prefix())));
    }
    Ok(None)
}

/// Why it is not known who must review a change.
pub(crate) fn unreadable(place: &str, why: &str) -> Error {
    let message = format!("`{place}` cannot be read, so it is not known who must review a change: {why}");
    Error::usage(
        message,
        "Make it smaller and plain text in UTF-8. Git services refuse a CODEOWNERS that they cannot read.",
    )
}

/// Judges an SMS and builds its pack: by whoever makes one, and by whoever makes it again to compare.
///
/// # Errors
/// When Git cannot be read. What is missing in the SMS is in the pack.
pub fn judged(origin: &Origin<'_>, order: &Order<'_>, progress: Progress<'_>) -> Result<Made, Error> {
    let ctx = Ctx::new(origin.ws, order.today)
        .with_record(origin.record, Some(origin.repository))
        .with_code_owners(origin.code_owners.clone());
    let verdict = rules::run(&ctx);
    let questions = origin.ws.catalog.questions();
    let readiness = readiness::assess(&ctx, &verdict, Yardstick::new(&origin.ws.catalog, &questions));
    let ground = Ground {
        ws: origin.ws,
        source: origin.source,
        repository: origin.repository,
        record: origin.record,
        report: &RunReport::new(origin.ws, verdict, ".".into(), order.today),
        readiness: &readiness,
        commit: origin.commit.clone(),
    };
    build(&ground, order, progress)
}

/// What a pack is made from: an SMS as it stands in a commit, everything about it judged.
pub struct Ground<'g> {
    /// The SMS, nothing withheld.
    pub ws: &'g Workspace,
    /// The files of the commit.
    pub source: &'g dyn Source,
    /// The repository.
    pub repository: &'g Repository,
    /// What the history proves.
    pub record: &'g Record,
    /// What `check` says.
    pub report: &'g RunReport,
    /// How far the SMS is.
    pub readiness: &'g Readiness,
    /// The commit.
    pub commit: CommitFacts,
}

/// What pack is wanted.
pub struct Order<'o> {
    /// The stage.
    pub stage: &'o Stage,
    /// The day everything is judged by.
    pub today: Date,
    /// Start of the period.
    pub since: Option<Since>,
    /// How the manifest will be signed.
    pub sealed: Sealed,
    /// Fingerprint of the key that will.
    pub signed_with: Option<String>,
    /// Files that belong to the signature: the exporter's public key.
    pub exporter: Files,
}

/// A pack without its manifest.
pub struct Made {
    /// Name of its folder.
    pub folder: String,
    /// Its files.
    pub files: Files,
    /// What it says of itself.
    pub index: Index,
    /// Errors in its validation report.
    pub errors: usize,
}

/// What is being done, for people who wait: the step, and how much of it.
pub type Progress<'p> = &'p dyn Fn(&'static str, usize, usize);

/// Builds the files of a pack.
///
/// # Errors
/// When Git cannot be read. What is missing in the SMS is in the pack.
pub fn build(ground: &Ground<'_>, order: &Order<'_>, progress: Progress<'_>) -> Result<Made, Error> {
    let stages = Stages::built_in();
    known_settings(&ground.ws.config.pack)?;
    let policies = ground.record.judged().into_iter().flat_map(|j| j.chain.states().iter().map(|s| &*s.policy));
    progress("Withholding", 0, 1);
    let disclosure = Disclosure::of(ground.ws, policies);
    let tree = disclosure.tree(ground.source);
    let public = workspace::load(&tree, &|_, _| {})?;
    let since = order.since.as_ref().and_then(|s| s.commit);
    let changed = changed(ground.ws, ground.repository, (since, ground.commit.oid))?;
    let mut contents = Contents::of(ground.ws, stages, &order.stage.id, changed.as_ref());
    if let Some(why) = ground.record.why_not() {
        contents.approvals_not_judged(why.reason());
    }
    let mut shared = contents.in_full();
    shared.retain(|path| !disclosure.is_closed(path));
    let closed = Closed::of(ground.ws, &public, &disclosure);
    let report = closed.report(said::report(ground.report, &disclosure));
    let readiness = said::readiness(closed.readiness(ground.readiness.clone()), &disclosure);
    contents.withhold(ground.ws, &|path| disclosure.is_closed(path));
    for gap in contents.rows.iter_mut().flat_map(|row| &mut row.gaps) {
        *gap = disclosure.sentence(gap);
    }
    let facts = Facts {
        ws: &public,
        report: &report,
        record: ground.record,
        readiness: &readiness,
        stage: order.stage,
        stages,
        today: order.today,
        commit: ground.commit.clone(),
        since: order.since.clone(),
        names: ground.ws.config.pack.names,
    };
    progress("Collecting evidence", 0, 1);
    let evidence = collect(ground, &disclosure, &shared, &|done, all| progress("Collecting evidence", done, all))?;
    let mut sheets = sheets::sheets(&facts, &shared);
    for sheet in &mut sheets {
        sheet.withheld = disclosure.places(&sheet.path);
    }
    let places = sheets.iter().map(|s| (s.path.clone(), s.file.clone())).collect();
    let oscal = oscal::files(&facts, &places);
    let told = Told { contents: &contents, disclosure: &disclosure, evidence: evidence.as_ref(), oscal: &oscal };
    let book = book(&facts, &told, sheets, &shared);
    let mut files = pictures(&facts, &book, progress)?;
    files.extend(oscal.files);
    files.extend(sources(&public, &book));
    files.insert("report.json".into(), report::json(&report).into_bytes());
    let index = index(ground, order, &book, &contents, &disclosure);
    files.insert(INDEX.into(), index.render().into_bytes());
    files.extend(guide::files(&index, &order.sealed));
    files.extend(evidence.map(|e| e.files).unwrap_or_default());
    files.extend(order.exporter.clone());
    let folder = format!("audit-pack-{}-{}", order.stage.id, order.today);
    Ok(Made { folder, files, index, errors: report.summary().error })
}

/// A classification that no document can have withholds nothing, and whoever wrote it meant something.
fn known_settings(settings: &PackSettings) -> Result<(), Error> {
    let unknown = settings.withhold.iter().find(|level| !CLASSIFICATIONS.contains(&level.as_str()));
    let (what, known) = match (unknown, &settings.names_unknown) {
        (Some(level), _) => (format!("`withhold` names `{level}`"), CLASSIFICATIONS.join(", ")),
        (None, Some(names)) => (format!("`names` is `{names}`"), "roles, full".into()),
        (None, None) => return Ok(()),
    };
    let message = format!(
        "{} below [pack] in smsctl.toml, which smsctl does not know, so it cannot say what may leave",
        crate::report::printable_line(&what)
    );
    Err(Error::usage(message, format!("Write one of these: {known}. `smsctl check` names the place.")))
}

/// Paths of documents whose text is not that of the last audit; none without one.
pub(super) fn changed(
    ws: &Workspace,
    repository: &Repository,
    (since, tip): (Option<Oid>, Oid),
) -> Result<Option<BTreeSet<String>>, Error> {
    let Some(since) = since else { return Ok(None) };
    let (before, now) = (repository.files(since, "")?, repository.files(tip, "")?);
    let differs = now.iter().filter(|(path, file)| before.get(*path).is_none_or(|old| old.oid != file.oid));
    let mut out: BTreeSet<String> = differs.map(|(path, _)| path.clone()).collect();
    // The entries of a register may stand in a CSV file beside it.
    let by_csv = ws.artifacts().filter(|a| a.entries_path().is_some_and(|csv| out.contains(&csv)));
    let documents: Vec<String> = by_csv.map(|a| a.path().to_owned()).collect();
    out.extend(documents);
    Ok(Some(out))
}

fn collect(
    ground: &Ground<'_>,
    disclosure: &Disclosure,
    shared: &BTreeSet<String>,
    progress: &dyn Fn(usize, usize),
) -> Result<Option<Evidence>, Error> {
    let Some(judged) = ground.record.judged() else { return Ok(None) };
    let all_leave = disclosure.all_leaves();
    let in_pack = ground.ws.artifacts().filter(|a| all_leave || shared.contains(a.path()));
    let ids = in_pack.map(|a| a.id().to_owned()).collect();
    let beside = beside::files(ground, disclosure, shared)?;
    let scope = Scope { disclosure, schemas: &ground.ws.schemas, shared: &ids, beside: &beside };
    evidence::collect(ground.repository, ground.record, judged, &scope, progress).map(Some)
}

/// What the pack says of itself.
struct Told<'t> {
    contents: &'t Contents,
    disclosure: &'t Disclosure,
    evidence: Option<&'t Evidence>,
    oscal: &'t Oscal,
}

fn book(facts: &Facts<'_>, told: &Told<'_>, sheets: Vec<Sheet>, shared: &BTreeSet<String>) -> Book {
    let mut cover = sections::cover(facts);
    let mut notices = about::notices(facts, told.contents, told.disclosure);
    notices.append(&mut cover.notices);
    cover.notices = notices;
    let mut all = sections::all(facts);
    let contents = about::contents(facts, told.contents, &told.oscal.left_out, |path| shared.contains(path));
    all.insert(all.len().min(1), contents);
    all.push(about::withheld(facts, told.disclosure, told.evidence));
    Book { cover, sections: all, sheets, populations: populations(facts, shared) }
}

/// Complete lists, of the registers that this stage shows in full.
fn populations(facts: &Facts<'_>, shared: &BTreeSet<String>) -> Vec<Table> {
    let in_full = |register: &str| {
        let mut documents = facts.ws.artifacts().filter(|a| a.register() == Some(register));
        documents.any(|a| shared.contains(a.path()))
    };
    let registers: BTreeSet<&str> = facts.ws.schemas.registers().collect();
    let mut out = sections::populations(facts);
    out.retain(|table| {
        let register = table.name.strip_prefix("population-").unwrap_or(&table.name);
        !registers.contains(register) || in_full(register)
    });
    out
}

fn pictures(facts: &Facts<'_>, book: &Book, progress: Progress<'_>) -> Result<Files, Error> {
    progress("Writing pages", 0, 1);
    let mut files = html::files(book);
    progress("Writing tables", 0, 1);
    files.extend(csv::files(book));
    #[cfg(feature = "xlsx")]
    files.insert("registers.xlsx".into(), super::xlsx::workbook(book, facts.commit.at)?);
    files.extend(print_files(book, facts, progress)?);
    Ok(files)
}

/// The book for print. Without a press in this build its source is there, which any Typst compiler sets.
fn print_files(book: &Book, facts: &Facts<'_>, progress: Progress<'_>) -> Result<Files, Error> {
    let volumes = pdf::volumes(book);
    let at_once = rayon::current_num_threads();
    let mut files = Files::new();
    for (done, some) in volumes.chunks(at_once).enumerate() {
        progress("Setting the PDF", done * at_once, volumes.len());
        let printed: Vec<_> = some.par_iter().map(|v| v.print(facts.commit.at)).collect::<Result<_, _>>()?;
        for (volume, (ending, bytes)) in some.iter().zip(printed) {
            files.insert(format!("{}.{ending}", volume.stem("audit-pack")), bytes);
        }
    }
    Ok(files)
}

/// The Markdown sources as they may be shown, and the CSV files of entries.
fn sources(public: &Workspace, book: &Book) -> Files {
    let mut files = Files::new();
    for sheet in &book.sheets {
        let Some(artifact) = public.artifact_at(&sheet.path) else { continue };
        files.insert(sheet.file.clone(), artifact.text().as_bytes().to_vec());
        let csv = artifact.entries_path();
        let text = csv.as_ref().and_then(|path| public.sources.files().iter().find(|f| f.path == *path));
        if let Some(file) = text {
            files.insert(format!("documents/{}", names::safe(&file.path)), file.text.as_bytes().to_vec());
        }
    }
    files
}

fn index(ground: &Ground<'_>, order: &Order<'_>, book: &Book, contents: &Contents, disclosure: &Disclosure) -> Index {
    let judged = ground.record.judged();
    let verdicts: BTreeMap<String, String> = judged
        .map(|j| standings(ground.ws, j).iter().map(|s| (s.control.id.clone(), s.verdict.word().to_owned())).collect())
        .unwrap_or_default();
    let files: BTreeMap<&str, &str> = book.sheets.iter().map(|s| (s.path.as_str(), s.file.as_str())).collect();
    let document = |a: workspace::ArtifactView<'_>| Shown {
        id: a.id().to_owned(),
        title: disclosure.sentence(a.title()),
        kind: a.kind().to_owned(),
        path: a.path().to_owned(),
        file: files.get(a.path()).map_or_else(String::new, |f| (*f).to_owned()),
        version: a.version().to_owned(),
        status: a.status().to_owned(),
        verdict: verdicts.get(a.id()).cloned().unwrap_or_default(),
        digest: judged.and_then(|j| j.at_tip.get(a.id()).cloned()).unwrap_or_default(),
        withheld: disclosure.places(a.path()),
        share: word(contents.share(a.path())).to_owned(),
    };
    let left_out = |w: &super::disclosure::Withheld| LeftOut {
        path: w.path.clone(),
        id: w.id.clone(),
        field: w.field.clone(),
        why: w.why.in_words(),
        places: w.places,
    };
    Index {
        schema: SCHEMA.into(),
        tool: env!("CARGO_PKG_VERSION").into(),
        organization: ground.ws.config.organization.clone(),
        standard: ground.ws.config.standard.clone(),
        stage: order.stage.id.clone(),
        commit: ground.commit.oid.to_string(),
        committed_at: ground.commit.at.to_string(),
        today: order.today.to_string(),
        since: order.since.as_ref().map(|s| s.on.to_string()),
        since_label: order.since.as_ref().map(|s| s.label.clone()),
        since_commit: order.since.as_ref().and_then(|s| s.commit).map(|c| c.to_string()),
        prefix: ground.repository.prefix().to_owned(),
        root: judged.map_or_else(String::new, |j| j.chain.root().to_string()),
        approvals: judged.map_or(0, |j| j.approvals.iter().filter(|a| a.approves()).count()),
        signed_with: order.signed_with.clone(),
        names: ground.ws.config.pack.names,
        gaps: contents.gaps().map(|(_, gap)| disclosure.sentence(gap)).collect(),
        documents: ground.ws.artifacts().filter(|a| !a.id().is_empty()).map(document).collect(),
        withheld: disclosure.withheld.iter().map(left_out).collect(),
    }
}

pub(super) fn word(share: Share) -> &'static str {
    match share {
        Share::Full => "full",
        Share::Delta => "changed",
        Share::Summary => "summary",
        Share::Nothing => "none",
    }
}
