//! Rules of obligations, communication, reviews, audits and other parties: what must be shown, and by when.

use super::group;

group! {}
