//! What an import would write: for each file its place, number, kind, owner and text. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Imported, docx, markdown, matching};
use crate::document::{self, FrontMatter, slug};
use crate::error::Error;
use crate::scaffold::{self, NewRequest, is_id, yaml_text};
use crate::source::{FileId, is_markdown, relative, resolve};
use crate::workspace::Workspace;

/// A file to be imported.
#[derive(Clone, Debug)]
pub struct Input {
    /// Path below the folder that is imported, `/` between parts.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A document as it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The file it comes from.
    pub source: String,
    /// Path below the root of the SMS.
    pub path: String,
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// The toolkit entry its title speaks of.
    pub entry: Option<String>,
    /// Its title.
    pub title: String,
    /// Its owner, or a placeholder.
    pub owner: String,
    /// Its version.
    pub version: String,
    /// The whole text.
    pub text: String,
    /// Pictures: path below the root and bytes.
    pub images: Vec<(String, Vec<u8>)>,
    /// What people should know.
    pub notes: Vec<String>,
}

/// A file that is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub source: String,
    /// Why, and what to do.
    pub reason: String,
}

/// What the user decides instead of the titles.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Kind of all documents.
    pub kind: Option<String>,
    /// Owner of all documents.
    pub owner: Option<String>,
}

/// Plans the import of files. `others` gives the bytes of any file beside them, such as a picture a Markdown text shows.
///
/// # Errors
/// When a wish names a kind this SMS does not know.
pub fn plan(
    ws: &Workspace,
    inputs: Vec<Input>,
    others: &dyn Fn(&str) -> Option<Vec<u8>>,
    wishes: &Wishes,
    today: Date,
) -> Result<(Vec<Proposal>, Vec<Refused>), Error> {
    let mut planner = Planner { ws, others, wishes, today, paths: BTreeSet::new(), ids: BTreeSet::new() };
    if let Some(kind) = wishes.kind.as_deref().filter(|k| ws.schemas.kind(k).is_none() || *k == "register") {
        let known: Vec<_> = ws.schemas.kinds().filter(|k| *k != "register").collect();
        return Err(Error::usage(
            format!("`{kind}` is no kind a document can be imported as"),
            format!("Known are: {}.", known.join(", ")),
        ));
    }
    let (mut proposals, mut refused) = (Vec::new(), Vec::new());
    let mut links = Vec::new();
    for input in inputs {
        let source = input.path.clone();
        match read(input) {
            Err(reason) => refused.push(Refused { source, reason }),
            Ok(imported) => match planner.propose(&source, &imported) {
                Ok(proposal) => {
                    links.push((source, proposal.path.clone()));
                    proposals.push(proposal);
                }
                Err(error) => {
                    let help = error.help().unwrap_or_default();
                    refused.push(Refused { source, reason: format!("{error}. {help}").trim().to_owned() });
                }
            },
        }
    }
    let moved: BTreeMap<String, String> = links.into_iter().collect();
    for proposal in proposals.iter_mut().filter(|p| is_markdown(&p.source)) {
        planner.redirect(proposal, &moved);
    }
    Ok((proposals, refused))
}

fn read(input: Input) -> Result<Imported, String> {
    let ending = input.path.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
    match ending.as_str() {
        "docx" | "docm" => docx::read(input.bytes),
        "doc" | "odt" | "rtf" | "pdf" => {
            Err(format!("a .{ending} file is not read; open it in Word or LibreOffice and save it as .docx"))
        }
        _ => {
            let text = crate::source::decode(input.bytes).map_err(|(_, problem)| format!("it {}", problem.what))?;
            markdown::read(&text).ok_or_else(|| "it has front matter already; put it into the SMS as it is".to_owned())
        }
    }
}

struct Planner<'a> {
    ws: &'a Workspace,
    others: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    wishes: &'a Wishes,
    today: Date,
    /// Paths and ids that earlier proposals took.
    paths: BTreeSet<String>,
    ids: BTreeSet<String>,
}

/// Fields that a control block may hold besides those of every document. What else a template brings belongs to its text.
const MORE_CONTROL: [&str; 4] = ["availability", "review_triggers", "classification", "retention"];

/// Whether a field of a new document stays; an imported text is no register and no entry of one.
fn is_control(name: &str) -> bool {
    name != "register" && (scaffold::CONTROL.contains(&name) || MORE_CONTROL.contains(&name))
}

