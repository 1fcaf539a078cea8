//! `codeowners-stale`: CODEOWNERS is not what the trust policy makes of it.

use super::code_owners::{MARK, generated};
use super::{moment, trust};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::source::Span;
use crate::trust::Judged;

/// The rule.
pub static RULE: Rule = Rule {
    name: "codeowners-stale",
    summary: "CODEOWNERS is not what the trust policy makes of it",
    docs: include_str!("codeowners_stale.md"),
    level: WARNING,
    clauses: &["7.5.3.2", "5.3"],
    since: "0.1.0",
    requirements: &[10],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    let Some(file) = ctx.code_owners.as_ref().filter(|f| f.text.starts_with(MARK)) else { return };
    let wanted = generated(ctx.ws, judged.policy(), &file.prefix, moment(ctx));
    let have = file.text.replace("\r\n", "\n");
    if have == wanted {
        return;
    }
    let differs = have.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count() + 1;
    let span = trust::file(ctx.ws, &file.path).map_or_else(|| ctx.ws.root_span(), Span::start_of);
    let message = format!("{} no longer follows from the trust policy, first in line {differs}", file.path);
    out.report(RULE.problem(span, message).help("Run `smsctl generate codeowners` and commit the file."));
}
