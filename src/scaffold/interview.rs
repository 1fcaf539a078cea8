//! What `init` is told of the organization: asked on a terminal, or read from a file of answers.

use crate::document::{Node, load_toml};
use crate::error::Error;
use crate::schema;
use crate::source::{FileId, SourceFile};

/// Answers of an interview. What is not said stays a placeholder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interview {
    /// Name of the organization.
    pub organization: Option<String>,
    /// Language of the texts.
    pub language: Option<String>,
    /// The scope in one sentence.
    pub scope_statement: Option<String>,
    /// What customers get done with the services.
    pub purpose: Option<String>,
    /// Sites and regions.
    pub locations: Vec<String>,
    /// Teams in scope.
    pub teams: Vec<String>,
    /// What is left out, with the reason.
    pub exclusions: Option<String>,
    /// Customers or customer groups.
    pub customers: Vec<String>,
    /// Services in scope.
    pub services: Vec<ServiceAnswer>,
    /// Suppliers.
    pub suppliers: Vec<SupplierAnswer>,
    /// Who holds which role.
    pub roles: Vec<RoleAnswer>,
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceAnswer {
    /// Its name.
    pub name: String,
    /// Further fields of its entry in the services register, by name.
    pub fields: Vec<(&'static str, String)>,
    /// Its customers.
    pub customers: Vec<String>,
}

/// A supplier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplierAnswer {
    /// Its name.
    pub name: String,
    /// What it delivers.
    pub provides: Option<String>,
    /// How much hangs on it.
    pub criticality: Option<String>,
    /// Whether it is a part of the own organization.
    pub internal: bool,
}

/// The holder of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleAnswer {
    /// Id of the role.
    pub role: String,
    /// What it is called here.
    pub title: Option<String>,
    /// Pseudonym of the holder.
    pub person: Option<String>,
    /// First day in the role.
    pub since: Option<jiff::civil::Date>,
}

/// Answers and the fields of a service they fill.
const SERVICE_FIELDS: [(&str, &str); 6] = [
    ("description", "description"),
    ("outcome", "intended_outcome"),
    ("lifecycle", "lifecycle"),
    ("criticality", "criticality"),
    ("service_hours", "service_hours"),
    ("support_hours", "support_hours"),
];

impl Interview {
    /// Reads a file of answers; `path` is its name for messages.
    ///
    /// # Errors
    /// When the text is no TOML, or an answer does not fit; all of them are named with their lines.
    pub fn parse(path: &str, text: &str) -> Result<Self, Error> {
        let file = SourceFile::new(path.to_owned(), text.to_owned());
        let at = |span: crate::source::Span, message: &str| {
            let place = file.position(span.start as usize);
            format!("{path}:{}:{}: {message}", place.line, place.column)
        };
        let help = "Correct the file; nothing was written. `smsctl schema answers` shows what it may say.";
        let node = load_toml(FileId(0), text).map_err(|(span, message)| Error::usage(at(span, &message), help))?;
        let problems = schema::embedded("answers.schema.json").map(|s| s.check(&node)).unwrap_or_default();
        let said: Vec<String> = problems
            .iter()
            .map(|p| {
                if p.help.is_empty() {
                    at(p.span, &p.message)
                } else {
                    format!("{} ({})", at(p.span, &p.message), p.help)
                }
            })
            .collect();
        if said.is_empty() { Ok(Self::read(&node)) } else { Err(Error::usage(said.join("\n"), help)) }
    }

    fn read(node: &Node) -> Self {
        let empty = Node::null(node.span);
        let scope = node.get("scope").unwrap_or(&empty);
        Self {
            organization: text(node, "organization"),
            language: text(node, "language"),
            scope_statement: text(scope, "statement"),
            purpose: text(scope, "purpose"),
            locations: texts(scope, "locations"),
            teams: texts(scope, "teams"),
            exclusions: text(scope, "exclusions"),
            customers: texts(node, "customers"),
            services: node.list("services").iter().map(service).collect(),
            suppliers: node.list("suppliers").iter().map(supplier).collect(),
            roles: node.list("roles").iter().map(role).collect(),
        }
    }
}

/// An answer on one line: documents and registers are filled in line by line.
fn text(node: &Node, key: &str) -> Option<String> {
    let line = node.str(key)?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    let one_line = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    node.texts(key).map(|(t, _)| one_line(t)).filter(|t| !t.is_empty()).collect()
}

fn service(node: &Node) -> ServiceAnswer {
    let fields = SERVICE_FIELDS.iter().filter_map(|(answer, field)| Some((*field, text(node, answer)?)));
    ServiceAnswer {
        name: text(node, "name").unwrap_or_default(),
        fields: fields.collect(),
        customers: texts(node, "customers"),
    }
}

fn supplier(node: &Node) -> SupplierAnswer {
    SupplierAnswer {
        name: text(node, "name").unwrap_or_default(),
        provides: text(node, "provides"),
        criticality: text(node, "criticality"),
        internal: node.bool("internal") == Some(true),
    }
}

fn role(node: &Node) -> RoleAnswer {
    RoleAnswer {
        role: text(node, "role").unwrap_or_default(),
        title: text(node, "title"),
        person: text(node, "person"),
        since: node.date("since"),
    }
}