impl Planner<'_> {
    fn propose(&mut self, source: &str, imported: &Imported) -> Result<Proposal, Error> {
        let mut notes = imported.notes.clone();
        let title = imported.title.clone().unwrap_or_else(|| from_file_name(source));
        let entry = matching::entry(&self.ws.catalog, &title);
        let table = entry.is_some_and(|e| e.register.is_some());
        let guessed = matching::kind(&title);
        let kind = match (&self.wishes.kind, entry) {
            (Some(kind), _) => kind.clone(),
            (None, Some(entry)) if !table => entry.kind.clone(),
            (None, Some(_)) => "log".to_owned(),
            (None, None) => guessed.unwrap_or("guideline").to_owned(),
        };
        if table {
            notes.push(
                "its tables stay text; the entries of a register go into `smsctl new register` or its CSV file".into(),
            );
        }
        if entry.is_none() && guessed.is_none() && self.wishes.kind.is_none() {
            notes.push("nothing in the title says what it is; choose with --kind".into());
        }
        let wanted = imported.control.number.as_deref().map(as_id).filter(|id| is_id(id));
        let id = wanted.filter(|id| {
            self.ws.entity(id).is_none() && !self.ws.phantoms.contains(id.as_str()) && !self.ids.contains(id)
        });
        if let (None, Some(number)) = (&id, &imported.control.number) {
            notes.push(format!("its number {number} is no id or in use; it got the next free one"));
        }
        let entry_id = entry.map(|e| e.id.as_str());
        let planned = entry_id.filter(|_| !table && entry.is_some_and(|e| e.kind == kind));
        let name = file_name(&title, &kind);
        let path = self.free_path(&format!("{}/{name}.md", scaffold::folder_of(self.ws, &kind)));
        let mut file = self.written(planned.unwrap_or(&kind), &title, id, &path)?;
        let free = self.free_id(&field(&file.text, "id"));
        if free != field(&file.text, "id") {
            file = self.written(planned.unwrap_or(&kind), &title, Some(free.clone()), &path)?;
        }
        let id = free;
        let version = imported.control.version().unwrap_or_else(|| "0.1".into());
        if let (Some(as_written), None) = (&imported.control.effective, imported.control.effective_on()) {
            notes.push(format!("the date {as_written} can be read in more than one way; enter it yourself"));
        }
        let front = front(&file.text, source, &version, imported, entry_id, self.today);
        let folder = format!("{}/images/{}", path.rsplit_once('/').map_or("", |(f, _)| f), file_stem(&path))
            .trim_start_matches('/')
            .to_owned();
        let images: Vec<_> =
            imported.images.iter().map(|i| (format!("{folder}/{}", i.name), i.bytes.clone())).collect();
        let mut body = imported.body.clone();
        for image in &imported.images {
            let way = relative(&path, &format!("{folder}/{}", image.name));
            body = body.replace(&format!("](image:{})", image.name), &format!("]({way})"));
        }
        let owner = field(&file.text, "owner");
        self.ids.insert(id.clone());
        self.paths.insert(path.clone());
        let text = format!("{front}\n# {title}\n\n{}\n{}", body.trim_end(), appendix(imported));
        Ok(Proposal {
            source: source.to_owned(),
            path,
            id,
            kind,
            entry: entry.map(|e| e.id.clone()),
            title,
            owner,
            version,
            text,
            images,
            notes,
        })
    }

    /// The document `new` would write.
    fn written(&self, what: &str, title: &str, id: Option<String>, path: &str) -> Result<scaffold::NewFile, Error> {
        let request = NewRequest {
            what: what.to_owned(),
            title: Some(title.to_owned()),
            id,
            path: Some(path.to_owned()),
            owner: self.wishes.owner.clone(),
        };
        scaffold::plan_new(self.ws, &request, self.today)
    }

    /// An id nobody has yet: this one, or the next number behind it.
    fn free_id(&self, id: &str) -> String {
        let taken =
            |id: &String| self.ws.entity(id).is_some() || self.ws.phantoms.contains(id) || self.ids.contains(id);
        let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
        let from: u32 = id.get(stem.len()..).and_then(|n| n.parse().ok()).unwrap_or(0);
        let next = (1..10_000).map(|n| format!("{stem}{:02}", from.saturating_add(n)));
        std::iter::once(id.to_owned()).chain(next).find(|id| !taken(id)).unwrap_or_default()
    }

    /// A path nobody has yet: this one, or one with a number behind it.
    fn free_path(&self, path: &str) -> String {
        let taken = |path: &String| self.ws.paths.contains(path) || self.paths.contains(path);
        let bare = path.strip_suffix(".md").unwrap_or(path);
        let next = (2..10_000).map(|n| format!("{bare}-{n}.md"));
        std::iter::once(path.to_owned()).chain(next).find(|p| !taken(p)).unwrap_or_default()
    }

    /// Links of a Markdown text seen from its new place, and the pictures it shows.
    fn redirect(&mut self, proposal: &mut Proposal, moved: &BTreeMap<String, String>) {
        let (parsed, _) = document::parse(FileId(0), &proposal.text);
        let mut links: Vec<_> = parsed.body.links.iter().collect();
        links.sort_by_key(|l| std::cmp::Reverse(l.span.start));
        let folder =
            format!("{}/images/{}", proposal.path.rsplit_once('/').map_or("", |(f, _)| f), file_stem(&proposal.path));
        for link in links {
            let (target, anchor) =
                link.target.split_once('#').map_or((link.target.as_str(), None), |(t, a)| (t, Some(a)));
            if target.is_empty()
                || target.contains(':')
                || proposal.text.get(link.span.range()) != Some(link.target.as_str())
            {
                continue;
            }
            let Some(from_source) = resolve(&proposal.source, target) else { continue };
            let place = match (moved.get(&from_source), (self.others)(&from_source)) {
                (Some(document), _) => document.clone(),
                (None, Some(bytes)) if link.image => {
                    let name = from_source.rsplit('/').next().unwrap_or(&from_source);
                    let place = format!("{folder}/{name}").trim_start_matches('/').to_owned();
                    if proposal.images.iter().all(|(p, _)| *p != place) {
                        proposal.images.push((place.clone(), bytes));
                    }
                    place
                }
                _ => {
                    proposal.notes.push(format!("its link to {target} leads to no imported file"));
                    continue;
                }
            };
            let anchor = anchor.map_or_else(String::new, |a| format!("#{a}"));
            proposal.text.replace_range(link.span.range(), &format!("{}{anchor}", relative(&proposal.path, &place)));
        }
    }
}

