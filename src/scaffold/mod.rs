//! `init` and `new`: templates and the catalogue become files.
