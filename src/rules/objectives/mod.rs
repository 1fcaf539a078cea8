//! Rules of objectives: the way from commitments to objectives, targets, measurements and reviews.

use super::group;

group! {}
