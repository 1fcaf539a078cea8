//! Who may approve what, proved from the pinned root: policy chain, approvals, verdicts.
