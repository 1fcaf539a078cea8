//! Rules of words: commitments that can be kept and measured, and leftovers of templates.

mod forms;
pub(super) mod leftovers;
mod promise;
mod sentences;

pub mod absolute_promise;
pub mod bracket_placeholder;
pub mod commitment_malformed;
pub mod commitment_not_objective_ready;
pub mod commitment_without_action;
pub mod compound_commitment;
pub mod default_value;
pub mod duplicate_commitment;
pub mod empty_control_field;
pub mod escape_clause;
pub mod foreign_text;
pub mod long_sentences;
pub mod organization_placeholder;
pub mod template_guidance;
pub mod unchanged_template;
pub mod unfinished_text;
pub mod vague_commitment;
pub mod weak_commitment;

/// The rules of this group.
pub(super) static RULES: &[&super::Rule] = &[
    &absolute_promise::RULE,
    &bracket_placeholder::RULE,
    &commitment_malformed::RULE,
    &commitment_not_objective_ready::RULE,
    &commitment_without_action::RULE,
    &compound_commitment::RULE,
    &default_value::RULE,
    &duplicate_commitment::RULE,
    &empty_control_field::RULE,
    &escape_clause::RULE,
    &foreign_text::RULE,
    &long_sentences::RULE,
    &organization_placeholder::RULE,
    &template_guidance::RULE,
    &unchanged_template::RULE,
    &unfinished_text::RULE,
    &vague_commitment::RULE,
    &weak_commitment::RULE,
];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::rules::{Ctx, run};
    use crate::source::MemoryTree;
    use crate::workspace::load;

    /// `rule line:column "words"` of this group's findings in a policy with one commitment.
    fn found(organization: &str, body: &str) -> Vec<String> {
        let mut tree = MemoryTree::default();
        let config = format!("[sms]\norganization = \"{organization}\"\n");
        tree.put("smsctl.toml", Some(config.into_bytes()));
        let front = "id: P\nkind: policy\ntitle: P\nstatus: draft\ncommitments: [{id: PC-01, element: other}]";
        tree.put("p.md", Some(format!("---\n{front}\n---\n{body}\n").into_bytes()));
        let workspace = load(&tree, &|_, _| {}).unwrap();
        let verdict = run(&Ctx::new(&workspace, date(2026, 11, 20)));
        let own = verdict.findings.iter().filter(|f| super::RULES.iter().any(|r| r.name == f.rule.name));
        let line = |f: &crate::rules::Finding| {
            let span = f.problem.span;
            let place = workspace.sources.file(span.file).position(span.start as usize);
            let words = workspace.sources.text(span);
            format!("{} {}:{} {words}", f.rule.name, place.line, place.column)
        };
        own.map(line).collect()
    }

    #[test]
    fn weak_and_vague_words_are_shown_at_their_place() {
        let lines = found("Northwind", "- **PC-01** We strive to provide excellent service.");
        let expected = [
            "commitment-not-objective-ready 8:13 We strive to provide excellent service.",
            "weak-commitment 8:16 strive",
            "vague-commitment 8:34 excellent",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn an_overlapping_word_is_said_once() {
        let lines = found("Northwind", "- **PC-01** We restore live services for users where appropriate.");
        assert_eq!(lines, ["escape-clause 8:48 where appropriate"]);
    }

    #[test]
    fn placeholders_of_the_organization_are_not_its_own_name() {
        let body = "- **PC-01** We restore live services for the users of Organization Name and ACME Ltd.";
        let expected = ["organization-placeholder 8:55 Organization Name", "organization-placeholder 8:77 ACME Ltd"];
        assert_eq!(found("Northwind", body), expected);
        assert_eq!(found("Acme Services", body), expected[..1]);
    }

    #[test]
    fn blanks_are_told_from_links_code_and_placeholders_of_our_own() {
        let body = "- **PC-01** We review `[a b]`, [one][r], [x](y), TODO([z z]), [^1], <b>bold</b> \
                    and [site name]\n  <Town Name>\n\n[r]: b.md";
        let expected = ["bracket-placeholder 8:85 [site name]", "bracket-placeholder 9:3 <Town Name>"];
        assert_eq!(found("Northwind", body), expected);
    }
}
