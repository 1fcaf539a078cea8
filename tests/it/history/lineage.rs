//! Lineages by id, and the front matter they read.

use proptest::collection::vec;
use proptest::prelude::*;
use smsctl::document::{self, FrontMatter};
use smsctl::history::{Head, Lineages, head};
use smsctl::source::{FileId, decode};

use super::stock::Repo;
use crate::common::cases;

fn artifact(id: &str, version: &str) -> String {
    format!("---\nid: {id}\nkind: policy\nversion: {version}\nstatus: approved\n---\n\n# Text\n")
}

fn told(repo: &Repo, id: &str) -> Vec<String> {
    let (repository, walk) = (repo.open(), repo.walk());
    let lineages = Lineages::of(&repository, &walk).unwrap();
    let Some(lineage) = lineages.0.get(id) else { return Vec::new() };
    let line = |state: &smsctl::history::State| {
        let merge = if state.differs_from_all_parents { " merge" } else { "" };
        let path = &walk.paths[state.path as usize];
        format!("{:?} {} {path}{merge}", state.change, state.head.version)
    };
    lineage.states.iter().map(line).collect()
}

#[test]
fn a_moved_file_keeps_its_past() {
    let repo = Repo::new();
    repo.write("a.md", &artifact("P-1", "1.0"));
    repo.write("plain.md", "# No front matter\n");
    repo.write(".hidden/h.md", &artifact("H-1", "1.0"));
    repo.commit("add");
    repo.write("a.md", &artifact("P-1", "1.1"));
    repo.commit("change");
    std::fs::remove_file(repo.path().join("a.md")).unwrap();
    repo.write("deep/b.md", &artifact("P-1", "2.0"));
    repo.commit("move and rewrite");
    std::fs::remove_file(repo.path().join("deep/b.md")).unwrap();
    repo.commit("remove");
    repo.write("c.md", &artifact("P-1", "3.0"));
    repo.commit("bring back");
    repo.write("d.md", &artifact("P-1", "3.0"));
    repo.commit("copy");
    repo.write("c.md", &artifact("P-2", "3.0"));
    repo.commit("rename the id");
    let expected = [
        "Added 1.0 a.md",
        "Changed 1.1 a.md",
        "Moved 2.0 deep/b.md",
        "Removed 2.0 deep/b.md",
        "Added 3.0 c.md",
        "Added 3.0 d.md",
        "Removed 3.0 c.md",
    ];
    assert_eq!(told(&repo, "P-1"), expected);
    assert_eq!(told(&repo, "P-2"), ["Added 3.0 c.md"]);
    assert!(told(&repo, "H-1").is_empty());
}

