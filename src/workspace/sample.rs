//! Samples for audits: everything of a kind with its id, narrowed as the auditor says, and a part of it that nobody could
//! choose to their liking. The method can be repeated with `sort` and `sha256sum`; docs/audit.md tells how.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::{EntityView, Workspace};
use crate::document::{Moment, Node, Step};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::schema::Shape;

/// Name of the method; a change of it gets another number.
pub const METHOD: &str = "smsctl-sha256-rank/1";
/// The population of all controlled documents.
pub const DOCUMENTS: &str = "documents";
/// Stands for a field that is empty.
const EMPTY: &str = "(empty)";

/// What is sampled.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// A register, or `documents`.
    pub population: String,
    /// Only with these values: field and value.
    pub filters: Vec<(String, String)>,
    /// First day.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Field the days are looked for in; the register's own when none is named.
    pub day: Option<String>,
}

/// Something of the population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its day, as written.
    pub day: String,
    /// File it stands in.
    pub path: String,
    /// Value of the field the sample is spread over.
    pub stratum: String,
}

/// All there is to choose from, by id.
#[derive(Clone, Debug)]
pub struct Population {
    /// A register, or `documents`.
    pub name: String,
    /// What it was narrowed to, in words; empty when it was not.
    pub filter: String,
    /// The field with the day of an item; empty when there is none.
    pub day_field: String,
    /// Items left out because they have no day.
    pub undated: usize,
    /// Everything, sorted by the bytes of the ids.
    pub items: Vec<Item>,
}

/// A part of a population, chosen by a seed.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The seed as given.
    pub seed: String,
    /// The field it is spread over; empty when it is not.
    pub stratify: String,
    /// How many of each value were there, and how many are chosen.
    pub strata: Vec<(String, usize, usize)>,
    /// The chosen ones with their rank values, in the order of the method.
    pub chosen: Vec<(Item, String)>,
}

impl Population {
    /// The list of ids, one to a line: what the digest is taken of.
    #[must_use]
    pub fn ids(&self) -> String {
        self.items.iter().map(|i| format!("{}\n", i.id)).collect()
    }

    /// SHA-256 of the list of ids.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256(&[&self.ids()])
    }

    /// Chooses `size` items: those whose rank values are the lowest.
    #[must_use]
    pub fn choose(&self, size: usize, seed: &str, stratify: Option<&str>) -> Sample {
        let mut strata: BTreeMap<&str, Vec<(String, &Item)>> = BTreeMap::new();
        for item in &self.items {
            let name = if stratify.is_some() { item.stratum.as_str() } else { "" };
            strata.entry(name).or_default().push((rank(seed, &item.id), item));
        }
        let sizes: Vec<(&str, usize)> = strata.iter().map(|(name, items)| (*name, items.len())).collect();
        let places = places(&sizes, size);
        let mut chosen: Vec<(Item, String)> = Vec::new();
        for (items, count) in strata.values_mut().zip(&places) {
            items.sort_by(|a, b| (&a.0, &a.1.id).cmp(&(&b.0, &b.1.id)));
            chosen.extend(items.iter().take(*count).map(|(rank, item)| ((*item).clone(), rank.clone())));
        }
        let strata = sizes.iter().zip(&places).map(|((name, all), n)| ((*name).to_owned(), *all, *n)).collect();
        Sample { seed: seed.to_owned(), stratify: stratify.unwrap_or_default().to_owned(), strata, chosen }
    }
}

/// The rank value of an id: SHA-256 of the seed, a line break and the id.
fn rank(seed: &str, id: &str) -> String {
    sha256(&[seed, "\n", id])
}

