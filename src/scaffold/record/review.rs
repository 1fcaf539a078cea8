//! A review that found nothing to change: its day, and the day of the next one.

use jiff::civil::Date;

use super::{Edit, csv, front_of, refused, text_at, yaml};
use crate::document::{Node, Step};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::source::Span;
use crate::workspace::{EntityView, Workspace, duration};

/// Fields that hold the day of the last review, by register.
const LAST: [&str; 3] = ["last_reviewed_on", "last_review_on", "reviewed_on"];
const NEXT: &str = "next_review_on";

/// Notes that a document or an entry was reviewed on a day. Writes nothing.
///
/// # Errors
/// When the id is unknown, has no day of review, or the text cannot be changed without touching the rest.
pub fn reviewed(ws: &Workspace, id: &str, on: Date, next: Option<Date>) -> Result<Edit, Error> {
    let Some(entity) = ws.entity(id) else {
        let near = did_you_mean(id, ws.entities.iter().map(|e| e.id.as_str()));
        let help = if near.is_empty() { "`smsctl list --entities` lists every id.".to_owned() } else { near };
        return Err(Error::usage(format!("nothing here has the id `{id}`"), help));
    };
    let fields = fields(ws, entity);
    let holds = |name: &str| fields.iter().any(|f| f == name);
    let last = LAST.into_iter().find(|f| holds(f));
    if last.is_none() && !holds(NEXT) {
        let message = format!("{id} is a {} and has no day of review", entity.kind().replace('-', " "));
        return Err(Error::usage(
            message,
            "Documents have one, and entries with a field `reviewed_on` or `next_review_on`.",
        ));
    }
    if next.is_some() && !holds(NEXT) {
        let message = format!("{id} has no field `{NEXT}`");
        return Err(Error::usage(message, "Leave out `--next`; its next review follows from its interval."));
    }
    let next = next.or_else(|| following(entity, last, on).filter(|_| holds(NEXT)));
    if last.is_none() && next.is_none() {
        let message = format!("{id} holds the day of its next review, which does not follow from anything");
        return Err(Error::usage(message, "Say it with `--next`."));
    }
    edit(ws, entity, last.map(|l| (l, on)), next)
}

/// Names of the fields an entity may have.
fn fields(ws: &Workspace, entity: EntityView<'_>) -> Vec<String> {
    let artifact = entity.artifact();
    let entry = artifact.register().filter(|_| !entity.path().is_empty()).and_then(|r| ws.schemas.entry(r));
    let schema = match entity.path() {
        [] => ws.schemas.kind(artifact.kind()),
        _ => entry,
    };
    schema.map(|s| s.shape.field_names().map(str::to_owned).collect()).unwrap_or_default()
}

/// The day of the next review, when one was written: by the entity's interval, else as far away as the last time.
fn following(entity: EntityView<'_>, last: Option<&str>, on: Date) -> Option<Date> {
    let old = entity.date(NEXT)?;
    if let Some(interval) = entity.str("review_interval").and_then(duration) {
        return on.checked_add(interval).ok();
    }
    let distance = entity.date(last?).and_then(|before| before.until(old).ok()).filter(|d| d.is_positive())?;
    on.checked_add(distance).ok()
}

fn edit(ws: &Workspace, entity: EntityView<'_>, last: Option<(&str, Date)>, next: Option<Date>) -> Result<Edit, Error> {
    let days = last.into_iter().chain(next.map(|n| (NEXT, n)));
    let changes: Vec<(&str, String)> = days.map(|(field, day)| (field, day.to_string())).collect();
    let path = ws.sources.path(entity.span()).to_owned();
    let by_hand = "Change the day with an editor.";
    let before = text_at(ws, &path).ok_or_else(|| refused(&path, "it cannot be read", by_hand))?;
    let mut after = before.to_owned();
    for (field, value) in &changes {
        let now = if path == entity.artifact().path() {
            in_front_matter(&after, entity.path(), field, value)
        } else {
            in_row(&after, entity.node().field(field).map(|f| f.value.span), before, value)
        };
        after = now.ok_or_else(|| refused(&path, &format!("`{field}` cannot be set there"), by_hand))?;
    }
    Ok(Edit { id: entity.id().to_owned(), path, before: before.to_owned(), after })
}

fn in_front_matter(text: &str, way: &[Step], field: &str, value: &str) -> Option<String> {
    let front = front_of(text)?;
    let map = front.at(way)?;
    let out =
        yaml::set(text, map, field, value, &["last_reviewed_on", "last_review_on", "reviewed_on", "effective_on"])?;
    // The proof: this field has the value, and no other one changed.
    let now = front_of(&out)?;
    let (before, after): (&Node, &Node) = (front.at(way)?, now.at(way)?);
    let kept = before.fields().iter().filter(|f| &*f.key != field);
    let same = kept
        .into_iter()
        .all(|f| after.field(&f.key).is_some_and(|g| crate::scaffold::fix::same_value(&f.value, &g.value)));
    (same && after.str(field) == Some(value)).then_some(out)
}

/// A cell that holds a day keeps its length, so places stay what they were.
fn in_row(text: &str, cell: Option<Span>, before: &str, value: &str) -> Option<String> {
    let range = cell?.range();
    let same_length = before.get(range.clone())?.len() == value.len();
    let mut out = text.to_owned();
    out.replace_range(range, &csv::cell(value));
    same_length.then_some(out)
}
