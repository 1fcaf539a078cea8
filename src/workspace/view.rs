//! Convenient, copyable windows on artifacts and entities; what rules and commands use.

use jiff::civil::Date;

use super::{Artifact, ArtifactIx, Entity, EntityIx, Reference, Workspace};
use crate::document::{Block, Document, Node, Prose, Step, plain_text};
use crate::source::{Span, resolve};

/// An artifact in its workspace.
#[derive(Clone, Copy)]
pub struct ArtifactView<'a> {
    /// The workspace.
    pub ws: &'a Workspace,
    /// Its index.
    pub ix: ArtifactIx,
}

/// An entity in its workspace.
#[derive(Clone, Copy)]
pub struct EntityView<'a> {
    /// The workspace.
    pub ws: &'a Workspace,
    /// Its index.
    pub ix: EntityIx,
}

impl PartialEq for EntityView<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.ix == other.ix
    }
}

impl<'a> ArtifactView<'a> {
    fn raw(self) -> &'a Artifact {
        &self.ws.artifacts[self.ix]
    }

    /// Its document.
    #[must_use]
    pub fn document(self) -> &'a Document {
        &self.ws.documents[self.raw().document]
    }

    /// Its front matter. Artifacts always have one.
    #[must_use]
    pub fn front(self) -> &'a Node {
        static NONE: std::sync::LazyLock<Node> =
            std::sync::LazyLock::new(|| Node::null(Span::start_of(crate::source::FileId(0))));
        self.document().front.node().unwrap_or(&NONE)
    }

    /// The text of its file.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.ws.text_of(self.document())
    }

    /// Path below the root.
    #[must_use]
    pub fn path(self) -> &'a str {
        &self.ws.sources.file(self.document().file).path
    }

    /// Its id; empty when it has none (a finding of its own).
    #[must_use]
    pub fn id(self) -> &'a str {
        self.front().str("id").unwrap_or_default()
    }

    /// The entity it is, when it has an id.
    #[must_use]
    pub fn entity(self) -> Option<EntityView<'a>> {
        self.raw().entity.map(|ix| EntityView { ws: self.ws, ix })
    }

    /// Its kind.
    #[must_use]
    pub fn kind(self) -> &'a str {
        &self.raw().kind
    }

    /// The register it is or belongs to.
    #[must_use]
    pub fn register(self) -> Option<&'a str> {
        self.raw().register.as_deref()
    }

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'a str {
        self.front().str("title").unwrap_or_default()
    }

    /// Its version.
    #[must_use]
    pub fn version(self) -> &'a str {
        self.front().str("version").unwrap_or_default()
    }

    /// Its status.
    #[must_use]
    pub fn status(self) -> &'a str {
        self.front().str("status").unwrap_or_default()
    }

    /// Status is `approved`.
    #[must_use]
    pub fn is_approved(self) -> bool {
        self.status() == "approved"
    }

    /// Neither superseded nor retired.
    #[must_use]
    pub fn is_current(self) -> bool {
        !matches!(self.status(), "superseded" | "retired")
    }

    /// Clauses it names.
    #[must_use]
    pub fn clauses(self) -> &'a [String] {
        &self.raw().clauses
    }

    /// Whether it names this very clause.
    #[must_use]
    pub fn claims(self, clause: &str) -> bool {
        self.clauses().iter().any(|c| c == clause)
    }

    /// Where a front matter field stands; the id (or the first line) when it is absent.
    #[must_use]
    pub fn span_of(self, field: &str) -> Span {
        match self.front().field(field) {
            Some(_) => self.front().span_of(field),
            None => self.span(),
        }
    }

    /// Where the artifact is named: its id, else the start of the file.
    #[must_use]
    pub fn span(self) -> Span {
        match self.front().get("id") {
            Some(id) => id.span,
            None => Span::start_of(self.document().file),
        }
    }

    /// Path of the CSV file with its entries.
    #[must_use]
    pub fn entries_path(self) -> Option<String> {
        resolve(self.path(), self.front().str("entries_from")?)
    }

    /// What it holds: entries of a register, commitments of a policy, and so on; without itself.
    pub fn children(self) -> impl Iterator<Item = EntityView<'a>> {
        let own = self.raw().entity;
        let first = self.ws.entities.partition_point(|e| e.artifact < self.ix);
        let last = self.ws.entities.partition_point(|e| e.artifact <= self.ix);
        (first..last).filter(move |ix| Some(*ix) != own).map(move |ix| EntityView { ws: self.ws, ix })
    }

    /// The entities of one type it holds; itself too when it is the one-entity form.
    pub fn entities(self, kind: &'a str) -> impl Iterator<Item = EntityView<'a>> {
        self.entity().into_iter().chain(self.children()).filter(move |e| e.is(kind))
    }

    /// The later of `effective_on` and `reviewed_on`: when the review clock started.
    #[must_use]
    pub fn last_reviewed(self) -> Option<Date> {
        let front = self.front();
        front.date("reviewed_on").into_iter().chain(front.date("effective_on")).max()
    }

    /// When its next review is due: `next_review_on`, or the last review plus the interval, whichever is earlier.
    #[must_use]
    pub fn review_due(self) -> Option<Date> {
        let interval = self.front().str("review_interval").and_then(duration);
        let computed = self.last_reviewed().zip(interval).and_then(|(on, interval)| on.checked_add(interval).ok());
        computed.into_iter().chain(self.front().date("next_review_on")).min()
    }

    /// The words of a stretch of this file without markup; `prose` leaves out code and links.
    #[must_use]
    pub fn plain(self, span: Span, prose: bool) -> Prose {
        plain_text(self.text(), span, prose)
    }

    /// The commitments of a policy with their words, in the order the front matter declares them.
    pub fn commitments(self) -> impl Iterator<Item = Commitment<'a>> {
        self.entities("commitment").map(move |entity| Commitment { entity, block: self.commitment_block(entity.id()) })
    }

    /// The block of the body that starts with a bold id.
    #[must_use]
    pub fn commitment_block(self, id: &str) -> Option<&'a Block> {
        let text = self.text();
        self.document().body.blocks.iter().find(|b| b.lead.is_some_and(|l| text.get(l.range()) == Some(id)))
    }
}

