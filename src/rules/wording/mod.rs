//! Rules of words: commitments that can be kept and measured, and leftovers of templates.

mod forms;
mod promise;
mod sentences;

use super::group;

group! {
    absolute_promise, commitment_malformed, commitment_not_objective_ready, commitment_without_action, compound_commitment,
    duplicate_commitment, escape_clause, long_sentences, vague_commitment, weak_commitment,
}
