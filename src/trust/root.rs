//! The trust root: the commit and policy that everything else is judged from. It is pinned outside the repository.

use std::collections::BTreeMap;

use crate::history::Oid;

/// A commit with the digest of its trust policy. Printed as `smsroot1:sha1:COMMIT:POLICY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The commit.
    pub commit: Oid,
    /// `sha256:…` of its policy set.
    pub policy: String,
}

impl std::fmt::Display for Root {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hex = self.policy.trim_start_matches("sha256:");
        let commit = self.commit.to_string();
        let format = if commit.len() == 64 { "sha256" } else { "sha1" };
        write!(f, "smsroot1:{format}:{commit}:{hex}")
    }
}

impl Root {
    /// Reads a fingerprint; white space around it is passed over, so that it can be pasted from paper.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.trim().split(':').collect();
        let [head, format, commit, policy] = parts.as_slice() else { return None };
        let length = match *format {
            "sha1" => 40,
            "sha256" => 64,
            _ => return None,
        };
        let policy = super::statement::sha256(&format!("sha256:{policy}"))?;
        let good = *head == "smsroot1" && commit.len() == length;
        good.then(|| Oid::from_str(commit).ok()).flatten().map(|commit| Self { commit, policy })
    }
}

/// Where the pinned root came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinSource {
    /// Given on the command line.
    Argument,
    /// From a checkpoint kept outside.
    Anchor,
    /// From the user's own roots.toml.
    Stored,
    /// Nothing was pinned: the first policy of the history is believed.
    FirstUse,
}

/// The user's roots by repository id: `roots.toml` in the user's configuration folder, never in a repository.
#[derive(Clone, Debug, Default)]
pub struct Pins(BTreeMap<String, String>);

impl Pins {
    /// Reads roots.toml.
    ///
    /// # Errors
    /// When it is no TOML of this form; a damaged file must not look like an empty one.
    pub fn parse(text: &str) -> Result<Self, String> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(default)]
            roots: BTreeMap<String, String>,
        }
        let file: File = toml::from_str(text).map_err(|e| e.message().to_owned())?;
        if let Some((id, _)) = file.roots.iter().find(|(_, root)| Root::parse(root).is_none()) {
            return Err(format!("the root of {id} is no fingerprint"));
        }
        Ok(Self(file.roots))
    }

    /// The root pinned for a repository.
    #[must_use]
    pub fn get(&self, repo_id: &str) -> Option<Root> {
        self.0.get(repo_id).and_then(|r| Root::parse(r))
    }

    /// Pins a root.
    pub fn set(&mut self, repo_id: &str, root: &Root) {
        self.0.insert(repo_id.to_owned(), root.to_string());
    }

    /// The text of roots.toml.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = String::from(
            "# Trust roots smsctl believes, by repository. Compare each with one you were given on paper.\n[roots]\n",
        );
        for (id, root) in &self.0 {
            out.push_str(&format!("\"{id}\" = \"{root}\"\n"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_and_pins_are_read_back() {
        let text = format!("smsroot1:sha1:{}:{}", "ab".repeat(20), "cd".repeat(32));
        let root = Root::parse(&format!(" {text}\n")).unwrap();
        assert_eq!(root.to_string(), text);
        let mut pins = Pins::default();
        pins.set("urn:uuid:1", &root);
        let again = Pins::parse(&pins.render()).unwrap();
        assert_eq!(again.get("urn:uuid:1"), Some(root));
        assert_eq!(again.get("urn:uuid:2"), None);
    }

    #[test]
    fn damaged_fingerprints_are_refused() {
        for bad in
            ["", "smsroot1", "smsroot2:sha1:aa:bb", &format!("smsroot1:sha1:{}:{}", "ab".repeat(19), "cd".repeat(32))]
        {
            assert!(Root::parse(bad).is_none(), "{bad}");
        }
        assert!(Pins::parse("[roots]\n\"x\" = \"y\"\n").is_err());
        assert!(Pins::parse("roots = 3").is_err());
    }
}
