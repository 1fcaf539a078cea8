//! The document control block of a new document, and the fields its template leaves out.

use super::blueprint::Blueprint;
use super::places::last_text;
use super::{Variables, yaml_text};
use crate::document::{self, FrontMatter};
use crate::schema::{Form, SchemaSet};
use crate::source::FileId;

/// Fields of the control block: a register's own fields are those besides.
pub const CONTROL: [&str; 15] = [
    "id",
    "kind",
    "register",
    "title",
    "version",
    "status",
    "owner",
    "approvers",
    "effective_on",
    "review_interval",
    "clauses",
    "template",
    "scope_ref",
    "related",
    "changes",
];

/// What `{{ control }}` stands for: the control block without the fields that the template brings itself.
pub(super) fn block(blueprint: &Blueprint<'_>, variables: &Variables, schemas: &SchemaSet, own: &[&str]) -> String {
    let fields = fields(blueprint, variables, schemas).into_iter().filter(|(name, _)| !own.contains(name));
    let lines: Vec<String> = fields.map(|(name, value)| format!("{name}:{value}")).collect();
    lines.join("\n")
}

/// Names and values, in the order of the schema; a value begins with what stands behind the colon.
fn fields(blueprint: &Blueprint<'_>, v: &Variables, schemas: &SchemaSet) -> Vec<(&'static str, String)> {
    let required = required(&blueprint.kind, schemas);
    let wanted = |name: &str| required.iter().any(|r| r == name);
    let or_to_do =
        |value: &str, to_do: &str| if value.is_empty() { format!("TODO({to_do})") } else { value.to_owned() };
    let mut out = vec![("id", v.id.clone()), ("kind", blueprint.kind.clone())];
    out.extend(blueprint.register.clone().map(|name| ("register", name)));
    out.push(("title", v.title_yaml.clone()));
    out.extend([("version", "0.1".to_owned()), ("status", "draft".to_owned()), ("owner", v.owner.clone())]);
    out.extend(wanted("approvers").then(|| ("approvers", v.approvers.clone())));
    out.extend((blueprint.kind == "policy").then(|| ("effective_on", "TODO(date the policy takes effect)".to_owned())));
    // A plan for one occasion is looked at once a year while it is in force; a report or form needs no such day.
    let yearly = if wanted("approvers") { "P1Y" } else { "" };
    let interval = if v.review_interval.is_empty() { yearly } else { &v.review_interval };
    out.extend(Some(("review_interval", interval.to_owned())).filter(|(_, i)| !i.is_empty()));
    let clauses = if v.clauses.is_empty() { "TODO(clauses this document answers)" } else { &v.clauses };
    out.push(("clauses", format!("[{clauses}]")));
    out.extend(Some(("template", v.template.clone())).filter(|(_, t)| !t.is_empty()));
    out.extend(wanted("scope_ref").then(|| ("scope_ref", or_to_do(&v.scope_ref, "id of the scope statement"))));
    out.extend(related(v));
    let mut lines: Vec<_> = out.into_iter().map(|(name, value)| (name, format!(" {value}"))).collect();
    lines.push(("changes", changes(&v.today)));
    lines
}

fn related(v: &Variables) -> Option<(&'static str, String)> {
    (!v.related.is_empty()).then(|| ("related", format!("[{}]", v.related.join(", "))))
}

fn changes(today: &str) -> String {
    format!("\n  - version: 0.1\n    on: {today}\n    why: TODO(reason for this document)\n    summary: First draft")
}

