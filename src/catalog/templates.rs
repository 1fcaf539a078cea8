//! Document templates of `new` and `init`, inside the binary.

/// The files of the core profile in working order (TOML, see `templates/init/core.toml`).
pub const CORE_PROFILE: &str = "";

/// The text of a template by its name, such as `policies/service-management-policy`.
#[must_use]
pub fn template(_name: &str) -> Option<&'static str> {
    None
}
