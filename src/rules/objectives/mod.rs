//! Rules of objectives: the way from commitments to objectives, targets, measurements and reviews.

pub(crate) mod figures;
pub(in crate::rules) mod objective;

pub mod baseline_missing;
pub mod commitment_without_objective;
pub mod measured_less_often_than_reviewed;
pub mod measurement_duplicate;
pub mod measurement_gap;
pub mod measurement_without_comment;
pub mod missed_target_without_action;
pub mod objective_category_heavy;
pub mod objective_category_missing;
pub mod objective_count;
pub mod objective_evidence_stale;
pub mod objective_incomplete;
pub mod objective_on_retired_commitment;
pub mod objective_overdue;
pub mod objective_plan_incomplete;
pub mod objective_review_overdue;
pub mod objective_unanchored;
pub mod objective_without_commitment;
pub mod objective_without_control;
pub mod objectives_not_reviewed_after_change;
pub mod objectives_register_missing;
pub mod target_not_measurable;

/// The rules of this group.
pub(super) static RULES: &[&super::Rule] = &[
    &baseline_missing::RULE,
    &commitment_without_objective::RULE,
    &measured_less_often_than_reviewed::RULE,
    &measurement_duplicate::RULE,
    &measurement_gap::RULE,
    &measurement_without_comment::RULE,
    &missed_target_without_action::RULE,
    &objective_category_heavy::RULE,
    &objective_category_missing::RULE,
    &objective_count::RULE,
    &objective_evidence_stale::RULE,
    &objective_incomplete::RULE,
    &objective_on_retired_commitment::RULE,
    &objective_overdue::RULE,
    &objective_plan_incomplete::RULE,
    &objective_review_overdue::RULE,
    &objective_unanchored::RULE,
    &objective_without_commitment::RULE,
    &objective_without_control::RULE,
    &objectives_not_reviewed_after_change::RULE,
    &objectives_register_missing::RULE,
    &target_not_measurable::RULE,
];
