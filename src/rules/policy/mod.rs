//! Rules of the service management policy: its elements, ownership, approval roles, scope, and what it means for roles.

mod text;

use super::group;

group! {
    policy_duplicated,
    policy_missing,
}