#[test]
fn an_evil_merge_is_a_state_of_its_own_and_a_link_is_none() {
    let repo = Repo::new();
    repo.write("a.md", &artifact("P-1", "1.0"));
    repo.commit("add");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("a.md", &artifact("P-1", "1.1"));
    repo.commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("other", "x");
    repo.commit("main");
    repo.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    repo.write("a.md", &artifact("P-1", "6.6"));
    repo.commit("merge");
    assert_eq!(told(&repo, "P-1"), ["Added 1.0 a.md", "Changed 1.1 a.md", "Changed 6.6 a.md merge"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.md", repo.path().join("l.md")).unwrap();
        repo.commit("link");
        assert_eq!(told(&repo, "P-1").len(), 3);
    }
}

#[test]
fn a_content_that_is_missing_is_no_state() {
    let repo = Repo::new();
    repo.write("a.md", &artifact("P-1", "1.0"));
    repo.commit("add");
    std::fs::remove_file(repo.loose(repo.oid("HEAD:a.md"))).unwrap();
    let walk = repo.walk();
    assert_eq!(walk.rows.len(), 1);
    assert!(Lineages::of(&repo.open(), &walk).unwrap().0.is_empty());
}

/// The same by the reader all else of smsctl uses.
fn real(bytes: &[u8]) -> Option<Head> {
    let text = decode(bytes.to_vec()).ok()?;
    let (document, _) = document::parse(FileId(0), &text);
    let FrontMatter::Present { node, .. } = document.front else { return None };
    let text = |key: &str| node.str(key).map(str::to_owned);
    Some(Head {
        owner: text("owner").unwrap_or_default(),
        approvers: node.texts("approvers").map(|(t, _)| t.to_owned()).collect(),
        id: text("id").filter(|t| !t.is_empty())?,
        kind: text("kind").unwrap_or_default(),
        register: text("register"),
        version: text("version").unwrap_or_default(),
        status: text("status").unwrap_or_default(),
        title: text("title").unwrap_or_default(),
        author: text("author"),
    })
}

/// No value, however it is written, in each place where the light reader may meet it.
#[test]
fn no_value_is_no_text_and_quoted_it_is() {
    let lists = |word: &str| {
        let flow = [format!("[{word}]"), format!("[one-officer, {word}]"), format!("[{word}, b, {word}]")];
        let block = [format!("\n  - {word}"), format!("\n  - b\n  - {word}"), format!("\n  - a: {word}")];
        flow.into_iter().chain(block).chain([format!("[a, [b, {word}]]"), word.to_owned()])
    };
    for word in ["null", "Null", "NULL", "nULL", "~", "", "'null'", "\"~\"", "''", "null-officer", "Null.", "nulls"] {
        for list in lists(word) {
            let text = format!("---\nid: A-1\napprovers: {list}\nowner: {word}\nlist: {list}\n---\n");
            assert_eq!(head(text.as_bytes()), real(text.as_bytes()), "{text}");
        }
        for key in ["id", "kind", "register", "version", "status", "title", "author"] {
            let text = format!("---\nid: A-1\n{key}: {word}\n---\n").replacen("id: A-1\nid", "id", 1);
            assert_eq!(head(text.as_bytes()), real(text.as_bytes()), "{text}");
        }
    }
    let approvers = |list: &str| head(format!("---\nid: A-1\napprovers: {list}\n---\n").as_bytes()).unwrap().approvers;
    assert_eq!(approvers("[one-officer, null]"), ["one-officer"]);
    assert_eq!(approvers("[one-officer, 'null']"), ["one-officer", "null"]);
    assert_eq!(approvers("[~, NULL]"), [""; 0]);
}

/// Pieces that mean something in front matter.
const PIECES: &[&str] = &[
    "---\n",
    "---\n",
    "--- \n",
    "...\n",
    "\u{feff}",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "    ",
    "- ",
    "id: A-1\n",
    "owner: x\n",
    "approvers:\n",
    "approvers: a, b\n",
    "approvers: [a, b]\n",
    "id: A-1\n",
    "id:",
    "id :",
    " id: x\n",
    "kind: policy\n",
    "version: 1.10\n",
    "version:  1.0 \n",
    "status: approved\n",
    "title: A title, with (things) / more\n",
    "title: a: b\n",
    "title: a #b\n",
    "title: a#b\n",
    "title: - a\n",
    "title: -a\n",
    "title: ~\n",
    "title: null\n",
    "title: 'x'\n",
    "title: \"x\\n\"\n",
    "title: |\n  x\n",
    "title: >-\n  x\n",
    "title: x\n  y\n",
    "title: é ü 𝄞\n",
    "title: x\u{85}y\n",
    "title: \u{2028}\n",
    "title: \u{a0}x\u{a0}\n",
    "title: \u{feff}x\n",
    "title: x\u{7f}\n",
    "author: &a x\n",
    "author: *a\n",
    "author: !t x\n",
    "author: [a, b]\n",
    "author: {a: b}\n",
    "author: [\n",
    "author: @x\n",
    "author: `x\n",
    "author: %x\n",
    "author: ? x\n",
    "author: ?x\n",
    "author: :x\n",
    "register: risks\n",
    "owner: x:\n",
    "changes:\n  - version: 1.4\n    on: 2026-05-04\n    why: Because.\n",
    "changes:\n- version: 1\n  on: 2\n",
    "list: [1, 2.3, a-b]\n",
    "list: [a, b\n",
    "list: []\n",
    "list: [a,, b]\n",
    "list: [a b, c]\n",
    "list: [a:b]\n",
    "list: [a: b]\n",
    "# comment\n",
    "#\n",
    "<<: x\n",
    "? a\n",
    "a: 1\na: 2\n",
    "\"id\": B-1\n",
    "%YAML 1.2\n",
    "--- x\n",
    "key with space: 1\n",
    "list: [a,b]\n",
    "approvers: [a, null]\n",
    "approvers: [Null]\n",
    "approvers: [~, b]\n",
    "approvers: [a, 'null']\n",
    "approvers: null\n",
    "list:\n  - a\n  - b\n",
    "list:\n  - a\n   - b\n",
    "list:\n  -\n",
    "list:\n  - a: 1\n    a: 2\n",
    "x:\n    y: 1\n  z: 2\n",
    "a: x \t\n",
    "approvers:\n  - a\n  - null\n  - \"b\"\n",
    "approvers: [a, null, 'b c']\n",
    "title: \"a: b #c\"\n",
    "title: 'a \\ b'\n",
    "title: 'a'' b'\n",
    "title: \"\"\n",
    "title: a & b, 50% of \"it\" [x]\n",
    "title: a:b\n",
    "title: 10:30\n",
    "title: a’s – b…\n",
    "scales:\n  one: [a b, \"c, d\", {e: f, g: [h]}]\n  two:\n",
    "scales:\n  one: {a: b, a: c}\n",
    "entries:\n  - id: R-1\n    refs: [A, B]\n    steps:\n      - {text: a b, on: 2026-05-04}\n      - c\n  - id: R-2\n",
    "      - x\n",
    "    y: \"z\"\n",
    "  - \"quoted: key\": x\n",
    "  - - x\n",
    "map: {}\n",
    "two words: x\n",
    "A-b: x\n",
    "null: x\n",
    "Null:\n  true: x\n",
    "map: {two words: 14:10, PRO-04: I, n: ISO/IEC 20000-1:2018, t: a 27 °C & 5 > 4 = b!, e: []}\n",
    "map: {a: 1:, b: :2}\n",
    "map: {a: b:[c]}\n",
    "map: {a: b?, c: d*}\n",
    "list: [a: , b]\n",
    "list: [a:\"b\"]\n",
    "list: [a #b]\n",
    "map: {a: b }\n",
    "map: {a: b,c: d}\n",
    "map: {\"a\": b}\n",
    "map: {a: }\n",
];

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn the_light_reader_says_what_the_real_one_says(
        open in any::<bool>(),
        pieces in vec(0..PIECES.len(), 0..14),
        close in any::<bool>(),
        cut in 0..400_usize,
    ) {
        let mut text: String = pieces.iter().map(|i| PIECES[*i]).collect();
        if open {
            text.insert_str(0, "---\nid: P-1\n");
        }
        if close {
            text.push_str("---\n# Text\n");
        }
        let mut bytes = text.into_bytes();
        if cut < 40 {
            bytes.truncate(bytes.len() * cut / 40);
        }
        prop_assert_eq!(head(&bytes), real(&bytes), "{:?}", String::from_utf8_lossy(&bytes));
    }
}

