//! What changed in the front matter: values by field, entries by id.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::align::{Budget, Numbers, align};
use super::layout::{Layout, LayoutKind, Side};
use super::{Comparison, EntryChange, EntryKind, FieldChange};
use crate::document::{Data, Field, FrontMatter, Node};

/// Compares the front matter of two sides.
pub(super) fn compare(old: &Side, new: &Side, out: &mut Comparison) {
    let (before, after) = (old.document.front.node(), new.document.front.node());
    let own = |node: Option<&Node>| node.and_then(|n| n.str("id")).unwrap_or("entry").to_owned();
    let mut walk = Walk::default();
    for (key, was, is) in fields_of(before, after) {
        match key {
            "entries" if is_list(was) && is_list(is) => out.entries.extend(entries(items(was), items(is), &mut walk)),
            "entry" => out.entries.extend(entry(own(after.or(before)), was, is, &mut walk)),
            _ => walk.value(key, was, is),
        }
    }
    walk.order_of_keys("", before, after);
    out.size.fields_touched = tops(&walk.fields);
    out.size.commitments_touched |= out.size.fields_touched.iter().any(|f| f == "commitments");
    out.size.entries_touched = !out.entries.is_empty();
    if let (Some(_), Some(_)) = (before, after) {
        comments(old, new, &mut out.layout);
        let order = walk.order.first().map(|path| {
            let message = if path.is_empty() {
                "the order of fields changed".to_owned()
            } else {
                format!("the order in `{path}` changed")
            };
            Layout { kind: LayoutKind::Order, message, line: None }
        });
        let silent = walk.fields.is_empty() && out.entries.is_empty() && order.is_none();
        let said = out.layout.iter().any(|l| l.kind == LayoutKind::Comment);
        out.layout.extend(order);
        if silent && !said && old.head() != new.head() {
            out.layout.push(rewritten(old, new));
        }
    }
    out.fields = walk.fields;
}

/// Quotes or spacing of the front matter.
fn rewritten(old: &Side, new: &Side) -> Layout {
    let differs = old.head().lines().zip(new.head().lines()).position(|(a, b)| a != b);
    let message = "quotes or spacing in the front matter changed, all values are the same".to_owned();
    Layout { kind: LayoutKind::Writing, message, line: differs.map(|line| line + 1) }
}

/// Names of the top fields, each once.
fn tops(fields: &[FieldChange]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for field in fields {
        let top = field.path.split(['.', '[']).next().unwrap_or_default();
        if out.last().is_none_or(|last| last != top) {
            out.push(top.to_owned());
        }
    }
    out
}

fn is_list(node: Option<&Node>) -> bool {
    node.is_none_or(|n| matches!(n.data, Data::List(_)))
}

fn items(node: Option<&Node>) -> &[Node] {
    node.map(Node::items).unwrap_or_default()
}

type Both<'n> = (&'n str, Option<&'n Node>, Option<&'n Node>);

/// The fields of two maps: in the new order, then those that are gone.
fn fields_of<'n>(old: Option<&'n Node>, new: Option<&'n Node>) -> Vec<Both<'n>> {
    let list = |node: Option<&'n Node>| -> &'n [Field] { node.map(Node::fields).unwrap_or_default() };
    let map = |node| list(node).iter().map(|f| (&*f.key, &f.value)).collect::<HashMap<_, _>>();
    let (before, after) = (map(old), map(new));
    let kept = list(new).iter().map(|f| (&*f.key, before.get(&*f.key).copied(), Some(&f.value)));
    let gone = list(old).iter().filter(|f| !after.contains_key(&*f.key)).map(|f| (&*f.key, Some(&f.value), None));
    kept.chain(gone).collect()
}

/// Entries of two lists by id.
pub(super) fn entries(old: &[Node], new: &[Node], walk: &mut Walk) -> Vec<EntryChange> {
    let (before, after) = (named(old), named(new));
    let known: HashMap<&str, &Node> = before.iter().map(|(id, n)| (id.as_str(), *n)).collect();
    let now: HashSet<&str> = after.iter().map(|(id, _)| id.as_str()).collect();
    let moved = moved(&before, &after);
    let mut out = Vec::new();
    for (id, is) in &after {
        let was = known.get(id.as_str()).copied();
        let found = entry(id.clone(), was, Some(is), walk);
        let strayed = moved.contains(id.as_str());
        if strayed && found.is_some() {
            walk.order.push("entries".to_owned());
        }
        let only_moved = strayed && found.is_none();
        out.extend(found.or_else(|| only_moved.then(|| EntryChange { id: id.clone(), change: EntryKind::Moved })));
    }
    for (id, was) in before.iter().filter(|(id, _)| !now.contains(id.as_str())) {
        out.extend(entry(id.clone(), Some(was), None, walk));
    }
    out
}

