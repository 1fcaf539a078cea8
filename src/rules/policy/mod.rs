//! Rules of the service management policy: its elements, ownership, approval roles, scope, and what it means for roles.

mod leadership;
mod text;

use super::group;

group! {
    approver_authority_narrow,
    approver_not_top_management,
    approvers_grc_only,
    availability_undecided,
    change_entry_missing,
    effective_date_missing,
    element_not_located,
    improvement_mechanism_unnamed,
    improvement_one_sided,
    improvement_promise_missing,
    objectives_framework_thin,
    owner_not_executive,
    person_named_in_policy,
    policy_duplicated,
    policy_missing,
    policy_section_missing,
    policy_too_long,
    purpose_copies_mission,
    purpose_generic,
    purpose_missing,
    requirements_promise_missing,
    requirements_undefined,
    role_bullet_without_duty,
    role_bullets_missing,
    role_without_holder,
    scope_not_approved,
    scope_note_missing,
    service_management_undefined,
    service_outside_scope_named,
    working_instruction,
}
