//! What an internal auditor writes down: findings with the case or the improvement that follows, samples, and the check of
//! whether corrective actions worked.

use jiff::civil::Date;

use super::change::Change;
use super::{Addition, Edit, append, front_of, ids, refused, text_at, yaml};
use crate::document::{Node, Step};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::rules::management::auditor_audits_own_work::common_holder;
use crate::schema::{Shape, is_to_do};
use crate::workspace::{EntityView, Workspace, is_within};

/// A finding to be written down.
#[derive(Clone, Debug, Default)]
pub struct AuditFinding {
    /// Id of the audit.
    pub audit: String,
    /// `major`, `minor`, `observation`, `opportunity` or `positive`.
    pub grade: String,
    /// Clause it concerns.
    pub clause: String,
    /// What was found.
    pub statement: String,
    /// What shows it.
    pub evidence: Vec<String>,
    /// Short name of the case or improvement; the first words of the statement when none is given.
    pub title: Option<String>,
    /// Role that answers for dealing with it; the owner of the process of the clause when there is one.
    pub owner: Option<String>,
    /// Day by which it is to be dealt with.
    pub due: Option<Date>,
    /// What is to be done by then.
    pub action: Option<String>,
    /// Role that raised it; the lead auditor when none is given.
    pub by: Option<String>,
}

/// A sample as an audit keeps it: fields with their values, in the order of the schema.
pub type SampleNote = Vec<(&'static str, String)>;

/// The result of the check whether corrective actions worked.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Id of the nonconformity.
    pub case: String,
    /// Day of the check.
    pub on: Date,
    /// Role that checked.
    pub by: String,
    /// What shows it: ids, or paths of documents.
    pub evidence: Vec<String>,
    /// Whether the cause is gone.
    pub effective: bool,
}

const REGISTER: &str = "internal-audits";
/// Characters a title is cut to.
const TITLE: usize = 70;
/// What is to be done when the auditor says no more: the solution is not the auditor's.
const FIND_CAUSE: &str = "Put it right, find the cause, and decide what keeps it from happening again";

/// The files with the finding and what follows from it. Writes nothing.
///
/// # Errors
/// When something named is unknown, something is missing, or a text cannot be changed without touching the rest.
pub fn audit_finding(ws: &Workspace, finding: &AuditFinding, on: Date) -> Result<Vec<Edit>, Error> {
    let audit = held(ws, &finding.audit, on)?;
    known_clause(ws, &finding.clause)?;
    let evidence = evidence(ws, &finding.evidence)?;
    let id = next_finding(ws, on);
    let follows = match finding.grade.as_str() {
        "major" | "minor" => Some(("nc_ref", case(ws, finding, audit, &id, &evidence, on)?)),
        "observation" | "opportunity" => Some(("improvement_ref", improvement(ws, finding, audit, &id, on)?)),
        _ => None,
    };
    let mut fields = vec![
        ("id", id.clone()),
        ("grade", finding.grade.clone()),
        ("clause", finding.clause.clone()),
        ("statement", one_line(&finding.statement)),
        ("evidence", evidence),
    ];
    fields.extend(follows.as_ref().map(|(field, edit)| (*field, edit.id.clone())));
    let edit = within(ws, audit, "findings", &fields, &["report_ref", "plan_ref", "independence_check", "auditors"])?;
    Ok(std::iter::once(Edit { id, ..edit }).chain(follows.map(|(_, edit)| edit)).collect())
}

/// The file of an audit with a sample more. Writes nothing.
///
/// # Errors
/// When there is no such audit, or its text cannot be changed without touching the rest.
pub fn audit_sample(ws: &Workspace, audit: &str, sample: &SampleNote) -> Result<Edit, Error> {
    let audit = known_audit(ws, audit)?;
    within(ws, audit, "samples", sample, &["report_ref", "plan_ref", "independence_check", "auditors"])
}

/// The seeds of samples of a population that an audit holds already.
#[must_use]
pub fn seeds<'a>(ws: &'a Workspace, audit: &str, population: &str) -> Vec<&'a str> {
    let audit = ws.entity(audit).filter(|e| e.is("audit"));
    let samples = audit.map_or(&[][..], |a| a.node().list("samples")).iter();
    samples.filter(|s| s.str("population") == Some(population)).filter_map(|s| s.str("seed")).collect()
}