/// Each entry with an id of its own: a second one of the same id counts on, one without is known by its position.
fn named(items: &[Node]) -> Vec<(String, &Node)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for (index, node) in items.iter().enumerate() {
        let name = match node.str("id") {
            None => format!("#{}", index + 1),
            Some(id) => {
                let count = seen.entry(id).or_default();
                *count += 1;
                if *count > 1 { format!("{id} ({count})") } else { id.to_owned() }
            }
        };
        out.push((name, node));
    }
    out
}

/// Those on both sides that do not stand in the order they stood in.
fn moved<'i>(before: &'i [(String, &Node)], after: &'i [(String, &Node)]) -> HashSet<&'i str> {
    let mut numbers = Numbers::default();
    let old: Vec<u32> = before.iter().map(|(id, _)| numbers.of(id.as_str())).collect();
    let new: Vec<u32> = after.iter().map(|(id, _)| numbers.of(id.as_str())).collect();
    let stayed: HashSet<usize> = align(&old, &new, &mut Budget::default()).into_iter().map(|(_, b)| b).collect();
    let old: HashSet<u32> = old.into_iter().collect();
    let strays = after.iter().zip(&new).enumerate().filter(|(at, (_, n))| !stayed.contains(at) && old.contains(*n));
    strays.map(|(_, ((id, _), _))| id.as_str()).collect()
}

fn entry(id: String, was: Option<&Node>, is: Option<&Node>, walk: &mut Walk) -> Option<EntryChange> {
    let mut inner = Walk::default();
    let maps = |node: Option<&Node>| node.is_none_or(|n| matches!(n.data, Data::Map(_)));
    if maps(was) && maps(is) {
        for (key, was, is) in fields_of(was, is) {
            inner.value(key, was, is);
        }
        inner.order_of_keys(&id, was, is);
    } else {
        inner.value("value", was, is);
    }
    walk.order.append(&mut inner.order);
    let change = match (was, is) {
        (None, _) => EntryKind::Added(inner.fields),
        (_, None) => EntryKind::Removed(inner.fields),
        _ if inner.fields.is_empty() => return None,
        _ => EntryKind::Changed(inner.fields),
    };
    Some(EntryChange { id, change })
}

/// Collects what differs between two values.
#[derive(Default)]
pub(super) struct Walk {
    pub fields: Vec<FieldChange>,
    /// Paths of maps and lists whose parts stand in another order.
    pub order: Vec<String>,
}

impl Walk {
    pub(super) fn value(&mut self, path: &str, old: Option<&Node>, new: Option<&Node>) {
        match (old.map(|n| &n.data), new.map(|n| &n.data)) {
            (Some(Data::Map(_)), Some(Data::Map(_))) => {
                for (key, was, is) in fields_of(old, new) {
                    self.value(&format!("{path}.{key}"), was, is);
                }
                self.order_of_keys(path, old, new);
            }
            (Some(Data::List(a)), Some(Data::List(b))) => self.lists(path, a, b),
            _ => self.whole(path, old, new),
        }
    }

    fn lists(&mut self, path: &str, old: &[Node], new: &[Node]) {
        let simple = |items: &[Node]| items.iter().all(|i| matches!(i.data, Data::Scalar { .. } | Data::Null));
        if let Some(key) = ["id", "version"].into_iter().find(|key| keyed(old, key) && keyed(new, key)) {
            let name = |node: &Node| node.str(key).unwrap_or_default().to_owned();
            let known: HashMap<String, &Node> = old.iter().map(|n| (name(n), n)).collect();
            let now: HashSet<String> = new.iter().map(name).collect();
            for is in new {
                self.value(&format!("{path}[{}]", name(is)), known.get(&name(is)).copied(), Some(is));
            }
            for was in old.iter().filter(|n| !now.contains(&name(n))) {
                self.value(&format!("{path}[{}]", name(was)), Some(was), None);
            }
            let shared = |nodes: &[Node], other: &dyn Fn(&str) -> bool| {
                nodes.iter().map(name).filter(|n| other(n)).collect::<Vec<_>>()
            };
            if shared(old, &|n| now.contains(n)) != shared(new, &|n| known.contains_key(n)) {
                self.order.push(path.to_owned());
            }
        } else if simple(old) && simple(new) {
            let same = old.len() == new.len() && old.iter().zip(new).all(|(a, b)| same_scalar(a, b));
            if !same {
                self.fields.push(FieldChange { path: path.to_owned(), old: Some(list(old)), new: Some(list(new)) });
            }
        } else {
            for index in 0..old.len().max(new.len()) {
                self.value(&format!("{path}[{}]", index + 1), old.get(index), new.get(index));
            }
        }
    }

    fn whole(&mut self, path: &str, old: Option<&Node>, new: Option<&Node>) {
        if let (Some(a), Some(b)) = (old, new)
            && same_scalar(a, b)
        {
            return;
        }
        let (mut was, mut is) = (old.map(shown), new.map(shown));
        if was == is {
            // A text and a list of this one text.
            let bracket = |node: Option<&Node>, text: &mut Option<String>| {
                if node.is_some_and(|n| !matches!(n.data, Data::Scalar { .. })) {
                    *text = text.take().map(|text| format!("[{text}]"));
                }
            };
            bracket(old, &mut was);
            bracket(new, &mut is);
        }
        self.fields.push(FieldChange { path: path.to_owned(), old: was, new: is });
    }