/// A commitment: its metadata, and the block of the body that holds its words.
#[derive(Clone, Copy)]
pub struct Commitment<'a> {
    /// The entity in the front matter.
    pub entity: EntityView<'a>,
    /// Its block in the body, when there is one.
    pub block: Option<&'a Block>,
}

impl<'a> Commitment<'a> {
    /// Its id.
    #[must_use]
    pub fn id(self) -> &'a str {
        self.entity.id()
    }

    /// In force: not retired in an earlier version.
    #[must_use]
    pub fn is_current(self) -> bool {
        !self.entity.is_retired()
    }

    /// The words behind the id, without markup; `prose` leaves out code and links.
    #[must_use]
    pub fn words(self, prose: bool) -> Option<Prose> {
        let block = self.block?;
        let lead = block.lead?;
        let text = self.entity.artifact().text();
        // Behind the bold id stand its closing stars and perhaps a colon or dash.
        let rest = text.get(lead.end as usize..block.span.end as usize)?;
        let skip = rest.len() - rest.trim_start_matches(['*', '_', ':', '.', '–', '—', '-', ' ']).len();
        let span = Span { start: lead.end + u32::try_from(skip).unwrap_or(0), ..block.span };
        Some(plain_text(text, span, prose))
    }

    /// Where it is shown: its words, else its id in the front matter.
    #[must_use]
    pub fn span(self) -> Span {
        self.block.map_or(self.entity.span(), |b| b.span)
    }
}

