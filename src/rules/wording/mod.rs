//! Rules of words: commitments that can be kept and measured, and leftovers of templates.

mod forms;
mod leftovers;
mod promise;
mod sentences;

use super::group;

group! {
    absolute_promise, bracket_placeholder, commitment_malformed, commitment_not_objective_ready, commitment_without_action,
    compound_commitment, default_value, duplicate_commitment, empty_control_field, escape_clause, foreign_text, long_sentences,
    organization_placeholder, template_guidance, unchanged_template, unfinished_text, vague_commitment, weak_commitment,
}