fn sha256(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// How many places each stratum gets. They are given one after the other, each to the stratum with the most members for each
/// place it has; one without a place comes before all others; of equals the larger, then the first by name.
fn places(strata: &[(&str, usize)], size: usize) -> Vec<usize> {
    let mut out = vec![0_usize; strata.len()];
    for _ in 0..size.min(strata.iter().map(|(_, n)| n).sum()) {
        let open = strata.iter().zip(&out).enumerate().filter(|(_, ((_, n), has))| *has < n);
        let best = open.reduce(|a, b| if before(b.1, a.1) { b } else { a }).map(|(index, _)| index);
        if let Some(has) = best.and_then(|index| out.get_mut(index)) {
            *has += 1;
        }
    }
    out
}

/// Whether one stratum gets the next place before another that stands before it by name.
fn before((a, a_has): (&(&str, usize), &usize), (b, b_has): (&(&str, usize), &usize)) -> bool {
    match (*a_has == 0, *b_has == 0) {
        (true, false) => true,
        (false, true) => false,
        (true, true) => a.1 > b.1,
        // a.1 / a_has > b.1 / b_has, without fractions.
        (false, false) => {
            let (left, right) = (a.1.saturating_mul(*b_has), b.1.saturating_mul(*a_has));
            left > right || (left == right && a.1 > b.1)
        }
    }
}

/// Gathers a population.
///
/// # Errors
/// When there is no such register or field, an id cannot stand on a line, or nothing is left to choose from.
pub fn population(ws: &Workspace, question: &Question, stratify: Option<&str>) -> Result<Population, Error> {
    let shape = shape_of(ws, &question.population)?;
    let fields = question.filters.iter().map(|(f, _)| f.trim_end_matches('!'));
    for field in fields.chain(stratify).chain(question.day.as_deref()) {
        known(shape, field, &question.population)?;
    }
    let day_field = match &question.day {
        Some(field) => field.clone(),
        None => first_day(shape, &question.population).unwrap_or_default(),
    };
    let period = question.since.is_some() || question.until.is_some();
    if period && day_field.is_empty() {
        let message = format!("the register {} has no field with a day", question.population);
        return Err(Error::usage(message, "Leave out `--since` and `--until`."));
    }
    let mut out = Population {
        name: question.population.clone(),
        filter: in_words(question, &day_field),
        day_field,
        undated: 0,
        items: Vec::new(),
    };
    for entity in members(ws, &question.population) {
        if !question.filters.iter().all(|(field, value)| holds(entity, field, value)) {
            continue;
        }
        let day = texts(entity, &out.day_field).into_iter().next().unwrap_or_default();
        match Moment::parse(day.trim()).map(|m| m.day) {
            None if period => out.undated += 1,
            Some(on) if question.since.is_some_and(|s| on < s) || question.until.is_some_and(|u| on > u) => {}
            _ => out.items.push(item(entity, day, stratify)),
        }
    }
    out.items.sort_by(|a, b| a.id.cmp(&b.id));
    out.items.dedup_by(|a, b| a.id == b.id);
    sound(out)
}

fn item(entity: EntityView<'_>, day: &str, stratify: Option<&str>) -> Item {
    let title = if entity.is_artifact() { entity.artifact().title() } else { entity.label() };
    let strata = stratify.map_or_else(Vec::new, |field| texts(entity, field));
    Item {
        id: entity.id().to_owned(),
        title: title.to_owned(),
        day: day.to_owned(),
        path: entity.ws.sources.path(entity.span()).to_owned(),
        stratum: if strata.is_empty() { EMPTY.to_owned() } else { strata.join(";") },
    }
}

/// An id that breaks a line could not be told apart in the list.
fn sound(population: Population) -> Result<Population, Error> {
    if let Some(odd) = population.items.iter().find(|i| i.id.contains(char::is_control)) {
        let message = format!("the id {:?} holds a sign that cannot stand in a list of ids", odd.id);
        return Err(Error::usage(message, "Mend it first; `smsctl check` says where it stands."));
    }
    if population.items.is_empty() {
        let filter = if population.filter.is_empty() { String::new() } else { format!(" with {}", population.filter) };
        let message = format!("there is nothing in {}{filter}", population.name);
        return Err(Error::usage(message, "Look at the register with `smsctl list --entities`, or ask for less."));
    }
    Ok(population)
}

/// The fields an item of the population may have.
fn shape_of<'a>(ws: &'a Workspace, name: &str) -> Result<&'a Shape, Error> {
    let schema = if name == DOCUMENTS { ws.schemas.kind("policy") } else { ws.schemas.entry(name) };
    schema.map(|s| &s.shape).ok_or_else(|| {
        let near = did_you_mean(name, ws.schemas.registers().chain([DOCUMENTS]));
        let all = || format!("Known are: {DOCUMENTS}, {}.", ws.schemas.registers().collect::<Vec<_>>().join(", "));
        Error::usage(format!("`{name}` is no register"), if near.is_empty() { all() } else { near })
    })
}

fn known(shape: &Shape, field: &str, register: &str) -> Result<(), Error> {
    let found = field.split('.').try_fold(shape, |shape, part| shape.field(part));
    if found.is_some() {
        return Ok(());
    }
    let near = did_you_mean(field, shape.field_names());
    let all = || format!("Fields are: {}.", shape.field_names().collect::<Vec<_>>().join(", "));
    let message = format!("{register} have no field `{field}`");
    Err(Error::usage(message, if near.is_empty() { all() } else { near }))
}

