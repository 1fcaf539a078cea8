//! Facts of Git history: one pass over the commits, what each did to each path, when it reached the chain.
