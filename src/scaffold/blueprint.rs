//! From what a document is to its text: its template, filled in with what the SMS says.

use std::collections::BTreeSet;

use super::index::{Index, Known};
use super::{Variables, control, fix, render, yaml_text};
use crate::catalog::{Catalog, ToolkitEntry};
use crate::error::Error;
use crate::schema::{Form, SchemaSet, Shape};
use crate::source::relative;
use crate::workspace::Workspace;

/// What a new document is.
#[derive(Clone, Debug)]
pub(super) struct Blueprint<'a> {
    pub kind: String,
    pub title: String,
    /// Name of the template; none for a user's kind.
    pub template: Option<String>,
    pub entry: Option<&'a ToolkitEntry>,
    /// The register it is.
    pub register: Option<String>,
}

/// Where a new document stands and who owns it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub id: &'a str,
    pub path: &'a str,
    /// The role asked for, when one was.
    pub owner: Option<&'a str>,
}

/// What is known when documents are written.
#[derive(Clone, Debug)]
pub(super) struct Planner<'a> {
    pub catalog: &'a Catalog,
    pub schemas: &'a SchemaSet,
    pub index: Index,
    /// Ids of roles, and whether each is top management.
    pub roles: Vec<(String, bool)>,
    /// Ids that are in use.
    pub taken: BTreeSet<String>,
    pub organization: String,
    pub language: String,
    pub today: jiff::civil::Date,
}

impl<'a> Planner<'a> {
    /// What an SMS says.
    pub fn of(ws: &'a Workspace, today: jiff::civil::Date) -> Self {
        let role =
            |r: crate::workspace::EntityView<'_>| (r.id().to_owned(), r.node().bool("top_management") == Some(true));
        Self {
            catalog: &ws.catalog,
            schemas: &ws.schemas,
            index: Index::of(ws),
            roles: ws.of_type("role").map(role).collect(),
            taken: ws.entities.iter().map(|e| e.id.clone()).chain(ws.phantoms.iter().cloned()).collect(),
            organization: ws.config.organization.clone(),
            language: ws.config.language.clone(),
            today,
        }
    }

