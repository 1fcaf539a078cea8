//! The SMS of the commit, as far as the pack lets it be read: open texts from the history, of texts with withheld places what is
//! visible, of all others what is said of them. The set of documents and their paths are those of the commit in any case.

use std::collections::{BTreeMap, BTreeSet};

use super::history::History;
use super::{Outcome, Step, plural};
use crate::catalog::Stages;
use crate::history::{Oid, TreeFile};
use crate::pack::container::Opened;
use crate::pack::contents::Contents;
use crate::pack::disclosure::Why;
use crate::pack::index::{Index, Shown};
use crate::pack::{build, names};
use crate::source::{MAX_CSV_BYTES, MemoryTree, is_markdown};
use crate::trust::Control;
use crate::workspace::{self, ArtifactView, Workspace};

/// What every mark of something withheld starts with.
const MARK: char = '‹';

/// The SMS of the commit, as far as it can be read.
pub(super) struct Seen {
    pub ws: Workspace,
    pub contents: Contents,
    /// Files of the commit.
    pub files: BTreeMap<String, TreeFile>,
    /// Documents that should be in the pack with their text, with the name of each.
    pub shared: BTreeMap<String, String>,
    /// Documents of which only what is said of them is known.
    pub unseen: BTreeSet<String>,
}

impl Seen {
    /// Reads it.
    pub fn of(pack: &Opened, index: &Index, history: &History) -> Result<Self, String> {
        let said = |e: crate::error::Error| e.to_string();
        let files = history.repository.files(history.tip, "").map_err(said)?;
        let claims = index.documents.iter().map(|d| (d.path.as_str(), d.file.as_str())).collect();
        let read = Reading { pack, history, claims };
        let readable = files.iter().filter(|(path, file)| file.is_regular() && !is_hidden(path));
        let tree: MemoryTree = readable.map(|(path, file)| (path.clone(), read.text(path, file.oid))).collect();
        let ws = workspace::load(&tree, &|_, _| {}).map_err(said)?;
        let contents = contents(&ws, index, history)?;
        let mut shared = contents.in_full();
        shared.retain(|path| ws.artifact_at(path).is_some_and(|a| !is_closed(a, index)));
        let shared = names::all(shared.iter().map(String::as_str));
        let unseen = |a: &ArtifactView<'_>| {
            let hidden = files.get(a.path()).is_some_and(|f| history.repository.stub(f.oid).is_some());
            hidden && read.visible(a.path()).is_none()
        };
        let unseen = ws.artifacts().filter(unseen).map(|a| a.path().to_owned()).collect();
        Ok(Self { ws, contents, files, shared, unseen })
    }

    /// The documents as `pack.json` must list them; verdict, digest and number of places are looked at elsewhere.
    pub fn documents_listed(&self) -> Vec<Shown> {
        let listed = |a: ArtifactView<'_>| Shown {
            id: a.id().to_owned(),
            title: a.title().to_owned(),
            kind: a.kind().to_owned(),
            path: a.path().to_owned(),
            file: self.shared.get(a.path()).map_or_else(String::new, |name| format!("documents/{name}")),
            version: a.version().to_owned(),
            status: a.status().to_owned(),
            share: build::word(self.contents.share(a.path())).to_owned(),
            ..Shown::default()
        };
        self.ws.artifacts().filter(|a| !a.id().is_empty()).map(listed).collect()
    }

    /// Each text in the pack with the path it has in the commit; and each page.
    fn expected(&self) -> (BTreeMap<String, String>, BTreeSet<String>) {
        let (mut texts, mut pages) = (BTreeMap::new(), BTreeSet::new());
        for (path, name) in &self.shared {
            texts.insert(format!("documents/{name}"), path.clone());
            pages.insert(format!("html/{name}.html"));
            let csv = self.ws.artifact_at(path).and_then(ArtifactView::entries_path);
            if let Some(csv) = csv.filter(|csv| self.files.contains_key(csv)) {
                texts.insert(format!("documents/{}", names::safe(&csv)), csv);
            }
        }
        (texts, pages)
    }

    /// The texts in the pack against the names that the commit gives them; and which of them rest on the signature.
    pub fn documents(&self, pack: &Opened, history: &History) -> (Step, Vec<String>) {
        let title = "Documents";
        let (texts, pages) = self.expected();
        let (mut same, mut redacted, mut wrong) = (0, Vec::new(), Vec::new());
        for (file, path) in &texts {
            match self.text(pack, history, file, path) {
                Ok(true) => same += 1,
                Ok(false) => redacted.push(file.clone()),
                Err(why) => wrong.push(why),
            }
        }
        wrong.extend(pages.iter().filter(|p| !pack.files.contains_key(*p)).map(|p| format!("{p} is missing.")));
        let known = |path: &String| texts.contains_key(path) || pages.contains(path);
        let of_documents = pack.files.keys().filter(|p| p.starts_with("documents/") || p.starts_with("html/"));
        wrong.extend(of_documents.filter(|p| !known(p)).map(|p| format!("{p} belongs to no document of this stage.")));
        wrong.extend(self.untold(history));
        let step = if !wrong.is_empty() {
            Step::failed(title, format!("{} texts or pages are not those of the commit", wrong.len())).with(wrong)
        } else if redacted.is_empty() {
            Step::new(title, Outcome::Good, format!("{same} texts, byte for byte those of the commit, and no other"))
        } else {
            let n = redacted.len();
            let summary = format!(
                "{same} texts are byte for byte those of the commit; in {n} more places are withheld, so that the text that was \
                 approved is known by its digest alone, and what is visible of it rests on the signature"
            );
            Step::new(title, Outcome::Note, summary).with(redacted.clone())
        };
        let mut rests: Vec<String> = redacted.iter().map(|f| format!("{f} (places are withheld)")).collect();
        if history.stubs > 0 {
            let n = history.stubs;
            rests.push(format!("what is said of {n} text{} that the history leaves out", plural(n)));
        }
        (step, rests)
    }

    /// Whether a text is that of the commit; false when places of it are withheld.
    fn text(&self, pack: &Opened, history: &History, file: &str, path: &str) -> Result<bool, String> {
        let Some(here) = pack.files.get(file) else { return Err(format!("{file} is missing.")) };
        let Some(committed) = self.files.get(path) else { return Err(format!("{path} is not in the commit.")) };
        let name = Oid::hash_object(git2::ObjectType::Blob, here).map_err(|e| e.message().to_owned())?;
        if name == committed.oid {
            return Ok(true);
        }
        let other = || format!("{file} is not the text of commit {}.", history.tip);
        let visible = String::from_utf8_lossy(here);
        match history.repository.stub(committed.oid) {
            Some(stub) if visible.contains(MARK) => {
                let (shown, said) = (Control::read(here), Control::read(&stub.text));
                let same = shown == said;
                same.then_some(false)
                    .ok_or_else(|| format!("{file} has another document control than its text is said to have."))
            }
            // Entries in a CSV file have no stub: their text is just not in the history.
            None if !is_markdown(path) && visible.contains(MARK) && !history.knows(committed.oid) => Ok(false),
            _ => Err(other()),
        }
    }

    /// Markdown files of the commit of which the pack says nothing.
    fn untold(&self, history: &History) -> Vec<String> {
        let read = |path: &str| is_markdown(path) && !is_hidden(path);
        let markdown = self.files.iter().filter(|(path, file)| file.is_regular() && read(path));
        let untold = markdown.filter(|(_, file)| !history.knows(file.oid));
        untold.map(|(path, _)| format!("{path} is in the commit, and the pack says nothing of it.")).collect()
    }
}

