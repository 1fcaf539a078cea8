//! Answers of the interview, written into the documents and registers of a new SMS.

use super::interview::{Interview, ServiceAnswer, SupplierAnswer};
use super::places::last_text;
use super::{NewFile, yaml_text};
use crate::catalog::template;
use crate::document::{self, FrontMatter, Node, load_toml};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::source::FileId;

/// Fills in what was answered; the rest stays a placeholder.
///
/// # Errors
/// When an answer names a role that the roles register does not have, or a customer that is not listed.
pub(super) fn fill(files: &mut [NewFile], interview: &Interview, today: &str) -> Result<(), Error> {
    let words = placeholders(interview)?;
    let plan = files.iter().find(|f| f.text.contains("\ntemplate: service-continuity-plan\n"));
    let plan = plan.and_then(|f| f.text.lines().find_map(|l| l.strip_prefix("id: "))).map(str::to_owned);
    let plan = plan.unwrap_or_else(|| "TODO(id of the service continuity plan)".to_owned());
    for file in files.iter_mut().filter(|f| f.path.to_ascii_lowercase().ends_with(".md")) {
        let text = match kind_and_register(&file.text) {
            Some((kind, _)) if kind == "context" => scope_sentence(&file.text, interview),
            Some((kind, register)) if kind == "register" => match register.as_str() {
                "services" => services(&file.text, interview, &plan)?,
                "interested-parties" => customers(&file.text, interview),
                "suppliers" => suppliers(&file.text, interview),
                "roles" => roles(&file.text, interview, today)?,
                _ => continue,
            },
            _ => file.text.clone(),
        };
        file.text = in_body(&text, &words);
    }
    Ok(())
}

fn kind_and_register(text: &str) -> Option<(String, String)> {
    let node = front(text)?;
    let field = |name: &str| node.str(name).unwrap_or_default().to_owned();
    Some((field("kind"), field("register")))
}

fn front(text: &str) -> Option<Node> {
    match document::parse(FileId(0), text).0.front {
        FrontMatter::Present { node, .. } => Some(node),
        _ => None,
    }
}

/// Each placeholder that is answered, with the answer.
fn placeholders(interview: &Interview) -> Result<Vec<(String, String)>, Error> {
    let text = template("init/placeholders.toml").unwrap_or_default();
    let node = load_toml(FileId(0), text).map_err(|(_, m)| Error::Defect(format!("init/placeholders.toml: {m}")))?;
    let answers = [
        ("services", series(interview.services.iter().map(|s| s.name.as_str()))),
        ("customers", series(interview.customers.iter().map(String::as_str))),
        ("locations", series(interview.locations.iter().map(String::as_str))),
        ("teams", series(interview.teams.iter().map(String::as_str))),
        ("purpose", interview.purpose.clone()),
        ("exclusions", interview.exclusions.clone()),
        ("suppliers", series(interview.suppliers.iter().map(|s| s.name.as_str()))),
    ];
    let mut out = Vec::new();
    for (name, answer) in answers {
        let Some(answer) = answer else { continue };
        let end = answer.trim_end_matches('.');
        out.extend(node.texts(name).map(|(words, _)| (format!("TODO({words})"), end.to_owned())));
    }
    Ok(out)
}

/// `A, B and C`.
fn series<'a>(items: impl Iterator<Item = &'a str>) -> Option<String> {
    let items: Vec<&str> = items.collect();
    match items.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        [first @ .., last] => Some(format!("{} and {last}", first.join(", "))),
    }
}

/// The text with placeholders of its body replaced; front matter is filled in by field.
fn in_body(text: &str, words: &[(String, String)]) -> String {
    let at = text.get(4..).and_then(|rest| rest.find("\n---\n")).map_or(0, |at| at + 4);
    let (front, body) = text.split_at_checked(at).unwrap_or(("", text));
    let filled = words.iter().fold(body.to_owned(), |body, (to_do, answer)| body.replace(to_do, &plain(answer)));
    format!("{front}{filled}")
}