    /// The blueprint of a toolkit entry.
    ///
    /// # Errors
    /// When smsctl has no template for it, or no schema for its register.
    pub fn entry(&self, found: &'a ToolkitEntry, title: Option<&str>) -> Result<Blueprint<'a>, Error> {
        let register = found.register.clone();
        if let Some(name) = register.as_deref().filter(|name| self.schemas.register(name).is_none()) {
            let why = format!("{} keeps the register `{name}`, for which smsctl has no schema", found.title);
            return Err(Error::Defect(why));
        }
        let of_register = register.as_ref().map(|name| format!("registers/{name}"));
        let names = [Some(format!("entries/{}", found.id)), of_register, Some(format!("kinds/{}", found.kind))];
        let known = names.into_iter().flatten().find(|name| self.catalog.template(name).is_some());
        let is_kind = || self.schemas.kind(&found.kind).is_some();
        if known.is_none() && !is_kind() {
            let message = format!("smsctl has no template for {} yet", found.title);
            return Err(Error::usage(message, "`smsctl new --list` shows what can be written."));
        }
        let title = title.unwrap_or(&found.title).to_owned();
        Ok(Blueprint { kind: found.kind.clone(), title, template: known, entry: Some(found), register })
    }

    /// The text of a new document. References of its front matter are not yet compared with the SMS, and its generated
    /// tables are empty.
    ///
    /// # Errors
    /// When the template is broken.
    pub fn text(&self, blueprint: &Blueprint<'_>, place: Place<'_>) -> Result<String, Error> {
        self.text_with(blueprint, place, true)
    }

    /// The same; without `own_entries` a register starts with what its register's template holds, whatever the entry's has.
    ///
    /// # Errors
    /// When the template is broken.
    pub fn text_with(&self, blueprint: &Blueprint<'_>, place: Place<'_>, own_entries: bool) -> Result<String, Error> {
        let mut variables = self.variables(blueprint, place);
        let Some(name) = &blueprint.template else {
            let text = from_schema(self.schemas, blueprint, &variables);
            return Ok(self.in_order(control::completed(text, &variables), blueprint));
        };
        let source = self.source(name, blueprint, own_entries)?;
        variables.control = control::block(blueprint, &variables, self.schemas, &control::own_fields(&source));
        let links = self.index.links(self.catalog, self.schemas, place.path);
        let text = render(name, &source, &variables, links).map_err(|error| self.of_user(name, error))?;
        let text = control::without_taken(control::completed(text, &variables), |id| self.taken.contains(id));
        Ok(self.in_order(text, blueprint))
    }

    /// What is wrong in a template of the user is for the user to mend.
    fn of_user(&self, name: &str, error: Error) -> Error {
        match (self.catalog.own_template(name), error) {
            (Some(own), Error::Defect(why)) => {
                let message = format!("the template {} cannot be filled in: {why}", own.path);
                Error::usage(message, "Mend the template; docs/data-model.md says what it may use.")
            }
            (_, error) => error,
        }
    }

    /// The template, with the fields of its register where it has none of its own.
    fn source(&self, name: &str, blueprint: &Blueprint<'_>, own_entries: bool) -> Result<String, Error> {
        let text =
            self.catalog.template(name).ok_or_else(|| Error::Defect(format!("template {name} does not exist")))?;
        let of_register = blueprint.register.as_ref().filter(|_| name.starts_with("entries/"));
        let of_register = of_register.and_then(|r| self.catalog.template(&format!("registers/{r}")));
        let text = if own_entries || of_register.is_none() { text.to_owned() } else { control::without_fields(text) };
        Ok(of_register.map_or_else(|| text.clone(), |r| control::with_register_fields(&text, r)))
    }

    /// The text with its fields in the order that `check --fix` writes.
    fn in_order(&self, text: String, blueprint: &Blueprint<'_>) -> String {
        let shapes =
            fix::Shapes::named(self.schemas, &blueprint.kind, blueprint.register.as_deref().unwrap_or_default());
        fix::mend_text(&text, &shapes, &mut Vec::new()).unwrap_or(text)
    }

    fn variables(&self, blueprint: &Blueprint<'_>, place: Place<'_>) -> Variables {
        let way = |to: Option<&Known>| to.map(|d| relative(place.path, &d.path)).unwrap_or_default();
        let id = |of: Option<&Known>| of.map(|d| d.id.clone()).unwrap_or_default();
        let (context, policy, entry) = (self.index.context(), self.index.policy(), blueprint.entry);
        let owner = place.owner.map_or_else(|| self.owner(entry), str::to_owned);
        let interval = entry.map(|e| e.review_interval.clone()).filter(|i| i.starts_with('P'));
        Variables {
            organization: self.organization.clone(),
            language: self.language.clone(),
            today: self.today.to_string(),
            id: place.id.to_owned(),
            title: blueprint.title.clone(),
            title_yaml: yaml_text(&blueprint.title),
            approvers: self.approvers(entry, &owner),
            owner,
            clauses: entry.map(|e| e.clauses.join(", ")).unwrap_or_default(),
            template: entry.map(|e| e.id.clone()).unwrap_or_default(),
            review_interval: interval.unwrap_or_default(),
            scope_ref: id(context),
            policy_id: id(policy),
            policy_path: way(policy),
            context_path: way(context),
            roles_path: way(self.index.register("roles")),
            obligations_path: way(self.index.register("obligations")),
            related: entry.map(|e| self.index.related(self.catalog, e, place.id)).unwrap_or_default(),
            ..Variables::default()
        }
    }

    pub fn is_role(&self, id: &str) -> bool {
        self.roles.iter().any(|(role, _)| role == id)
    }

    /// The toolkit's role, else the owner of the SMS, as far as they exist; else a placeholder.
    fn owner(&self, entry: Option<&ToolkitEntry>) -> String {
        let usual = if entry.is_some() {
            ["service-management-owner", "sms-manager"]
        } else {
            ["sms-manager", "service-management-owner"]
        };
        let candidates = entry.map(|e| e.owner.as_str()).into_iter().chain(usual);
        let known = candidates.into_iter().find(|id| self.is_role(id));
        known.map_or_else(|| "TODO(role that owns this document)".to_owned(), str::to_owned)
    }

    /// The toolkit's role unless it is the owner, else top management; a placeholder when neither exists.
    fn approvers(&self, entry: Option<&ToolkitEntry>, owner: &str) -> String {
        let wanted = entry.map_or("service-management-owner", |e| e.approver.as_str());
        let top = || self.roles.iter().find(|(id, top)| *top && id != owner).map(|(id, _)| id.as_str());
        let found = if self.is_role(wanted) && wanted != owner { Some(wanted) } else { top() };
        format!("[{}]", found.unwrap_or("TODO(role that approves this document)"))
    }
}

/// A user's kind has no template: its schema says which fields must be there.
fn from_schema(schemas: &SchemaSet, blueprint: &Blueprint<'_>, variables: &Variables) -> String {
    let mut text = String::from("---\n");
    let of_register = blueprint.register.as_deref().and_then(|name| schemas.register(name));
    if let Some(schema) = of_register.or_else(|| schemas.kind(&blueprint.kind)) {
        let Form::Object { fields, required, .. } = &schema.shape.form else { return text };
        for (name, shape) in fields.iter().filter(|(name, _)| required.contains(name)) {
            text.push_str(&field(name, shape, blueprint, variables));
        }
    }
    text.push_str(&format!("---\n\n# {}\n\nTODO(text of the document)\n", variables.title));
    text
}

fn field(name: &str, shape: &Shape, blueprint: &Blueprint<'_>, variables: &Variables) -> String {
    let value = match name {
        "id" => variables.id.clone(),
        "kind" => blueprint.kind.clone(),
        "register" => blueprint.register.clone().unwrap_or_default(),
        "entries" => "[]".into(),
        "title" => variables.title_yaml.clone(),
        "version" => "0.1".into(),
        "status" => "draft".into(),
        "owner" => variables.owner.clone(),
        "approvers" => variables.approvers.clone(),
        "clauses" if !variables.clauses.is_empty() => format!("[{}]", variables.clauses),
        _ => {
            let what = shape.description.trim_end_matches('.').replace(['(', ')', ':', '#'], "");
            let to_do = format!("TODO({})", if what.is_empty() { name } else { &what });
            if matches!(shape.form, Form::List(_)) { format!("[{to_do}]").replace(',', "") } else { to_do }
        }
    };
    format!("{name}: {value}\n")
}
