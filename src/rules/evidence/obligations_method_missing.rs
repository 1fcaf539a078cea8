//! `obligations-method-missing`: nobody wrote down how new requirements are found.

use super::facts::filled;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::workspace::{ArtifactView, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "obligations-method-missing",
    summary: "the obligations register does not say how requirements are found",
    docs: include_str!("obligations_method_missing.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.1", "4.2"],
    since: "0.1.0",
    requirements: &[66],
    options: &[],
    check: Check::Workspace(check),
};

const PARTS: [&str; 3] = ["sources", "owner", "frequency"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some((register, lacking)) = lacking(ctx.ws) else { return };
    let message = if register.kind() != "register" {
        "no register says how new requirements are found; only single obligations are on file".to_owned()
    } else if register.front().get("capture_method").is_none() {
        "the register has no `capture_method`: nothing says how new requirements are found".to_owned()
    } else {
        let names: Vec<_> = lacking.iter().map(|part| format!("`{part}`")).collect();
        format!("`capture_method` lacks {}", listed(&names))
    };
    let span = register.front().field("capture_method").map_or(register.span(), |field| field.key_span);
    let problem = RULE.problem(span, message).subject(register.id());
    out.report(problem.help(
        "Write into `capture_method` which `sources` are searched for requirements, which role does it (`owner`) \
         and how often (`frequency`, such as P3M).",
    ));
}

/// The first register and what its method lacks; nothing when there is no register or one has a whole method.
pub(super) fn lacking(ws: &Workspace) -> Option<(ArtifactView<'_>, Vec<&'static str>)> {
    let registers = || ws.register("obligations").filter(|r| r.is_current());
    let judged: Vec<_> = registers().map(|r| (r, parts_lacking(r))).collect();
    if judged.iter().any(|(_, lacking)| lacking.is_empty()) {
        return None;
    }
    // A file of one obligation has no head for the method; the list, when there is one, does.
    judged.into_iter().min_by_key(|(register, _)| register.kind() != "register")
}

fn parts_lacking(register: ArtifactView<'_>) -> Vec<&'static str> {
    match register.front().get("capture_method") {
        // A placeholder is a finding of its own.
        Some(method) if method.as_str().is_some() => Vec::new(),
        Some(method) => PARTS.into_iter().filter(|part| !filled(method, part)).collect(),
        None => PARTS.to_vec(),
    }
}