fn required(kind: &str, schemas: &SchemaSet) -> Vec<String> {
    match schemas.kind(kind).map(|s| &s.shape.form) {
        Some(Form::Object { required, .. }) => required.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// Names of the fields a template brings itself.
pub(super) fn own_fields(template: &str) -> Vec<&str> {
    front(template).unwrap_or_default().lines().filter_map(field_name).collect()
}

/// The template of a register entry with the fields that its register needs and it does not have: those of the register's
/// own template, header fields and entries.
pub(super) fn with_register_fields(template: &str, register: &str) -> String {
    let own = own_fields(template);
    let mut missing = String::new();
    let mut wanted = false;
    for line in front(register).unwrap_or_default().lines() {
        if let Some(name) = field_name(line) {
            let entries = name.starts_with("entries") && own.iter().any(|o| o.starts_with("entries"));
            wanted = !CONTROL.contains(&name) && !own.contains(&name) && !entries;
        }
        if wanted {
            missing.push_str(line);
            missing.push('\n');
        }
    }
    match front(template) {
        Some(front) => template.replacen(front, &format!("{front}{missing}"), 1),
        None => template.to_owned(),
    }
}

/// The template with nothing but the control block in its front matter.
pub(super) fn without_fields(template: &str) -> String {
    match front(template) {
        Some(front) if front.contains("{{ control }}") => template.replacen(front, "{{ control }}\n", 1),
        _ => template.to_owned(),
    }
}

/// The lines between the two `---` of a template.
fn front(template: &str) -> Option<&str> {
    let rest = template.strip_prefix("---\n")?;
    rest.get(..rest.find("\n---\n")? + 1)
}

fn field_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let letters = |c: char| c.is_ascii_lowercase() || c == '_';
    (!name.is_empty() && name.chars().all(letters)).then_some(name)
}

/// A rendered text with what every document of a toolkit entry has: the entry it grew from, and its neighbours.
pub(super) fn completed(text: String, variables: &Variables) -> String {
    if variables.template.is_empty() {
        return text;
    }
    let own = own_fields(&text);
    let mut lines = String::new();
    if !own.contains(&"template") {
        lines += &format!("template: {}\n", yaml_text(&variables.template));
    }
    if !own.contains(&"related") {
        lines.extend(related(variables).map(|(name, value)| format!("{name}: {value}\n")));
    }
    let at = text.find("\nchanges:").or_else(|| text.find("\n---\n")).map(|at| at + 1);
    match at {
        Some(at) if !lines.is_empty() => {
            let (before, after) = text.split_at_checked(at).unwrap_or((&text, ""));
            format!("{before}{lines}{after}")
        }
        _ => text,
    }
}

/// A register without the sample entries when their ids are taken by another document.
pub(super) fn without_taken(text: String, taken: impl Fn(&str) -> bool) -> String {
    let (parsed, _) = document::parse(FileId(0), &text);
    let FrontMatter::Present { node, .. } = &parsed.front else { return text };
    let Some(field) = node.field("entries") else { return text };
    if !field.value.items().iter().filter_map(|e| e.str("id")).any(taken) {
        return text;
    }
    let (from, to) = (field.key_span.end as usize, last_text(&text, &field.value).unwrap_or(0));
    let mut out = text;
    if from < to && out.is_char_boundary(from) && out.is_char_boundary(to) {
        out.replace_range(from..to, ": []");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_brings_what_the_entry_leaves_out() {
        let register = "---\nid: {{ id }}\nkind: register\nchanges:\n  - version: 0.1\nscales:\n  impact: [a]\nentries:\n  - id: X-1\n# more\n---\n\n# T\n";
        let bare = with_register_fields("---\n{{ control }}\n---\n\n# Own\n", register);
        assert_eq!(bare, "---\n{{ control }}\nscales:\n  impact: [a]\nentries:\n  - id: X-1\n# more\n---\n\n# Own\n");
        let own = with_register_fields("---\n{{ control }}\nentries_from: x.csv\n---\n", register);
        assert_eq!(own, "---\n{{ control }}\nentries_from: x.csv\nscales:\n  impact: [a]\n---\n");
    }

    #[test]
    fn entries_whose_ids_are_taken_are_left_out() {
        let text = "---\nid: A-1\nentries:\n  - id: X-1\n    list: [a, b]\n# later\n---\n# T\n";
        assert_eq!(without_taken(text.into(), |id| id == "Y-1"), text);
        assert_eq!(without_taken(text.into(), |id| id == "X-1"), "---\nid: A-1\nentries: []\n# later\n---\n# T\n");
    }
}