fn known_audit<'a>(ws: &'a Workspace, id: &str) -> Result<EntityView<'a>, Error> {
    ws.of_type("audit").find(|a| a.id() == id).ok_or_else(|| {
        let near = did_you_mean(id, ws.of_type("audit").map(EntityView::id));
        let help = if near.is_empty() { "`smsctl audit plan` lists the internal audits.".to_owned() } else { near };
        Error::usage(format!("there is no internal audit `{id}`"), help)
    })
}

/// An audit that takes place or has taken place.
fn held<'a>(ws: &'a Workspace, id: &str, on: Date) -> Result<EntityView<'a>, Error> {
    let audit = known_audit(ws, id)?;
    if audit.is_retired() {
        return Err(Error::usage(format!("{id} was cancelled"), "Name the audit in which it was found."));
    }
    let ahead = audit.date("planned_on").filter(|day| *day > on && audit.date("held_on").is_none());
    if let Some(day) = ahead.filter(|_| audit.str("status") != Some("in-progress")) {
        let message = format!("{id} is planned for {day} and has not been held");
        return Err(Error::usage(message, "Enter `held_on` first, or set its status to `in-progress`."));
    }
    Ok(audit)
}

fn known_clause(ws: &Workspace, clause: &str) -> Result<(), Error> {
    if ws.catalog.clause(clause).is_some() {
        return Ok(());
    }
    let near = did_you_mean(clause, ws.catalog.clauses().iter().map(|c| c.id.as_str()));
    let help = if near.is_empty() { "`smsctl audit plan --clauses` lists all clauses.".to_owned() } else { near };
    Err(Error::usage(format!("the standard has no clause `{clause}`"), help))
}

/// Each piece as given: an id or path of this SMS, or words. A single word that is neither is a slip of the pen.
fn evidence(ws: &Workspace, given: &[String]) -> Result<String, Error> {
    for piece in given.iter().map(|p| p.trim()) {
        let known = ws.entity(piece).is_some() || ws.paths.contains(piece) || piece.contains(char::is_whitespace);
        if !known {
            let near = did_you_mean(piece, ws.entities.iter().map(|e| e.id.as_str()));
            let help =
                if near.is_empty() { "Name what was seen by its id or path, or in words." } else { near.as_str() };
            return Err(Error::usage(format!("`{piece}` is no id and no file of this SMS"), help));
        }
    }
    Ok(one_line(&given.join("; ")))
}

/// The next free number of a finding of internal audits.
fn next_finding(ws: &Workspace, on: Date) -> String {
    let own = ws.of_type("audit-finding").filter(|f| f.artifact().register() == Some(REGISTER));
    let ids: Vec<&str> = own.map(EntityView::id).collect();
    ids::next_of(ws, ids.into_iter(), Some("FND"), on.year())
}

/// The case in the register of nonconformities, with its first action when it has a day.
fn case(
    ws: &Workspace,
    finding: &AuditFinding,
    audit: EntityView<'_>,
    id: &str,
    evidence: &str,
    on: Date,
) -> Result<Edit, Error> {
    if evidence.is_empty() {
        let message = format!("a {} finding needs evidence", finding.grade);
        return Err(Error::usage(
            message,
            "Say with `--evidence` what shows it: ids, paths, or words such as \"12 of 20 records\".",
        ));
    }
    let owner = owner(ws, finding)?;
    let by = finding.by.as_deref().or_else(|| audit.str("lead_auditor")).unwrap_or_default();
    let fields = [
        ("title", title(finding)),
        ("source", REGISTER.trim_end_matches('s').to_owned()),
        ("source_ref", id.to_owned()),
        ("raised_on", on.to_string()),
        ("raised_by", by.to_owned()),
        ("clause", finding.clause.clone()),
        ("grade", finding.grade.clone()),
        ("statement", one_line(&finding.statement)),
        ("evidence", evidence.to_owned()),
        ("owner", owner.clone()),
        ("status", "open".to_owned()),
    ];
    let edit = append(ws, &addition("nonconformities", &fields, on))?;
    let Some(due) = finding.due else { return Ok(edit) };
    let text = finding.action.clone().unwrap_or_else(|| FIND_CAUSE.to_owned());
    with_action(ws, edit, &[("text", one_line(&text)), ("owner", owner), ("due_on", due.to_string())])
}