    fn order_of_keys(&mut self, path: &str, old: Option<&Node>, new: Option<&Node>) {
        let (Some(old), Some(new)) = (old, new) else { return };
        let keys = |node: &Node| node.fields().iter().map(|f| f.key.to_string()).collect::<Vec<_>>();
        let (before, after) = (keys(old), keys(new));
        let shared = |keys: &[String], other: &[String]| {
            let other: HashSet<&String> = other.iter().collect();
            keys.iter().filter(|k| other.contains(k)).cloned().collect::<Vec<_>>()
        };
        if shared(&before, &after) != shared(&after, &before) {
            self.order.push(path.to_owned());
        }
    }
}

/// Whether all items are maps with a name of their own in this field.
fn keyed(items: &[Node], key: &str) -> bool {
    let mut seen = HashSet::new();
    items.iter().all(|item| item.str(key).is_some_and(|name| seen.insert(name)))
}

fn same_scalar(a: &Node, b: &Node) -> bool {
    match (&a.data, &b.data) {
        (Data::Scalar { text: a, .. }, Data::Scalar { text: b, .. }) => a == b,
        (Data::Null, Data::Null) => true,
        _ => false,
    }
}

fn list(items: &[Node]) -> String {
    let item = |node: &Node| match shown(node) {
        text if text.contains(", ") || text.trim() != text || text.is_empty() => format!("\"{text}\""),
        text => text,
    };
    if items.is_empty() { "none".to_owned() } else { items.iter().map(item).collect::<Vec<_>>().join(", ") }
}

/// A value in words: a text as it is, a list with commas, a map as `field: value` with semicolons.
fn shown(node: &Node) -> String {
    match &node.data {
        Data::Null => "empty".to_owned(),
        Data::Scalar { text, .. } if text.is_empty() => "\"\"".to_owned(),
        Data::Scalar { text, .. } => text.to_string(),
        Data::List(items) => list(items),
        Data::Map(fields) => {
            let field = |f: &Field| match &f.value.data {
                Data::Map(_) => format!("{}: ({})", f.key, shown(&f.value)),
                _ => format!("{}: {}", f.key, shown(&f.value)),
            };
            fields.iter().map(field).collect::<Vec<_>>().join("; ")
        }
    }
}

/// Comments of the front matter that came or went.
fn comments(old: &Side, new: &Side, out: &mut Vec<Layout>) {
    let (before, after) = (comments_of(old), comments_of(new));
    let mut numbers = Numbers::default();
    let was: Vec<u32> = before.iter().map(|(c, _)| numbers.of(*c)).collect();
    let is: Vec<u32> = after.iter().map(|(c, _)| numbers.of(*c)).collect();
    let same = align(&was, &is, &mut Budget::default());
    let (kept_old, kept_new): (HashSet<usize>, HashSet<usize>) = same.into_iter().unzip();
    let mut say = |message: String, line| out.push(Layout { kind: LayoutKind::Comment, message, line });
    for (_, (text, _)) in before.iter().enumerate().filter(|(i, _)| !kept_old.contains(i)) {
        say(format!("a comment in the front matter was removed: {text}"), None);
    }
    for (_, (text, line)) in after.iter().enumerate().filter(|(i, _)| !kept_new.contains(i)) {
        say(format!("a comment in the front matter was added: {text}"), Some(*line));
    }
}

/// Each comment with its line: what follows `#` outside of keys and values.
fn comments_of(side: &Side) -> Vec<(&str, usize)> {
    let FrontMatter::Present { node, yaml, .. } = &side.document.front else { return Vec::new() };
    let mut taken = Vec::new();
    leaves(node, &mut taken);
    taken.push((yaml.end, yaml.end));
    taken.sort_unstable();
    let (mut out, mut from, mut line, mut counted) = (Vec::new(), yaml.start, 1, 0);
    for (start, end) in taken {
        let gap = side.text.get(from..start.max(from)).unwrap_or_default();
        let mut at = from;
        for part in gap.split_inclusive('\n') {
            if let Some(mark) = part.find('#') {
                line += side.text.get(counted..at).unwrap_or_default().matches('\n').count();
                counted = at;
                out.push((part.get(mark..).unwrap_or_default().trim(), line));
            }
            at += part.len();
        }
        from = from.max(end);
    }
    out
}

fn leaves(node: &Node, out: &mut Vec<(usize, usize)>) {
    match &node.data {
        Data::Map(fields) => {
            for field in fields {
                out.push((field.key_span.start as usize, field.key_span.end as usize));
                leaves(&field.value, out);
            }
        }
        Data::List(items) => items.iter().for_each(|item| leaves(item, out)),
        _ => out.push((node.span.start as usize, node.span.end as usize)),
    }
}
