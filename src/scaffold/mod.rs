//! Files that smsctl writes for the user: `init`, `new`.

pub mod atomic;
