//! Files that smsctl writes for the user: `init`, `new`, `check --fix`.

pub mod atomic;
pub mod fix;