/// An answer that stays text in Markdown.
fn plain(answer: &str) -> String {
    let mut out = String::with_capacity(answer.len());
    for c in answer.chars() {
        match c {
            '\\' | '[' | ']' | '*' | '_' | '`' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '|' => out.push_str("&#124;"),
            other => out.push(other),
        }
    }
    out
}

/// The sentence that says what the SMS provides, in the words of the answer.
fn scope_sentence(text: &str, interview: &Interview) -> String {
    let replaced = || {
        let statement = interview.scope_statement.as_ref()?;
        let provision = text.find("the provision of")?;
        let before = text.get(..provision)?;
        let start = ["the service management system of", "The service management system of"];
        let from = start.iter().filter_map(|words| before.rfind(words)).max()?;
        let to = provision + text.get(provision..)?.find('.')?;
        let sentence = plain(statement.trim_end_matches('.'));
        Some(format!("{}{sentence}{}", text.get(..from)?, text.get(to..)?))
    };
    replaced().unwrap_or_else(|| text.to_owned())
}

/// The text with other entries, written as lines indented by two.
fn with_entries(text: &str, entries: &str) -> String {
    let replaced = || {
        let node = front(text)?;
        let field = node.field("entries")?;
        let to = last_text(text, &field.value)?;
        Some(format!("{}:\n{}{}", text.get(..field.key_span.end as usize)?, entries.trim_end(), text.get(to..)?))
    };
    replaced().unwrap_or_else(|| text.to_owned())
}

/// The lines of each entry of a register.
fn blocks(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines().skip_while(|l| !l.starts_with("entries:")).skip(1) {
        let starts = line.starts_with("  - id: ");
        inside = starts || inside && line.starts_with("    ");
        if starts {
            out.push(String::new());
        }
        match out.last_mut() {
            Some(block) if inside => *block += &format!("{line}\n"),
            _ => {}
        }
        if line == "---" {
            break;
        }
    }
    out
}

/// The lines of an entry with one field written anew; a field it lacks is added.
fn with_field(block: &str, field: &str, value: &str) -> String {
    let mut found = false;
    let mut out = String::new();
    for line in block.lines() {
        let indent = if line.starts_with("  - ") { "  - " } else { "    " };
        if line.strip_prefix(indent).is_some_and(|l| l.starts_with(&format!("{field}:"))) {
            found = true;
            out += &format!("{indent}{field}: {value}\n");
        } else {
            out += &format!("{line}\n");
        }
    }
    if found { out } else { format!("{out}    {field}: {value}\n") }
}

fn services(text: &str, interview: &Interview, plan: &str) -> Result<String, Error> {
    let all = blocks(text);
    let Some(pattern) = all.first().filter(|_| !interview.services.is_empty()) else { return Ok(text.to_owned()) };
    let mut entries = String::new();
    for (index, service) in interview.services.iter().enumerate() {
        let mut block = with_field(pattern, "id", &format!("SVC-{:03}", index + 1));
        block = with_field(&block, "name", &yaml_text(&service.name));
        for (field, value) in &service.fields {
            block = with_field(&block, field, &yaml_text(value));
        }
        // A critical service needs the plan that keeps it going.
        if service.fields.iter().any(|(field, value)| *field == "criticality" && value == "critical") {
            block = with_field(&block, "continuity_plan_ref", plan);
        }
        let customers = customer_ids(service, interview)?;
        entries += &with_field(&block, "customer_refs", &format!("[{}]", customers.join(", ")));
    }
    Ok(with_entries(text, &entries))
}

fn customer_ids(service: &ServiceAnswer, interview: &Interview) -> Result<Vec<String>, Error> {
    if service.customers.is_empty() {
        return Ok(vec![customer_id(0)]);
    }
    let unlisted = |name: &String| {
        let near = did_you_mean(name, interview.customers.iter().map(String::as_str));
        let message = format!("the service `{}` names the customer `{name}`, who is not listed", service.name);
        let help = format!("{near} Add the customer to `customers` at the top of the answers; nothing was written.");
        Error::usage(message, help.trim_start())
    };
    let place = |name: &String| {
        let index = interview.customers.iter().position(|c| c == name).ok_or_else(|| unlisted(name))?;
        Ok(customer_id(index))
    };
    service.customers.iter().map(place).collect()
}

