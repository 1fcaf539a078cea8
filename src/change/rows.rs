//! What changed between two versions of a CSV file.

use super::fields::{self, Walk};
use super::layout::{self, Layout, LayoutKind, Side};
use super::{BlockChange, BlockKind, ChangeKind, Comparison, Presence};
use crate::document::{self, Node};
use crate::source::FileId;

/// Compares two versions of a CSV file: rows by their `id`, else by position. Where a file cannot be read row by row its
/// lines are compared.
#[must_use]
pub fn compare_csv(old: Option<&[u8]>, new: Option<&[u8]>) -> Comparison {
    if old == new {
        return Comparison::same();
    }
    let mut out = Comparison::start(old, new);
    let (before, after) = (Side::read(old), Side::read(new));
    if out.presence == Presence::Both {
        layout::compare(&before, &after, &mut out.layout);
    }
    match (rows(&before), rows(&after)) {
        (Some((old_columns, old_rows)), Some((columns, new_rows))) => {
            let mut walk = Walk::default();
            out.entries = fields::entries(&old_rows, &new_rows, &mut walk);
            columns_changed(&old_columns, &columns, &mut out.layout);
        }
        _ => out.blocks = lines(&before.text, &after.text),
    }
    out.size.entries_touched = !(out.entries.is_empty() && out.blocks.is_empty());
    out.size.tables_touched = !out.blocks.is_empty();
    out.finish()
}

/// Names of the columns, and the rows; none when the file has defects.
fn rows(side: &Side) -> Option<(Vec<String>, Vec<Node>)> {
    let (table, problems) = document::load_csv(FileId(0), &side.text);
    let whole = problems.is_empty() || side.text.is_empty();
    whole.then(|| (table.header.into_iter().map(|(name, _)| name).collect(), table.rows))
}

fn columns_changed(old: &[String], new: &[String], out: &mut Vec<Layout>) {
    let mut say = |kind, message| out.push(Layout { kind, message, line: Some(1) });
    let only =
        |these: &[String], those: &[String]| these.iter().filter(|c| !those.contains(c)).cloned().collect::<Vec<_>>();
    let (gone, fresh) = (only(old, new), only(new, old));
    if !gone.is_empty() {
        say(LayoutKind::Columns, format!("removed columns: {}", gone.join(", ")));
    }
    if !fresh.is_empty() {
        say(LayoutKind::Columns, format!("new columns: {}", fresh.join(", ")));
    }
    if gone.is_empty() && fresh.is_empty() && old != new {
        say(LayoutKind::Order, "the order of columns changed".to_owned());
    }
}

fn lines(old: &str, new: &str) -> Vec<BlockChange> {
    let mut numbers = super::align::Numbers::default();
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let was: Vec<u32> = before.iter().map(|line| numbers.of(*line)).collect();
    let is: Vec<u32> = after.iter().map(|line| numbers.of(*line)).collect();
    let mut pairs = super::align::align(&was, &is, &mut super::Budget::default());
    pairs.push((before.len(), after.len()));
    let (mut from, mut to, mut out) = (0, 0, Vec::new());
    for (a, b) in pairs {
        out.extend((from..a).filter_map(|i| Some(line(before.get(i)?, i + 1, ChangeKind::Removed))));
        out.extend((to..b).filter_map(|i| Some(line(after.get(i)?, i + 1, ChangeKind::Added))));
        (from, to) = (a + 1, b + 1);
    }
    out
}

fn line(text: &str, number: usize, change: ChangeKind) -> BlockChange {
    let added = change == ChangeKind::Added;
    let mark = if added { super::Mark::Added } else { super::Mark::Removed };
    BlockChange {
        trail: Vec::new(),
        kind: BlockKind::Other,
        change,
        name: None,
        segments: vec![super::Segment { mark, text: text.to_owned() }],
        cells: Vec::new(),
        old_line: (!added).then_some(number),
        new_line: added.then_some(number),
        whitespace_only: false,
        renumbered: false,
    }
}
