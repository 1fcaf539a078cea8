//! Rules of the service management policy: its elements, ownership, approval roles, scope, and what it means for roles.

mod leadership;
mod text;

pub mod approver_authority_narrow;
pub mod approver_not_top_management;
pub mod approvers_grc_only;
pub mod availability_undecided;
pub mod change_entry_missing;
pub mod effective_date_missing;
pub mod element_not_located;
pub mod improvement_mechanism_unnamed;
pub mod improvement_one_sided;
pub mod improvement_promise_missing;
pub mod objectives_framework_thin;
pub mod owner_not_executive;
pub mod person_named_in_policy;
pub mod policy_duplicated;
pub mod policy_missing;
pub mod policy_section_missing;
pub mod policy_too_long;
pub mod purpose_copies_mission;
pub mod purpose_generic;
pub mod purpose_missing;
pub mod requirements_promise_missing;
pub mod requirements_undefined;
pub mod role_bullet_without_duty;
pub mod role_bullets_missing;
pub mod role_without_holder;
pub mod scope_not_approved;
pub mod scope_note_missing;
pub mod service_management_undefined;
pub mod service_outside_scope_named;
pub mod working_instruction;

/// The rules of this group.
pub(crate) static RULES: &[&super::Rule] = &[
    &approver_authority_narrow::RULE,
    &approver_not_top_management::RULE,
    &approvers_grc_only::RULE,
    &availability_undecided::RULE,
    &change_entry_missing::RULE,
    &effective_date_missing::RULE,
    &element_not_located::RULE,
    &improvement_mechanism_unnamed::RULE,
    &improvement_one_sided::RULE,
    &improvement_promise_missing::RULE,
    &objectives_framework_thin::RULE,
    &owner_not_executive::RULE,
    &person_named_in_policy::RULE,
    &policy_duplicated::RULE,
    &policy_missing::RULE,
    &policy_section_missing::RULE,
    &policy_too_long::RULE,
    &purpose_copies_mission::RULE,
    &purpose_generic::RULE,
    &purpose_missing::RULE,
    &requirements_promise_missing::RULE,
    &requirements_undefined::RULE,
    &role_bullet_without_duty::RULE,
    &role_bullets_missing::RULE,
    &role_without_holder::RULE,
    &scope_not_approved::RULE,
    &scope_note_missing::RULE,
    &service_management_undefined::RULE,
    &service_outside_scope_named::RULE,
    &working_instruction::RULE,
];
