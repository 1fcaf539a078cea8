//! `record`: what people note each week, put into the right register without an editor. The bytes around stay as they are.

mod audit;
mod change;
mod csv;
mod ids;
mod review;
mod yaml;

use crate::document::{self, FrontMatter, Node};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::schema::Shape;
use crate::source::FileId;
use crate::workspace::{ArtifactView, Workspace};

pub use audit::{AuditFinding, SampleNote, Verification, audit_finding, audit_sample, seeds, verified};
pub use review::reviewed;

/// An entry to be added to a register.
#[derive(Clone, Debug, Default)]
pub struct Addition {
    /// The register, such as `measurements`.
    pub register: String,
    /// Id of the document, when several hold this register.
    pub document: Option<String>,
    /// Fields (a dot goes into a field) with their values as typed; `;` separates the items of a list.
    pub fields: Vec<(String, String)>,
    /// Year for ids that carry one.
    pub year: i16,
}

/// A file with its new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Id of what was added or changed.
    pub id: String,
    /// Path below the root.
    pub path: String,
    /// Its text as it was read.
    pub before: String,
    /// Its text as it should be.
    pub after: String,
}

/// Adds an entry at the end of a register, with the next free id. Writes nothing.
///
/// # Errors
/// When there is no such register, a field is unknown, or the text cannot be changed without touching the rest.
pub fn append(ws: &Workspace, addition: &Addition) -> Result<Edit, Error> {
    let register = document_of(ws, addition)?;
    let Some(schema) = ws.schemas.entry(&addition.register) else {
        return Err(unknown_register(ws, &addition.register));
    };
    let fields = in_order(addition, &schema.shape)?;
    let prefixes = schema.annotation("x-id-prefix").and_then(ids::first_prefix);
    let id = match fields.iter().find(|(name, _)| *name == "id") {
        Some((_, id)) => (*id).to_owned(),
        None => ids::next(ws, register, prefixes.as_deref(), addition.year),
    };
    let rest = fields.into_iter().filter(|(name, _)| *name != "id").collect();
    let entry = Entry { id: &id, fields: rest, shape: &schema.shape };
    let beside = register.entries_path();
    let path = beside.clone().unwrap_or_else(|| register.path().to_owned());
    let before = text_at(ws, &path).ok_or_else(|| refused(&path, "it cannot be read", "`smsctl check` says more."))?;
    let after = if beside.is_some() { csv::appended(before, &entry) } else { yaml::appended(before, &entry) };
    let after = after.map_err(|(why, help)| refused(&path, &why, &help))?;
    Ok(Edit { id, path, before: before.to_owned(), after })
}

/// An entry in the making.
struct Entry<'a> {
    id: &'a str,
    /// In the order of the schema, without the id.
    fields: Vec<(&'a str, &'a str)>,
    shape: &'a Shape,
}

/// Why a text is better left alone, and what to do.
type Refusal = (String, String);

fn refused(path: &str, why: &str, help: &str) -> Error {
    Error::usage(format!("{path} is left alone: {why}"), help)
}

fn unknown_register(ws: &Workspace, name: &str) -> Error {
    let near = did_you_mean(name, ws.schemas.registers());
    let known = || format!("Known are: {}.", ws.schemas.registers().collect::<Vec<_>>().join(", "));
    Error::usage(format!("`{name}` is no register"), if near.is_empty() { known() } else { near })
}

/// The document that holds the register.
fn document_of<'a>(ws: &'a Workspace, addition: &'a Addition) -> Result<ArtifactView<'a>, Error> {
    if ws.schemas.entry(&addition.register).is_none() {
        return Err(unknown_register(ws, &addition.register));
    }
    let all: Vec<_> = ws.register(&addition.register).filter(|a| a.kind() == "register" && a.is_current()).collect();
    let wanted = addition.document.as_deref();
    let chosen: Vec<_> = all.iter().filter(|a| wanted.is_none_or(|w| a.id() == w)).collect();
    match (chosen.as_slice(), wanted) {
        ([one], _) => Ok(**one),
        ([], Some(id)) => {
            let message = format!("{id} is no document with the register {}", addition.register);
            Err(Error::usage(message, did_you_mean(id, all.iter().map(|a| a.id()))))
        }
        ([], None) => {
            let message = format!("this SMS has no register of {} yet", addition.register.replace('-', " "));
            Err(Error::usage(message, format!("`smsctl new register {}` writes one.", addition.register)))
        }
        (several, _) => {
            let ids: Vec<_> = several.iter().map(|a| a.id()).collect();
            let message = format!("{} documents hold the register {}", several.len(), addition.register);
            Err(Error::usage(message, format!("Say which one with `--document`: {}.", ids.join(", "))))
        }
    }
}

/// The fields in the order of the schema; unknown and doubled names are refused.
fn in_order<'a>(addition: &'a Addition, shape: &Shape) -> Result<Vec<(&'a str, &'a str)>, Error> {
    for (index, (name, _)) in addition.fields.iter().enumerate() {
        let first = name.split('.').next().unwrap_or_default();
        let Some(field) = shape.field(first) else {
            let near = did_you_mean(first, shape.field_names());
            let all = || format!("Fields are: {}.", shape.field_names().collect::<Vec<_>>().join(", "));
            let message = format!("the register {} has no field `{first}`", addition.register);
            return Err(Error::usage(message, if near.is_empty() { all() } else { near }));
        };
        if name.contains('.') && field.field(name.split('.').nth(1).unwrap_or_default()).is_none() {
            let known: Vec<_> = field.field_names().collect();
            return Err(Error::usage(
                format!("the field `{first}` has no part `{}`", name.get(first.len() + 1..).unwrap_or_default()),
                if known.is_empty() {
                    format!("Write `{first}=…`.")
                } else {
                    format!("Parts are: {}.", known.join(", "))
                },
            ));
        }
        if addition.fields.iter().skip(index + 1).any(|(other, _)| other == name) {
            return Err(Error::usage(format!("the field `{name}` is given twice"), "Leave one of them out."));
        }
    }
    let place = |name: &str| shape.field_names().position(|f| name.split('.').next() == Some(f));
    let mut out: Vec<_> = addition.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    out.sort_by_key(|(name, _)| place(name));
    Ok(out)
}

fn text_at<'a>(ws: &'a Workspace, path: &str) -> Option<&'a str> {
    ws.sources.files().iter().find(|f| f.path == path).map(|f| f.text.as_str())
}

fn front_of(text: &str) -> Option<Node> {
    match document::parse(FileId(0), text).0.front {
        FrontMatter::Present { node, .. } => Some(node),
        _ => None,
    }
}

/// The items of a list as typed.
fn items(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim).filter(|i| !i.is_empty())
}
