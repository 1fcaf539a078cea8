//! How to verify a pack without smsctl: the page for people, and the steps it names.

use super::Files;
use super::index::Index;
use super::manifest::{NAMESPACE, OPENPGP_SIGNATURE, SSH_SIGNATURE};

/// The page.
pub const GUIDE: &str = "VERIFY.md";
/// The script that goes through all approvals.
pub const SCRIPT: &str = "evidence/verify-approvals.sh";
const SCRIPT_TEXT: &str = include_str!("verify-approvals.sh");

/// How the manifest is signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sealed {
    /// Not at all.
    #[default]
    Unsigned,
    /// With an SSH key; the name it has in `keys/exporter_allowed_signers`.
    Ssh(String),
    /// With an OpenPGP key; its fingerprint.
    OpenPgp(String),
}

/// The page and the script.
#[must_use]
pub fn files(index: &Index, sealed: &Sealed) -> Files {
    let mut out = Files::from([(GUIDE.to_owned(), page(index, sealed).into_bytes())]);
    if !index.root.is_empty() {
        out.insert(SCRIPT.to_owned(), SCRIPT_TEXT.as_bytes().to_vec());
    }
    out
}

fn page(index: &Index, sealed: &Sealed) -> String {
    let mut out = String::from(HEAD);
    out += &seal(sealed);
    if index.root.is_empty() {
        out += NO_HISTORY;
    } else {
        out += &history(index);
    }
    out += TAIL;
    out
}

const HEAD: &str = "\
# How to verify this pack

Nothing here needs smsctl, the network or the organization: `sha256sum`, `git`, `ssh-keygen` and, for OpenPGP keys, `gpg` are
enough. Open a terminal in the folder that holds this file. With smsctl, `smsctl audit-pack verify FILE --root TRUST-ROOT` does
all of it in one step, and more: it also judges roles, authors and the number of approvals, and computes anew what this pack says of
its documents and of what is missing.

## 1. No file was changed

```sh
sha256sum --check --strict --quiet MANIFEST && echo all files are as listed
```

A file that was changed or is missing is named. What is here and not listed is an addition:

```sh
find . -type f | sed 's,^\\./,,' | grep -v -x -e MANIFEST -e MANIFEST.sig -e MANIFEST.asc | LC_ALL=C sort > /tmp/here
grep -v '^#' MANIFEST | sed 's/^[0-9a-f]*  //' | LC_ALL=C sort | diff - /tmp/here && echo nothing was added
```

";

fn seal(sealed: &Sealed) -> String {
    match sealed {
        Sealed::Unsigned => "\
## 2. Who made it

The manifest of this pack is not signed, so nothing shows who made it. What the history does not show (step 4) may have been
changed by anybody who had the file before you.

"
        .to_owned(),
        Sealed::Ssh(principal) => format!(
            "\
## 2. Who made it

```sh
ssh-keygen -Y verify -f keys/exporter_allowed_signers -I {principal} -n {NAMESPACE} -s {SSH_SIGNATURE} < MANIFEST
```

It prints a good signature and the fingerprint of the key. Anybody can make such a signature with a key of their own: step 4
looks whether the trust policy in the signed history knows this key.

"
        ),
        Sealed::OpenPgp(fingerprint) => format!(
            "\
## 2. Who made it

```sh
mkdir -m 700 -p /tmp/pack-gnupg
gpg --homedir /tmp/pack-gnupg --quiet --batch --import keys/exporter.asc
gpg --homedir /tmp/pack-gnupg --batch --verify {OPENPGP_SIGNATURE} MANIFEST
```

The fingerprint must be {fingerprint}. Anybody can make such a signature with a key of their own: step 4 looks whether the trust
policy in the signed history knows this key.

"
        ),
    }
}

const NO_HISTORY: &str = "\
## 3. Approvals

Nothing was judged of the history when this pack was made, so it brings no evidence of approvals. The register of approvals says why.

";

fn history(index: &Index) -> String {
    let root = &index.root;
    let commit = &index.commit;
    format!(
        "\
## 3. The trust root is the one you were told

This pack was made with the trust root

    {root}

Compare it, letter by letter, with the one the organization gave you on another way: on paper at stage 1, by telephone, in the
last audit's working papers. Nothing inside a pack can show that the whole of it was not made up; this comparison does.

## 4. Signer, documents, every approval

```sh
sh evidence/verify-approvals.sh {root}
```

reads the history in `evidence/history.bundle`, checks all objects, looks whether the key of step 2 stands in the trust policy, whether
each file in `documents/` is that of the commit and every document of the commit is listed, and verifies each signature with the
keys that were in force where the approval came in. A line that starts with `ok` says: this person's key signed exactly this text.
`withheld` says the same of a text whose digest alone is in the pack. When the trust policy does not know the key of step 2, ask the
organization on another way for its fingerprint, and write it behind the trust root. Read the script first; it is short.

## 5. The documents are the approved ones

To look at the history yourself:

```sh
git init --quiet --bare /tmp/pack-history
git -C /tmp/pack-history config core.repositoryformatversion 1
git -C /tmp/pack-history config extensions.partialClone origin
git -C /tmp/pack-history config remote.origin.promisor true
git -C /tmp/pack-history fetch --quiet \"$PWD/evidence/history.bundle\" '+refs/*:refs/*'
git -C /tmp/pack-history log -1 --format='%H %cI %s' {commit}
```

The digest in the register of approvals is that of the text in this commit, and of the file in `documents/` unless parts of it
are withheld (`tables/withheld.csv` lists which):

```sh
grep '  documents/' MANIFEST | head -3
```

"
    )
}

const TAIL: &str = "\
## What this does not prove

- A signature shows that a key was used, not who sat before the machine nor what they had in mind.
- Dates are claims of the signers' clocks; only what somebody outside kept shows that something is older than it is.
- Pages, PDF, tables, workbook and the lists of what is missing are made by smsctl from the documents; the signature of the manifest says
  who made them, the approvals say nothing about them. `smsctl audit-pack verify` makes them again where nothing is withheld.
- What is visible of a text with withheld places rests on that signature as well.
- What is withheld cannot be verified but by its digest; ask the organization to show it.
";