/// The first customer has the place of the template's; others follow behind its parties.
fn customer_id(index: usize) -> String {
    if index == 0 { "IP-01".to_owned() } else { format!("IP-1{index}") }
}

fn customers(text: &str, interview: &Interview) -> String {
    let all = blocks(text);
    let Some((first, rest)) = all.split_first().filter(|_| !interview.customers.is_empty()) else {
        return text.to_owned();
    };
    let entry = |(index, name): (usize, &String)| {
        let block = with_field(first, "id", &customer_id(index));
        with_field(&block, "name", &yaml_text(name))
    };
    let (own, others) = interview.customers.split_at_checked(1).unwrap_or((&interview.customers, &[]));
    let mut entries: String = own.iter().enumerate().map(entry).collect();
    entries.extend(rest.iter().cloned());
    entries.extend(others.iter().enumerate().map(|(index, name)| entry((index + 1, name))));
    with_entries(text, &entries)
}

fn suppliers(text: &str, interview: &Interview) -> String {
    if interview.suppliers.is_empty() {
        return text.to_owned();
    }
    let entries: String = interview.suppliers.iter().enumerate().map(supplier).collect();
    with_entries(text, &entries)
}

fn supplier((index, answer): (usize, &SupplierAnswer)) -> String {
    let or_to_do =
        |value: Option<&String>, to_do: &str| value.map_or_else(|| format!("TODO({to_do})"), |v| yaml_text(v));
    let kind = if answer.internal { "internal-supplier" } else { "external-supplier" };
    format!(
        "  - id: SUP-{:03}\n    name: {}\n    type: {kind}\n    provides:\n      - kind: service-component\n        what: {}\n        \
         refs: [SVC-001]\n    criticality: {}\n    owner: supplier-manager\n    contract:\n      reference: TODO(number of the contract)\n      \
         scope: TODO(what the contract covers)\n    sla_alignment: not-assessed\n    review_interval: P3M\n    \
         next_review_on: TODO(date of the next review)\n    status: active\n",
        index + 1,
        yaml_text(&answer.name),
        or_to_do(answer.provides.as_ref(), "what it delivers"),
        or_to_do(answer.criticality.as_ref(), "low or medium or high or critical"),
    )
}

fn roles(text: &str, interview: &Interview, today: &str) -> Result<String, Error> {
    let mut out = text.to_owned();
    for answer in &interview.roles {
        let all = blocks(&out);
        let id = |block: &str| block.lines().next().and_then(|l| l.strip_prefix("  - id: ")).map(str::to_owned);
        let Some(block) = all.iter().find(|b| id(b).as_deref() == Some(&answer.role)) else {
            let known: Vec<String> = all.iter().filter_map(|b| id(b)).collect();
            let near = did_you_mean(&answer.role, known.iter().map(String::as_str));
            let message = format!("the roles register has no role `{}`; nothing was written", answer.role);
            return Err(Error::usage(message, format!("{near} Roles are: {}.", known.join(", ")).trim_start()));
        };
        let mut filled = block.clone();
        if let Some(title) = &answer.title {
            filled = with_field(&filled, "title", &yaml_text(title));
        }
        if let Some(person) = &answer.person {
            let since = answer.since.map_or_else(|| today.to_owned(), |d| d.to_string());
            filled = with_holder(&filled, &format!("{{person: {}, valid_from: {since}}}", yaml_text(person)));
        }
        out = out.replacen(block, &filled, 1);
    }
    Ok(out)
}

/// The lines of a role with its first holder.
fn with_holder(block: &str, holder: &str) -> String {
    let mut waiting = true;
    let lines = block.lines().map(|line| {
        if waiting && line.trim_start().starts_with("- {person: TODO(") {
            waiting = false;
            return format!("      - {holder}\n");
        }
        format!("{line}\n")
    });
    lines.collect()
}
