//! Nested things as a tree of lines, or as a Mermaid graph.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::{one_line, printable};

/// A thing with what hangs below it.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// What it is; two items of one key are one box of a graph. Empty for a gap, which is always its own.
    pub key: String,
    /// Its words.
    pub text: String,
    /// Words in the tree only: why it goes no further.
    pub remark: String,
    /// Something that ought to be there and is not.
    pub gap: bool,
    /// What hangs below it.
    pub children: Vec<Item>,
}

impl Item {
    /// A thing that is there.
    #[must_use]
    pub fn new(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key: key.into(), text: text.into(), ..Self::default() }
    }

    /// A gap, shown as one.
    #[must_use]
    pub fn gap(what: &str) -> Self {
        Self { text: format!("— no {what}"), gap: true, ..Self::default() }
    }
}

/// Lines with branches in front.
#[must_use]
pub fn tree(items: &[Item], colour: bool) -> String {
    let mut out = String::new();
    for item in items {
        let _ = writeln!(out, "{}", words(item, colour));
        branches(&mut out, &item.children, "", colour);
    }
    out
}

fn branches(out: &mut String, items: &[Item], indent: &str, colour: bool) {
    for (index, item) in items.iter().enumerate() {
        let last = index + 1 == items.len();
        let (turn, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let _ = writeln!(out, "{indent}{turn}{}", words(item, colour));
        branches(out, &item.children, &format!("{indent}{below}"), colour);
    }
}

fn words(item: &Item, colour: bool) -> String {
    let text = one_line(&item.text);
    let text = if item.gap && colour { format!("\u{1b}[33m{text}\u{1b}[0m") } else { text };
    if item.remark.is_empty() { text } else { format!("{text} {}", one_line(&item.remark)) }
}

/// A Mermaid flowchart; `up` draws the arrows from below to above.
#[must_use]
pub fn mermaid(items: &[Item], up: bool) -> String {
    let mut graph = Graph::default();
    for item in items {
        graph.add(item, None, up);
    }
    graph.text()
}

/// Two sides of one thing: what is above it points to it, it points to what is below.
#[must_use]
pub fn mermaid_of_two_sides(above: &Item, below: &Item) -> String {
    let mut graph = Graph::default();
    graph.add(above, None, true);
    graph.add(below, None, false);
    graph.text()
}

#[derive(Default)]
struct Graph {
    ids: HashMap<String, usize>,
    drawn: HashSet<(usize, usize)>,
    count: usize,
    nodes: String,
    edges: String,
    gaps: bool,
}

impl Graph {
    fn text(&self) -> String {
        let class = if self.gaps { "  classDef gap stroke:#b45309,stroke-dasharray:4 4\n" } else { "" };
        format!("flowchart LR\n{}{}{class}", self.nodes, self.edges)
    }

    fn add(&mut self, item: &Item, parent: Option<usize>, up: bool) {
        let id = self.node(item);
        if let Some(parent) = parent {
            let (from, to) = if up { (id, parent) } else { (parent, id) };
            if self.drawn.insert((from, to)) {
                let _ = writeln!(self.edges, "  n{from} --> n{to}");
            }
        }
        for child in &item.children {
            self.add(child, Some(id), up);
        }
    }

    fn node(&mut self, item: &Item) -> usize {
        if let Some(known) = self.ids.get(&item.key).filter(|_| !item.key.is_empty()) {
            return *known;
        }
        let id = self.count;
        self.count += 1;
        let class = if item.gap { ":::gap" } else { "" };
        self.gaps |= item.gap;
        let _ = writeln!(self.nodes, "  n{id}[\"{}\"]{class}", label(&item.text));
        if !item.key.is_empty() {
            self.ids.insert(item.key.clone(), id);
        }
        id
    }
}

/// Text that Mermaid takes as text: its own marks and those of HTML and Markdown as entity codes.
fn label(text: &str) -> String {
    let mut out = String::new();
    for c in printable(text).chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '"' => out.push_str("#quot;"),
            '#' | '&' | '<' | '>' | '`' | '*' | '_' | '\\' | ';' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_branches_and_gaps() {
        let mut root = Item::new("a", "A");
        root.children = vec![Item::new("b", "B\nsecond"), Item::gap("objective")];
        root.children[0].children = vec![Item::new("c", "C")];
        insta::assert_snapshot!(tree(&[root], false), @r"
        A
        ├─ B second
        │  └─ C
        └─ — no objective
        ");
    }

    #[test]
    fn labels_hold_no_mark_of_mermaid() {
        assert_eq!(label("a \"b\" <i>#1;`x`"), "a #quot;b#quot; #60;i#62;#35;1#59;#96;x#96;");
    }
}