/// Front matter the light reader takes, to be spoilt at a few places.
const PLAIN: &str = "---\nid: A-1\nkind: policy\ntitle: The plan of (2026)\nversion: 1.10\nstatus:\nauthor: null\n\
    approvers: [one-officer, b]\nlist:\n  - a b\n  - c\nchanges:\n  - version: 1.4\n    on: 2026-05-04\n    why: Terms.\n\
    steps:\n  one: \"a, b: c\"\n  two:\n    - {x: y z, refs: [A, 'B']}\n    - d: e\n      f:\n\
    register: risks\n---\n# Text\n";
const SPOIL: &[&str] = &[
    "", "", "\n", " ", "  ", "\t", ":", ": ", " #", "#", "-", "- ", "---\n", "[", "]", "{", "}", ",", "'", "\"", "&",
    "*", "!", "|", ">", "?", "%", "@", "`", "~", "null", ", null", "Null", "NULL", "\r", "\r\n", "\0", "\u{85}",
    "\u{a0}", "\u{feff}", "\u{2028}", "é", "id: x\n", "\\", "<<", "=", ".", "...\n", "a", "1", "\u{7f}", "\u{200d}",
    "\u{661}", "\u{2160}",
];

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn spoilt_front_matter_is_read_alike(spoils in vec((0..310_usize, 0..4_usize, 0..SPOIL.len()), 0..4)) {
        let mut chars: Vec<char> = PLAIN.chars().collect();
        for (at, length, piece) in spoils {
            let at = at.min(chars.len());
            let end = (at + length).min(chars.len());
            chars.splice(at..end, SPOIL[piece].chars());
        }
        let text: String = chars.into_iter().collect();
        prop_assert_eq!(head(text.as_bytes()), real(text.as_bytes()), "{:?}", text);
    }
}

#[test]
fn every_artifact_of_the_samples_is_read_alike() {
    let mut seen = 0;
    let mut open = vec![crate::common::repository().join("examples")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                let bytes = std::fs::read(&path).unwrap();
                assert_eq!(head(&bytes), real(&bytes), "{}", path.display());
                seen += usize::from(head(&bytes).is_some());
            }
        }
    }
    assert!(seen > 50, "{seen}");
}
