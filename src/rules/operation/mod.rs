//! Rules of operation: changes, releases, incidents, requests, problems, configuration items, assets, knowledge and media.

mod facts;

pub mod asset_without_owner;
pub mod change_approved_without_assessment;
pub mod change_closed_without_review;
pub mod change_failure_unanswered;
pub mod change_self_approved;
pub mod change_touches_nothing;
pub mod change_unapproved;
pub mod ci_on_retired_ci;
pub mod ci_verification_overdue;
pub mod ci_without_owner;
pub mod dates_out_of_order;
pub mod emergency_change_not_reviewed;
pub mod incident_closed_without_resolution;
pub mod knowledge_review_overdue;
pub mod known_error_missing;
pub mod known_error_without_workaround;
pub mod licence_overused;
pub mod major_change_incomplete;
pub mod major_incident_not_reviewed;
pub mod major_incident_unrecorded;
pub mod major_incident_without_lesson;
pub mod media_unauthorized;
pub mod missed_restoration_uncommented;
pub mod problem_closed_unchecked;
pub mod problem_closed_without_cause;
pub mod release_before_acceptance;
pub mod release_failure_unanswered;
pub mod release_without_changes;
pub mod repeat_incidents_without_problem;
pub mod request_fulfilled_without_approval;
pub mod request_without_model;

/// The rules of this group.
pub(super) static RULES: &[&super::Rule] = &[
    &asset_without_owner::RULE,
    &change_approved_without_assessment::RULE,
    &change_closed_without_review::RULE,
    &change_failure_unanswered::RULE,
    &change_self_approved::RULE,
    &change_touches_nothing::RULE,
    &change_unapproved::RULE,
    &ci_on_retired_ci::RULE,
    &ci_verification_overdue::RULE,
    &ci_without_owner::RULE,
    &dates_out_of_order::RULE,
    &emergency_change_not_reviewed::RULE,
    &incident_closed_without_resolution::RULE,
    &knowledge_review_overdue::RULE,
    &known_error_missing::RULE,
    &known_error_without_workaround::RULE,
    &licence_overused::RULE,
    &major_change_incomplete::RULE,
    &major_incident_not_reviewed::RULE,
    &major_incident_unrecorded::RULE,
    &major_incident_without_lesson::RULE,
    &media_unauthorized::RULE,
    &missed_restoration_uncommented::RULE,
    &problem_closed_unchecked::RULE,
    &problem_closed_without_cause::RULE,
    &release_before_acceptance::RULE,
    &release_failure_unanswered::RULE,
    &release_without_changes::RULE,
    &repeat_incidents_without_problem::RULE,
    &request_fulfilled_without_approval::RULE,
    &request_without_model::RULE,
];
