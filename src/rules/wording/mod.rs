//! Rules of words: commitments that can be kept and measured, and leftovers of templates.

use super::group;

group! {}
