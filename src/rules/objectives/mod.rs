//! Rules of objectives: the way from commitments to objectives, targets, measurements and reviews.

mod figures;
mod objective;
mod period;

use super::group;

group! {
    commitment_without_objective,
    objective_on_retired_commitment,
    objective_without_commitment,
    objectives_not_reviewed_after_change,
    objectives_register_missing,
}
