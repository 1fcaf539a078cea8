//! Rules of the service management policy: its elements, ownership, approval roles, scope, and what it means for roles.

use super::group;

group! {}