impl<'a> EntityView<'a> {
    fn raw(self) -> &'a Entity {
        &self.ws.entities[self.ix]
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> &'a str {
        &self.raw().id
    }

    /// Where its id stands.
    #[must_use]
    pub fn span(self) -> Span {
        self.raw().span
    }

    /// Prefixes its id should have.
    #[must_use]
    pub fn prefixes(self) -> &'a [String] {
        &self.raw().prefixes
    }

    /// The artifact that holds it.
    #[must_use]
    pub fn artifact(self) -> ArtifactView<'a> {
        ArtifactView { ws: self.ws, ix: self.raw().artifact }
    }

    /// Whether it is of a type.
    #[must_use]
    pub fn is(self, kind: &str) -> bool {
        self.raw().types.iter().any(|t| &**t == kind)
    }

    /// Its types.
    pub fn types(self) -> impl Iterator<Item = &'a str> {
        self.raw().types.iter().map(|t| &**t)
    }

    /// The type people call it by: the last and most special one, `policy` for `artifact:policy`.
    #[must_use]
    pub fn kind(self) -> &'a str {
        let last = self.raw().types.last().map_or("", |t| &**t);
        last.strip_prefix("artifact:").unwrap_or(last)
    }

    /// Whether it is an artifact.
    #[must_use]
    pub fn is_artifact(self) -> bool {
        self.is("artifact")
    }

    /// Out of use by its own word, or its document is superseded or retired.
    #[must_use]
    pub fn is_retired(self) -> bool {
        self.raw().retired || !self.artifact().is_current()
    }

    /// From the front matter of its artifact to it.
    #[must_use]
    pub fn path(self) -> &'a [Step] {
        &self.raw().path
    }

    /// Its fields.
    #[must_use]
    pub fn node(self) -> &'a Node {
        let front = self.artifact().front();
        front.at(&self.raw().path).unwrap_or(front)
    }

    /// Text of a field.
    #[must_use]
    pub fn str(self, field: &str) -> Option<&'a str> {
        self.node().str(field)
    }

    /// A date of a field.
    #[must_use]
    pub fn date(self, field: &str) -> Option<Date> {
        self.node().date(field)
    }

    /// Whether a field is there and not empty.
    #[must_use]
    pub fn has(self, field: &str) -> bool {
        self.node().get(field).is_some()
    }

    /// Title, name, topic or the like; its id when it has none.
    #[must_use]
    pub fn label(self) -> &'a str {
        let node = self.node();
        ["title", "name", "topic", "issue", "summary"].into_iter().find_map(|f| node.str(f)).unwrap_or(self.id())
    }

    /// Where a field stands; the id when it is absent.
    #[must_use]
    pub fn span_of(self, field: &str) -> Span {
        match self.node().field(field) {
            Some(_) => self.node().span_of(field),
            None => self.span(),
        }
    }

    /// References out of it.
    pub fn references(self) -> impl Iterator<Item = &'a Reference> + use<'a> {
        let found: &'a [usize] = self.ws.outgoing.get(&self.ix).map_or(&[], Vec::as_slice);
        let ws = self.ws;
        found.iter().map(move |ix| &ws.references[*ix])
    }

    /// The entities a field leads to (the field's own references and those of fields within it), of the right type.
    pub fn refs(self, field: &'a str) -> impl Iterator<Item = EntityView<'a>> {
        let ws = self.ws;
        self.references().filter(move |r| within(&r.field, field)).filter_map(move |r| {
            let target = EntityView { ws, ix: r.target? };
            target.accepted(&r.accepts).then_some(target)
        })
    }

    /// What refers to it: the entity and the reference.
    pub fn referrers(self) -> impl Iterator<Item = (EntityView<'a>, &'a Reference)> + use<'a> {
        let found: &'a [usize] = self.ws.incoming.get(&self.ix).map_or(&[], Vec::as_slice);
        let ws = self.ws;
        found.iter().map(move |ix| {
            let reference = &ws.references[*ix];
            (EntityView { ws, ix: reference.from }, reference)
        })
    }

    /// Entities of a type that refer to it by a field.
    pub fn referrers_by(self, kind: &'a str, field: &'a str) -> impl Iterator<Item = EntityView<'a>> {
        self.referrers().filter(move |(from, r)| from.is(kind) && within(&r.field, field)).map(|(from, _)| from)
    }

    /// Whether a reference that accepts these types may lead here.
    #[must_use]
    pub fn accepted(self, accepts: &[String]) -> bool {
        accepts.iter().any(|a| a == "any" || self.is(a))
    }
}

fn within(field: &str, wanted: &str) -> bool {
    field.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// An ISO 8601 duration as calendar units; none when it is not one or is negative.
#[must_use]
pub fn duration(text: &str) -> Option<jiff::Span> {
    text.parse::<jiff::Span>().ok().filter(|s| !s.is_negative())
}
