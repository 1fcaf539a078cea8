//! Who stands behind a policy: its owner and its approvers as roles of the roles register.

use crate::workspace::{ArtifactView, EntityView};

/// The owner's role, when it is in the register.
pub(super) fn owner(policy: ArtifactView<'_>) -> Option<EntityView<'_>> {
    policy.entity()?.refs("owner").next()
}

/// The approvers' roles that are in the register.
pub(super) fn approvers(policy: ArtifactView<'_>) -> Vec<EntityView<'_>> {
    policy.entity().into_iter().flat_map(|p| p.refs("approvers")).collect()
}

/// A role that checks or advises instead of directing.
pub(super) fn is_grc(role: EntityView<'_>) -> bool {
    matches!(role.str("function"), Some("grc" | "audit"))
}

/// Top management by the word of the register.
pub(super) fn is_top(role: EntityView<'_>) -> bool {
    role.node().bool("top_management") == Some(true)
}

/// Owner and every approver check or advise; nobody who directs stands behind the policy.
pub(super) fn only_grc(policy: ArtifactView<'_>) -> bool {
    let approvers = approvers(policy);
    let all_known = policy.front().texts("approvers").count() == approvers.len();
    all_known
        && !approvers.is_empty()
        && owner(policy).into_iter().chain(approvers).all(is_grc)
        && owner(policy).is_some()
}
