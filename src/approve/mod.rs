//! Builds and signs approvals, checkpoints and trust policies.