fn addition(register: &str, fields: &[(&str, String)], on: Date) -> Addition {
    let fields = fields.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| ((*n).to_owned(), v.clone()));
    Addition { register: register.to_owned(), document: None, fields: fields.collect(), year: on.year() }
}

/// The new case, last in its list, with an action.
fn with_action(ws: &Workspace, edit: Edit, fields: &[(&'static str, String)]) -> Result<Edit, Error> {
    let by_hand = "Leave out `--due`, and enter the action with an editor.";
    let last = front_of(&edit.after).map(|f| f.list("entries").len()).and_then(|n| n.checked_sub(1));
    let shape = shape(ws, "nonconformities", "corrective_actions");
    let after = last.zip(shape).and_then(|(last, shape)| {
        let path = [Step::Key("entries".into()), Step::Index(last)];
        let mut change = Change::of(&edit.after, &path);
        change.add("corrective_actions", &lines(fields, shape), &["evidence"])?;
        change.proven()
    });
    let after = after.ok_or_else(|| refused(&edit.path, "an action cannot be added there", by_hand))?;
    Ok(Edit { after, ..edit })
}

/// The proposal in the register of improvements.
fn improvement(
    ws: &Workspace,
    finding: &AuditFinding,
    audit: EntityView<'_>,
    id: &str,
    on: Date,
) -> Result<Edit, Error> {
    let owner = finding.owner.clone().unwrap_or_default();
    let from = format!("{} ({})", one_line(&finding.statement).trim_end_matches('.'), audit.id());
    let fields = [
        ("title", title(finding)),
        ("description", from),
        ("source", "audit".to_owned()),
        ("source_ref", id.to_owned()),
        ("decision", "pending".to_owned()),
        ("owner", owner),
        ("due_on", finding.due.map_or_else(String::new, |d| d.to_string())),
        ("status", "proposed".to_owned()),
    ];
    append(ws, &addition("improvements", &fields, on))
}

/// The role that answers: the one given, else the owner of the one process that answers the clause.
fn owner(ws: &Workspace, finding: &AuditFinding) -> Result<String, Error> {
    if let Some(owner) = &finding.owner {
        return Ok(owner.clone());
    }
    let names = |p: &EntityView<'_>| p.node().texts("clauses").any(|(c, _)| is_within(&finding.clause, c));
    let mut owners: Vec<&str> =
        ws.of_type("process").filter(|p| !p.is_retired() && names(p)).filter_map(|p| p.str("owner")).collect();
    owners.sort_unstable();
    owners.dedup();
    match owners.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => Err(Error::usage(
            format!("no process answers clause {}, so nobody is known to answer for it", finding.clause),
            "Say with `--owner ROLE` who deals with it.",
        )),
        several => Err(Error::usage(
            format!("several roles own processes of clause {}", finding.clause),
            format!("Say with `--owner` who deals with it: {}.", several.join(", ")),
        )),
    }
}

/// The title given, else the first words of the statement.
fn title(finding: &AuditFinding) -> String {
    if let Some(title) = &finding.title {
        return one_line(title);
    }
    let statement = one_line(&finding.statement);
    let mut out = String::new();
    for word in statement.split(' ') {
        if !out.is_empty() && out.chars().count() + word.chars().count() >= TITLE {
            return out + " …";
        }
        out += if out.is_empty() { "" } else { " " };
        out.extend(word.chars().take(TITLE));
    }
    out.trim_end_matches('.').to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shape<'a>(ws: &'a Workspace, register: &str, list: &str) -> Option<&'a Shape> {
    ws.schemas.entry(register)?.shape.field(list)?.item()
}