/// The first field with a day or a moment, in the order of the schema.
fn first_day(shape: &Shape, name: &str) -> Option<String> {
    if name == DOCUMENTS {
        return Some("effective_on".to_owned());
    }
    let names = || shape.field_names().filter(|f| f.ends_with("_on") || f.ends_with("_at") || *f == "on");
    let ahead = |f: &&str| f.starts_with("planned_") || f.starts_with("next_") || f.ends_with("due_on");
    names().find(|f| !ahead(f)).or_else(|| names().next()).map(str::to_owned)
}

fn in_words(question: &Question, day: &str) -> String {
    let mut parts: Vec<String> = question.filters.iter().map(|(f, v)| format!("{f}={v}")).collect();
    parts.extend(question.since.map(|on| format!("{day}>={on}")));
    parts.extend(question.until.map(|on| format!("{day}<={on}")));
    parts.join(", ")
}

/// Everything of a register in documents that are in use, or all documents whatever their status.
fn members<'a>(ws: &'a Workspace, name: &'a str) -> Vec<EntityView<'a>> {
    if name == DOCUMENTS {
        return ws.artifacts().filter_map(super::ArtifactView::entity).collect();
    }
    let in_list = |e: &EntityView<'_>| matches!(e.path(), [Step::Key(k), Step::Index(_)] if &**k == "entries");
    let own = |e: &EntityView<'_>| matches!(e.path(), [Step::Key(k)] if &**k == "entry");
    let documents = ws.register(name).filter(|a| a.is_current());
    documents.flat_map(|a| a.entity().into_iter().filter(own).chain(a.children().filter(in_list))).collect()
}

/// The texts of a field; dots lead into fields within.
fn texts<'a>(entity: EntityView<'a>, field: &str) -> Vec<&'a str> {
    let front = entity.artifact().front();
    // What an entry in a document of its own does not say of itself, its control block says.
    let nodes = [Some(entity.node()), Some(front).filter(|_| entity.is_artifact())];
    let found = nodes.into_iter().flatten().find_map(|n| field.split('.').try_fold(n, Node::get));
    let items = |node: &'a Node| node.as_str().into_iter().chain(node.items().iter().filter_map(Node::as_str));
    found.map_or_else(Vec::new, |node| items(node).collect())
}

fn holds(entity: EntityView<'_>, field: &str, value: &str) -> bool {
    let (field, wanted) = field.strip_suffix('!').map_or((field, true), |field| (field, false));
    texts(entity, field).contains(&value) == wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population(ids: &[(&str, &str)]) -> Population {
        let item = |(id, stratum): &(&str, &str)| Item {
            id: (*id).to_owned(),
            title: String::new(),
            day: String::new(),
            path: String::new(),
            stratum: (*stratum).to_owned(),
        };
        let items = ids.iter().map(item).collect();
        Population { name: "changes".into(), filter: String::new(), day_field: String::new(), undated: 0, items }
    }

    /// `printf '7\nA-1' | sha256sum`, and `printf 'A-1\nA-2\n' | sha256sum`.
    #[test]
    fn rank_and_digest_are_those_of_stock_tools() {
        assert_eq!(rank("7", "A-1"), RANK);
        assert_eq!(population(&[("A-1", ""), ("A-2", "")]).digest(), DIGEST);
    }

    const RANK: &str = "7652885de62222782739246a5b74fd36f2d5f17a877b9062160f0b0ca7609be4";
    const DIGEST: &str = "7a4bd03b787535b62c9aedc5567a7f9fb434e06c6f6e34f849e5276efa0528f4";

    #[test]
    fn the_same_seed_chooses_the_same_and_another_one_something_else() {
        let names: Vec<String> = (1..=40).map(|n| format!("CHG-{n:03}")).collect();
        let ids: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "")).collect();
        let chosen =
            |seed: &str| population(&ids).choose(6, seed, None).chosen.into_iter().map(|c| c.0.id).collect::<Vec<_>>();
        assert_eq!(chosen("1"), chosen("1"));
        assert_ne!(chosen("1"), chosen("2"));
        assert_eq!(population(&ids).choose(99, "1", None).chosen.len(), 40);
    }

    #[test]
    fn places_are_spread_and_no_stratum_is_left_out_while_there_is_room() {
        let strata = [("emergency", 2), ("normal", 90), ("standard", 8)];
        assert_eq!(places(&strata, 10), [1, 8, 1]);
        assert_eq!(places(&strata, 2), [0, 1, 1]);
        assert_eq!(places(&strata, 0), [0, 0, 0]);
        assert_eq!(places(&strata, 500), [2, 90, 8]);
        assert_eq!(places(&[], 3), Vec::<usize>::new());
    }
}