/// Where texts are looked for.
struct Reading<'r> {
    pack: &'r Opened,
    history: &'r History,
    /// Where `pack.json` says that a document is.
    claims: BTreeMap<&'r str, &'r str>,
}

impl Reading<'_> {
    fn text(&self, path: &str, blob: Oid) -> Option<Vec<u8>> {
        let repository = &self.history.repository;
        let stub = repository.stub(blob);
        let open = || repository.blob_within(blob, MAX_CSV_BYTES).ok().flatten();
        match stub {
            None => open().or_else(|| self.visible(path)),
            Some(stub) => self.visible(path).or_else(|| Some(stub.text.clone())),
        }
    }

    /// What the pack shows of a file of the commit.
    fn visible(&self, path: &str) -> Option<Vec<u8>> {
        let safe = format!("documents/{}", names::safe(path));
        let name = if is_markdown(path) { (*self.claims.get(path)?).to_owned() } else { safe };
        self.pack.files.get(&name).filter(|_| name.starts_with("documents/")).cloned()
    }
}

fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

fn contents(ws: &Workspace, index: &Index, history: &History) -> Result<Contents, String> {
    let stages = Stages::built_in();
    if !stages.stages.iter().any(|s| s.id == index.stage) {
        return Err(format!("`{}` is no stage of a certification", index.stage));
    }
    let since = index.since_commit.as_deref().map(|c| Oid::from_str(c).ok().filter(|c| history.holds(*c)));
    let Some(since) = since.map_or(Some(None), |found| found.map(Some)) else {
        return Err("the period starts with a commit that is not in the history".into());
    };
    let changed = build::changed(ws, &history.repository, (since, history.tip)).map_err(|e| e.to_string())?;
    let mut contents = Contents::of(ws, stages, &index.stage, changed.as_ref());
    contents.withhold(ws, &|path| ws.artifact_at(path).is_some_and(|a| is_closed(a, index)));
    if let Some(why) = history.then.why_not() {
        contents.approvals_not_judged(why.reason());
    }
    Ok(contents)
}

/// Whether the whole text of a document stays.
fn is_closed(artifact: ArtifactView<'_>, index: &Index) -> bool {
    let stays = artifact.ws.config.pack.stays(artifact.front()).is_some();
    let unclear = Why::Unclear.in_words();
    stays || index.withheld.iter().any(|w| w.path == artifact.path() && w.field.is_empty() && w.why == unclear)
}
