//! What programs read when a command could not run: a valid document of the form that was asked for, which says why.

use serde_json::json;

use super::junit::text;
use super::{printable, sarif};
use crate::error::Error;

/// The document; none for a form that is no document. Standard error says the same for people.
#[must_use]
pub fn failure_document(form: &str, error: &Error) -> Option<String> {
    let (message, help) = (printable(&error.to_string()), error.help().map(|help| printable(&help)));
    let said = help.as_ref().map_or_else(|| format!("{message}."), |help| format!("{message}. {help}"));
    match form {
        "json" => Some(format!(
            "{:#}\n",
            json!({
                "schema": "smsctl-error/1",
                "tool": {"name": "smsctl", "version": env!("CARGO_PKG_VERSION")},
                "error": {"message": message, "help": help},
            })
        )),
        "sarif" => Some(sarif::failed(&said)),
        "junit" => Some(junit(&said)),
        _ => None,
    }
}

fn junit(said: &str) -> String {
    let counts = "name=\"smsctl\" tests=\"1\" failures=\"0\" errors=\"1\"";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts} skipped=\"0\">\n    \
         <testcase classname=\"smsctl\" name=\"run\">\n      <error message=\"the command could not run\">{}</error>\n    \
         </testcase>\n  </testsuite>\n</testsuites>\n",
        text(said)
    )
}
