//! `role-bullet-without-duty`: an entry for a role that asks nothing, or of a role nobody has.

use super::text::{bullets, heading_about, is_policy};
use crate::catalog::Lexicon;
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::schema::is_to_do;
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "role-bullet-without-duty",
    summary: "an entry on what the policy means for a role names no duty or no known role",
    docs: include_str!("role_bullet_without_duty.md"),
    level: NOTE,
    clauses: &["5.2.2", "5.3"],
    since: "0.1.0",
    requirements: &[99],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let Some(words) = lexicon(ctx, policy, "duty-words", out) else { return };
    let Some(heading) = heading_about(policy, words, "section-roles") else { return };
    let roles: Vec<_> = policy.ws.of_type("role").filter(|r| !r.is_retired()).collect();
    for bullet in bullets(policy, heading).iter().filter(|b| !is_to_do(b.text())) {
        let text = bullet.text();
        let duty = words.hits("duty-words", text).into_iter().next();
        let subject = text.get(..duty.as_ref().map_or(text.len(), |d| d.range.start)).unwrap_or_default();
        let known = roles.is_empty() || roles.iter().any(|r| names_role(words, subject, *r));
        let (message, help) = match (&duty, known) {
            (Some(_), true) => continue,
            (None, _) => {
                ("this entry asks nothing of the role", "Say what the role must do, with \"must\" or \"will\".")
            }
            (_, false) => (
                "this entry speaks to no role of the roles register",
                "Use the title of the role as the register has it, or put the role's id in brackets behind it.",
            ),
        };
        out.report(RULE.problem(bullet.span, message).subject(policy.id()).help(help));
    }
}

/// By its id, its title, the main words of its title, or the group it belongs to.
fn names_role(words: &Lexicon, subject: &str, role: EntityView<'_>) -> bool {
    let said: Vec<String> = stems(subject).collect();
    let fillers = words.words("role-bullet-fillers");
    let main: Vec<&String> = said.iter().filter(|w| !fillers.contains(w)).collect();
    let title: Vec<String> = stems(role.label()).collect();
    let group: Vec<String> = stems(role.str("group").unwrap_or_default()).collect();
    let holds = |part: &[String]| !part.is_empty() && part.iter().all(|w| said.contains(w));
    subject.contains(role.id())
        || holds(&title)
        || holds(&group)
        || (!main.is_empty() && main.iter().all(|w| title.contains(w)))
}

/// Words in lower case and without the plural's s.
fn stems(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(|word| {
        let word = word.to_lowercase();
        if word.len() > 3 { word.trim_end_matches('s').to_owned() } else { word }
    })
}
