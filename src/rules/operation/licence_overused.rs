//! `licence-overused`: more is in use than was bought, or the right to use is over.

use super::facts::{day, entries, name, part, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "licence-overused",
    summary: "a licence is used more often than allowed, or longer",
    docs: include_str!("licence_overused.md"),
    level: WARNING,
    clauses: &["8.2.5"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for asset in entries(ctx, "asset").filter(|a| a.str("status") == Some("in-use")) {
        let Some(licence) = part(asset, "licence") else { continue };
        let (entitled, used) = (licence.number("entitled"), licence.number("used"));
        let over = entitled.zip(used).filter(|(entitled, used)| used > entitled);
        let ended = day(asset, "licence.valid_until").filter(|last| *last < ctx.today);
        let (field, what) = match (over, ended) {
            (Some((entitled, used)), _) => ("licence.used", format!("is used {used} times; {entitled} are allowed")),
            (None, Some(last)) => {
                ("licence.valid_until", format!("is in use, and the right to use it ended on {last}"))
            }
            (None, None) => continue,
        };
        let problem = problem(&RULE, asset, field, format!("{} {what}", name(asset)));
        out.report(
            problem.help("Take back what is not needed or buy what is missing, and enter the new numbers and days."),
        );
    }
}
