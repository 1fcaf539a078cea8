//! No form of a name, no e-mail address and no telephone number leaves in the running text of a pack.

use std::io::{Cursor, Read as _};

use smsctl::pack::container;

use crate::kit::{DOCUMENT, Kit, document, key};
use crate::run::smsctl;

/// Each holds `kellermann`, `müllerson` or digits of a number, in some way of writing.
const FORMS: [&str; 31] = [
    "Paula Kellermann",
    "Paula\nKellermann",
    "Paula\u{a0}Kellermann",
    "Paula\u{202f}Kellermann",
    "Paula  Kellermann",
    "Kellermann",
    "Kellermann's room",
    "Kellermann’s room",
    "Kellermann, Paula",
    "KELLERMANN, Paula",
    "KELLERMANN Paula",
    "P. Kellermann",
    "P.\u{a0}Kellermann",
    "**Paula** Kellermann",
    "*Paula* **Kellermann**",
    "_Paula_ Kellermann",
    "Paula K**eller**mann",
    "[Paula Kellermann](https://example.org)",
    "PAULA KELLERMANN",
    "paula kellermann",
    "see paula-kellermann.pdf",
    "see paula_kellermann.pdf",
    "Paula Keller\u{ad}mann",
    "(Kellermann)",
    "JÖRG MÜLLERSON",
    "Mu\u{308}llerson, Jo\u{308}rg",
    "Jo\u{308}rg Mu\u{308}llerson",
    "guest@elsewhere.example",
    "call +49 30 901 820 77",
    "call 0301 901 820 77",
    "<tel:030901820>",
];

const ROLES: &str = "---\nid: REG-ROL\nkind: register\nregister: roles\ntitle: Roles of Paula Kellermann\nversion: 1.0\nstatus: draft\nowner: cio\napprovers: [cio]\nclauses: [5.3]\nentries:\n  - id: cio\n    title: Chief information officer\n    top_management: true\n    holders:\n      - {person: Paula Kellermann, valid_from: 2026-01-01}\n      - {person: Jörg Müllerson, valid_from: 2026-01-01}\n---\n# Roles\n";

/// A text as one compares it: no case, no emphasis, nothing invisible, letters composed.
fn folded(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).to_lowercase().replace("u\u{308}", "ü");
    text.replace(['*', '\u{ad}'], "")
}

/// A file, and what is in it when it is a workbook.
fn contents(path: &str, bytes: &[u8]) -> Vec<String> {
    if path != "registers.xlsx" {
        return vec![folded(bytes)];
    }
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |at| {
        let mut out = Vec::new();
        book.by_index(at).unwrap().read_to_end(&mut out).unwrap();
        folded(&out)
    };
    (0..book_len(bytes)).map(&mut part).collect()
}

fn book_len(bytes: &[u8]) -> usize {
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().len()
}

#[test]
fn no_form_of_a_name_leaves_and_the_pack_still_verifies() {
    let mut kit = Kit::new();
    kit.write("registers/roles.md", ROLES);
    kit.write(DOCUMENT, &document("1.1", &format!("We serve.\n\n{}", FORMS.join("\n\n"))));
    kit.commit("eve", "Name people");
    let root = kit.root().to_string();
    let folder = tempfile::tempdir().unwrap();
    let (out, carla) = (folder.path().join("p.zip"), key("carla"));
    let (out, carla) = (out.to_str().unwrap(), carla.to_str().unwrap());
    let args = ["audit-pack", "--stage", "stage-1", "--root", &root, "--out", out, "--key", carla, "--allow-gaps"];
    let ran = smsctl(kit.path(), &args);
    assert_eq!(ran.status, 0, "{} {}", ran.out, ran.err);
    let pack = container::open(out.as_ref()).unwrap();
    for (path, bytes) in pack.files.iter().filter(|(p, _)| !p.ends_with(".bundle") && !p.starts_with("keys/")) {
        for text in contents(path, bytes) {
            for word in ["kellermann", "müllerson", "guest@", "901 820", "030901820"] {
                let at = text.find(word).map(|at| text[..at].chars().rev().take(40).collect::<String>());
                assert_eq!(at, None, "{path} holds {word}");
            }
        }
    }
    assert!(String::from_utf8_lossy(&pack.files["documents/policies/smp.md"]).contains("We serve."));
    let ran = smsctl(kit.path(), &["audit-pack", "verify", out, "--root", &root]);
    assert_eq!(ran.status, 0, "{} {}", ran.out, ran.err);
}
