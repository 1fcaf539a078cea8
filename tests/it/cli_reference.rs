//! `docs/cli.md` is what the command line says of itself. `UPDATE_DOCS=1` writes it.

use crate::common::repository;

#[test]
fn cli_reference_is_up_to_date() {
    let path = repository().join("docs/cli.md");
    let wanted = smsctl::cli::reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, wanted, "run `UPDATE_DOCS=1 cargo test --test it cli_reference`");
}