/// Fields as lines of YAML.
fn lines(fields: &[(&'static str, String)], shape: &Shape) -> Vec<String> {
    let known =
        fields.iter().filter(|(_, v)| !v.is_empty()).filter_map(|(name, v)| Some((name, v, shape.field(name)?)));
    known.map(|(name, value, shape)| format!("{name}: {}", yaml::spelled(value, shape, false))).collect()
}

/// The file of an entry with an item more in one of its lists. The proof: the item reads as it was meant.
fn within(
    ws: &Workspace,
    entity: EntityView<'_>,
    list: &str,
    fields: &[(&'static str, String)],
    after: &[&str],
) -> Result<Edit, Error> {
    let path = entity.artifact().path();
    let by_hand = format!("Add it to `{list}` of {} with an editor.", entity.id());
    let before = markdown(ws, entity, &by_hand)?;
    let text = shape(ws, REGISTER, list).and_then(|shape| {
        let mut change = Change::of(before, entity.path());
        change.add(list, &lines(fields, shape), after)?;
        change.proven()
    });
    let text = text.filter(|text| reads(text, entity.path(), list, fields));
    let text = text.ok_or_else(|| refused(path, &format!("`{list}` cannot be added to there"), &by_hand))?;
    Ok(Edit { id: entity.id().to_owned(), path: path.to_owned(), before: before.to_owned(), after: text })
}

/// Whether the last item of a list holds these texts.
fn reads(text: &str, path: &[Step], list: &str, fields: &[(&'static str, String)]) -> bool {
    let front = front_of(text);
    let newest = front.as_ref().and_then(|f| f.at(path)).and_then(|entry| entry.list(list).last());
    let same = |item: &Node, name: &str, value: &str| item.str(name).is_none_or(|text| text == value);
    newest.is_some_and(|item| fields.iter().all(|(name, value)| same(item, name, value)))
}

/// The text of the Markdown file an entry stands in; a row of a CSV file has no lists.
fn markdown<'a>(ws: &'a Workspace, entity: EntityView<'_>, by_hand: &str) -> Result<&'a str, Error> {
    let path = entity.artifact().path();
    let shown = ws.sources.path(entity.span());
    let text = text_at(ws, path).filter(|_| shown == path);
    text.ok_or_else(|| refused(shown, "a row of a CSV file has no room for it", by_hand))
}

/// The file of a nonconformity with the result of the check: closed when the actions worked, open again when not.
///
/// # Errors
/// When something that must be there is missing; all of it is named.
pub fn verified(ws: &Workspace, check: &Verification, today: Date) -> Result<Edit, Error> {
    let case = known_case(ws, &check.case)?;
    let evidence = check.evidence.iter().map(|piece| evidence_id(ws, piece)).collect::<Result<Vec<_>, _>>()?;
    let missing = missing(ws, case, check);
    if !missing.is_empty() {
        let message = format!(
            "{} cannot be {}: {}",
            case.id(),
            if check.effective { "closed" } else { "judged" },
            missing.join("; ")
        );
        let help = format!("It stands in {}. Complete it there, then run this again.", ws.sources.path(case.span()));
        return Err(Error::usage(message, help));
    }
    let by_hand = "Enter the check with an editor.";
    let before = markdown(ws, case, by_hand)?;
    let path = case.artifact().path();
    let after = result(before, case, check, &evidence, today);
    let after = after.ok_or_else(|| refused(path, "the check cannot be entered there", by_hand))?;
    Ok(Edit { id: case.id().to_owned(), path: path.to_owned(), before: before.to_owned(), after })
}

fn known_case<'a>(ws: &'a Workspace, id: &str) -> Result<EntityView<'a>, Error> {
    ws.of_type("nonconformity").find(|n| n.id() == id).ok_or_else(|| {
        let near = did_you_mean(id, ws.of_type("nonconformity").map(EntityView::id));
        let help =
            if near.is_empty() { "`smsctl list --entities --kind nonconformity` lists them." } else { near.as_str() };
        Error::usage(format!("there is no nonconformity `{id}`"), help)
    })
}

/// An id, or the id of the document at a path.
fn evidence_id(ws: &Workspace, piece: &str) -> Result<String, Error> {
    let piece = piece.trim();
    let document = || ws.artifact_at(piece).map(|a| a.id().to_owned()).filter(|id| !id.is_empty());
    if ws.entity(piece).is_some() {
        return Ok(piece.to_owned());
    }
    document().ok_or_else(|| {
        let near = did_you_mean(piece, ws.entities.iter().map(|e| e.id.as_str()));
        let help = if near.is_empty() {
            "Name records, measurements or documents of this SMS by id or path."
        } else {
            near.as_str()
        };
        Error::usage(format!("`{piece}` is no id and no document of this SMS"), help)
    })
}

/// What stands in the way of the check, in words.
fn missing(ws: &Workspace, case: EntityView<'_>, check: &Verification) -> Vec<String> {
    let mut out = Vec::new();
    let node = case.node();
    let filled = |field: &str| node.str(field).is_some_and(|t| !t.trim().is_empty() && !is_to_do(t));
    let none_needed = filled("no_action_reason");
    if check.effective && case.str("status") == Some("closed") {
        out.push("it is closed already".to_owned());
    }
    if !filled("root_cause") && !none_needed {
        out.push("its cause is not determined (`root_cause`)".to_owned());
    }
    if node.list("corrective_actions").is_empty() && !none_needed {
        out.push(
            "it has no corrective action (`corrective_actions`), and no reason why none is needed (`no_action_reason`)"
                .to_owned(),
        );
    }
    let actions = node.get("correction").into_iter().chain(node.list("corrective_actions"));
    for action in actions {
        let text = action.str("text").unwrap_or("an action").trim_end_matches('.');
        match action.date("done_on") {
            None => out.push(format!("\"{text}\" is not done (`done_on`)")),
            Some(done) if done > check.on => {
                out.push(format!("\"{text}\" was done on {done}, after the check of {}", check.on));
            }
            Some(_) => {}
        }
    }
    if case.date("raised_on").is_some_and(|on| on > check.on) {
        out.push(format!("the check of {} lies before the day it was raised", check.on));
    }
    out.extend(partial(ws, case, check));
    out
}

/// Why whoever checked is not independent of the case.
fn partial(ws: &Workspace, case: EntityView<'_>, check: &Verification) -> Option<String> {
    let owner = case.str("owner").or_else(|| case.artifact().front().str("owner"))?;
    if owner == check.by {
        return Some(format!("{owner} owns the case, and another role must check whether it worked"));
    }
    let role = |id: &str| ws.entity(id).filter(|e| e.is("role"));
    let person = common_holder(role(&check.by)?, role(owner)?, check.on)?;
    Some(format!("{person} holds both {} and {owner}, which owns the case", check.by))
}

/// Where to put the fields of a check that are new.
const BEHIND: [&str; 5] = ["effectiveness", "no_action_reason", "corrective_actions", "root_cause", "evidence"];

fn result(
    before: &str,
    case: EntityView<'_>,
    check: &Verification,
    evidence: &[String],
    today: Date,
) -> Option<String> {
    let spelled = |text: &str| crate::scaffold::yaml_text(text);
    let refs: Vec<String> =
        evidence.iter().map(|id| if id.contains(',') { format!("'{id}'") } else { spelled(id) }).collect();
    let effect = format!(
        "{{checked_on: {}, checked_by: {}, effective: {}, evidence_refs: [{}]}}",
        check.on,
        spelled(&check.by),
        check.effective,
        refs.join(", ")
    );
    let mut change = Change::of(before, case.path());
    change.set("effectiveness", &effect, &BEHIND)?;
    if check.effective {
        change.set("status", "closed", &["owner", "effectiveness"])?;
        change.set("closed_on", &today.to_string(), &["status"])?;
    } else {
        change.set("status", "in-progress", &["owner", "effectiveness"])?;
        change.remove("closed_on")?;
    }
    let text = change.proven()?;
    let front = front_of(&text)?;
    let effect = front.at(case.path())?.get("effectiveness")?;
    (effect.str("checked_by") == Some(&check.by) && effect.list("evidence_refs").len() == evidence.len())
        .then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cut_between_words() {
        let titled =
            |statement: &str| title(&AuditFinding { statement: statement.to_owned(), ..AuditFinding::default() });
        assert_eq!(titled("Changes  were\nclosed."), "Changes were closed");
        let long = titled(&"word ".repeat(40));
        assert!(long.chars().count() <= TITLE + 2 && long.ends_with("word …"), "{long}");
        assert_eq!(titled(&"x".repeat(300)).chars().count(), TITLE);
    }
}
