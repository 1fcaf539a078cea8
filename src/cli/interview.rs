//! The questions `init` asks on a terminal, and the file of answers that takes their place.

use std::path::Path;

use super::Io;
use crate::error::Error;
use crate::scaffold::{Interview, Profile, RoleAnswer, ServiceAnswer, SupplierAnswer};

/// Roles whose holders are asked for, with the words of the question.
const ACCOUNTABLE: [(&str, &str); 3] = [
    ("chief-information-officer", "Who stands for top management (pseudonym such as p-001)"),
    ("service-management-owner", "Who is accountable for the service management system (pseudonym)"),
    ("sms-manager", "Who runs the service management system from day to day (pseudonym)"),
];

/// Reads a file of answers.
pub(super) fn from_file(path: &Path, io: &Io<'_>) -> Result<Interview, Error> {
    let full = io.cwd.join(path);
    let text = match std::fs::read_to_string(&full) {
        Ok(text) => text,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::NoSuchPath { path: path.to_owned() });
        }
        Err(source) => return Err(Error::Io { action: "read", path: full, source }),
    };
    Interview::parse(&path.display().to_string(), &text)
}

/// Asks on a terminal; elsewhere nothing is asked and nothing blocks. Every question may be left open.
pub(super) fn ask(profile: Profile, organization_known: bool, io: &Io<'_>) -> Result<Interview, Error> {
    let mut out = Interview::default();
    if !(io.in_is_terminal && io.out_is_terminal) {
        return Ok(out);
    }
    if !organization_known {
        out.organization = question("Name of the organization (Enter to decide later)")?;
    }
    if profile == Profile::Core {
        return Ok(out);
    }
    out.scope_statement = question("The scope in one sentence, as on the certificate (Enter to decide later)")?;
    out.services = names("Services in scope, separated by commas")?.into_iter().map(service).collect();
    out.customers = names("Customers or customer groups, separated by commas")?;
    out.locations = names("Sites, separated by commas")?;
    out.suppliers =
        names("Suppliers that contribute to services, separated by commas")?.into_iter().map(supplier).collect();
    for (role, words) in ACCOUNTABLE {
        let person = question(words)?;
        out.roles.extend(person.map(|p| RoleAnswer {
            role: role.to_owned(),
            person: Some(p),
            ..RoleAnswer::default()
        }));
    }
    Ok(out)
}

fn service(name: String) -> ServiceAnswer {
    ServiceAnswer { name, ..ServiceAnswer::default() }
}

fn supplier(name: String) -> SupplierAnswer {
    SupplierAnswer { name, ..SupplierAnswer::default() }
}

fn question(words: &str) -> Result<Option<String>, Error> {
    let asked: Result<String, _> = dialoguer::Input::new().with_prompt(words).allow_empty(true).interact_text();
    let help = "Say it with `--organization NAME` or `--answers FILE`.";
    let text = asked.map_err(|e| Error::usage(format!("no answer: {e}"), help))?;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok((!line.is_empty()).then_some(line))
}

fn names(words: &str) -> Result<Vec<String>, Error> {
    let line = question(words)?.unwrap_or_default();
    Ok(line.split(',').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect())
}