/// The control block: that of `new`, with what the document said of itself.
fn front(text: &str, source: &str, version: &str, imported: &Imported, entry: Option<&str>, today: Date) -> String {
    let revision = imported.control.revision.as_deref().map_or_else(String::new, |r| {
        let word = if r.starts_with(|c: char| c.is_ascii_digit()) { "revision " } else { "" };
        format!(" ({word}{r})")
    });
    let why = format!("Imported from {}{revision}", source.rsplit('/').next().unwrap_or(source));
    let mut out = String::from("---\n");
    for block in fields(text) {
        let name = block.split(':').next().unwrap_or_default();
        match name {
            "version" => {
                let odd = version.ends_with('0');
                out += &if odd { format!("version: \"{version}\"\n") } else { format!("version: {version}\n") };
            }
            "effective_on" => {}
            "approvers" => {
                out += block;
                if let Some(on) = imported.control.effective_on() {
                    out += &format!("effective_on: {on}\n");
                }
            }
            "changes" => out += &changes(version, today, &why),
            _ if is_control(name) => out += block,
            _ => {}
        }
        if name == "clauses"
            && let Some(entry) = entry.filter(|_| !text.contains("\ntemplate: "))
        {
            out += &format!("template: {entry}\n");
        }
    }
    out + "---\n"
}

/// The fields of a front matter, each with the lines that belong to it.
fn fields(text: &str) -> Vec<&str> {
    let (parsed, _) = document::parse(FileId(0), text);
    let FrontMatter::Present { yaml, .. } = parsed.front else { return Vec::new() };
    let block = text.get(yaml).unwrap_or_default();
    let mut starts: Vec<usize> = vec![];
    let mut at = 0;
    for line in block.split_inclusive('\n') {
        if !line.starts_with([' ', '#', '-', '\n', '\r']) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([block.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| block.get(*start..end)).collect()
}

/// The text of a field of a front matter.
fn field(text: &str, name: &str) -> String {
    let (parsed, _) = document::parse(FileId(0), text);
    parsed.front.node().and_then(|n| n.str(name)).unwrap_or_default().to_owned()
}

fn changes(version: &str, today: Date, why: &str) -> String {
    let version = if version.ends_with('0') { format!("\"{version}\"") } else { version.to_owned() };
    format!("changes:\n  - version: {version}\n    on: {today}\n    why: {}\n", yaml_text(why))
}

/// A file name from a title.
fn file_name(title: &str, kind: &str) -> String {
    let short: String = slug(title).chars().take(80).collect();
    let trimmed = short.trim_matches(['-', '_']);
    if trimmed.is_empty() { kind.to_owned() } else { trimmed.to_owned() }
}

/// `ITSM/PRC 07` as an id.
fn as_id(number: &str) -> String {
    let plain: String = number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    plain.split('-').filter(|p| !p.is_empty()).collect::<Vec<_>>().join("-")
}

fn from_file_name(path: &str) -> String {
    let words = file_stem(path).replace(['_', '-'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = words.chars();
    chars
        .next()
        .map_or_else(|| "Imported document".to_owned(), |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// What the control block said, so that nothing of it is lost; smsctl reads names and dates of approval from Git instead.
fn appendix(imported: &Imported) -> String {
    if imported.control.is_empty() {
        return String::new();
    }
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut out = String::from(
        "\n## Control block of the imported document\n\nAs it stood in the file. From here on Git keeps versions and approvals; delete this section when nobody needs it.\n\n| Field | Entry |\n| --- | --- |\n",
    );
    for (label, value) in &imported.control.fields {
        out += &format!("| {} | {} |\n", cell(label), cell(value));
    }
    out
}
