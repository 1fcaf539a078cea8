//! `smsctl import`: Word documents made by others (`LibreOffice`, `python-docx`) and plain Markdown.

use std::io::Write as _;
use std::path::Path;

use proptest::prelude::*;
use smsctl::import::read_docx;

use crate::common::{cases, repository};
use crate::run::{disk, small, smsctl};

fn fixture(name: &str) -> String {
    repository().join("tests/fixtures").join(name).to_str().unwrap().to_owned()
}

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).unwrap()
}

fn put(dir: &Path, path: &str, bytes: &[u8]) {
    let path = dir.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_plan_is_shown_and_nothing_is_written() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["import", &fixture("backup-procedure.docx")]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!("plan", ran.out);
    assert!(!sms.path().join("procedures").exists());
}

#[test]
fn headings_lists_tables_and_pictures_of_libreoffice_come_back() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["import", "--apply", &fixture("incident-management-process.docx")]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    let path = "processes/incident-and-service-request-management-process.md";
    insta::assert_snapshot!("libreoffice", read(sms.path(), path));
    let image = "processes/images/incident-and-service-request-management-process/image1.png";
    assert!(std::fs::read(sms.path().join(image)).unwrap().starts_with(b"\x89PNG"));
    // What was written is a document of the SMS: every finding in it is a to-do or waits for what the small SMS lacks.
    let checked = smsctl(sms.path(), &["check", "--format", "concise", path]);
    for broken in ["link-broken", "front-matter", "field-unknown", "field-invalid", "heading-mismatch"] {
        assert!(!checked.out.contains(broken), "{}", checked.out);
    }
}

#[test]
fn the_control_block_in_a_header_fills_in_number_version_and_date() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["import", "--apply", &fixture("backup-procedure.docx")]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    insta::assert_snapshot!("word", read(sms.path(), "procedures/backup-procedure.md"));
}

#[test]
fn nothing_is_overwritten_when_it_is_done_twice() {
    let sms = disk(&small());
    for _ in 0..2 {
        assert_eq!(smsctl(sms.path(), &["import", "--apply", &fixture("backup-procedure.docx")]).status, 0);
    }
    let (first, second) = ("procedures/backup-procedure.md", "procedures/backup-procedure-2.md");
    assert!(read(sms.path(), first).contains("\nid: ITSM-PRC-07\n"));
    assert!(!read(sms.path(), second).contains("\nid: ITSM-PRC-07\n"));
}

#[test]
fn a_folder_of_markdown_keeps_its_text_links_and_pictures() {
    let sms = disk(&small());
    let old = tempfile::tempdir().unwrap();
    let text = "# Change Management Policy\n\nSee [incidents](sub/incident_process.md#steps) and ![flow](img/flow.png).\n\n<!-- kept -->\n\n*  odd   spacing\n";
    put(old.path(), "change.md", text.as_bytes());
    put(
        old.path(),
        "sub/incident_process.md",
        b"Work on incidents.\n\n## Steps\n\n1. Go [back](../change.md), or [away](../gone.md).\n",
    );
    put(old.path(), "img/flow.png", b"\x89PNG picture");
    put(old.path(), "artifact.md", b"---\nid: X-1\n---\n# X\n");
    put(old.path(), "README.md", b"# Read me\n");
    let ran = smsctl(sms.path(), &["import", "--apply", old.path().to_str().unwrap()]);
    assert_eq!(ran.status, 1, "one file was not imported: {}", ran.err);
    insta::assert_snapshot!("folder", ran.out);
    let policy = read(sms.path(), "policies/change-management-policy.md");
    assert!(policy.contains("[incidents](../processes/incident-process.md#steps)"), "{policy}");
    assert!(policy.contains("![flow](images/change-management-policy/flow.png)"), "{policy}");
    assert!(policy.contains("<!-- kept -->\n\n*  odd   spacing\n"), "{policy}");
    let process = read(sms.path(), "processes/incident-process.md");
    assert!(
        process.contains("# Incident process\n\nWork on incidents.")
            && process.contains("[back](../policies/change-management-policy.md)"),
        "{process}"
    );
    assert_eq!(
        std::fs::read(sms.path().join("policies/images/change-management-policy/flow.png")).unwrap(),
        b"\x89PNG picture"
    );
    assert_eq!(std::fs::read_to_string(old.path().join("change.md")).unwrap(), text, "the source stays");
}

#[test]
fn what_cannot_be_read_is_named() {
    let sms = disk(&small());
    put(sms.path(), "old/a.docx", b"no archive");
    put(sms.path(), "old/b.doc", b"\xd0\xcf\x11\xe0");
    let ran = smsctl(sms.path(), &["import", "old", "--format", "json"]);
    assert_eq!(ran.status, 1);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((json["schema"].as_str(), json["applied"].as_bool()), (Some("smsctl-import/1"), Some(false)));
    assert_eq!(json["refused"][0]["reason"], "it is no Word document (.docx)");
    assert!(json["refused"][1]["reason"].as_str().unwrap().contains("save it as .docx"));
    for (args, said) in [
        (&["import", "nowhere"][..], "does not exist"),
        (&["import", "old", "--kind", "polizy"], "is no kind a document can be imported as"),
        (&["import", "old", "--owner", "nobody"], "is no role"),
    ] {
        let ran = smsctl(sms.path(), args);
        assert!(ran.status == 2 && ran.err.contains(said), "{}", ran.err);
    }
}

/// A Word document with this body, and one picture that says where it lies.
fn word(body: &str, target: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let relation = |id: &str, kind: &str, target: &str, mode: &str| {
        format!("<Relationship Id='{id}' Type='http://x/{kind}' Target='{target}' {mode}/>")
    };
    let list = |inner: String| format!("<Relationships>{inner}</Relationships>");
    add("_rels/.rels", &list(relation("r1", "officeDocument", "word/document.xml", "")));
    add(
        "word/_rels/document.xml.rels",
        &list(
            relation("r2", "image", target, "")
                + &relation("r3", "hyperlink", "file:///etc/passwd", "TargetMode='External'"),
        ),
    );
    add("word/document.xml", &format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>"));
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_hostile_document_reaches_nothing_outside_itself() {
    let body = "<w:p><w:r><w:drawing><a:blip r:embed='r2'/></w:drawing></w:r>\
                <w:hyperlink r:id='r3'><w:r><w:t>click &lt;script></w:t></w:r></w:hyperlink></w:p>";
    let read = read_docx(word(body, "../../../../etc/passwd")).unwrap();
    assert_eq!(read.images, []);
    assert_eq!(read.notes, ["the picture image1.bin is missing in the document"]);
    assert!(read.body.contains("click \\<script>") && !read.body.contains("file:"), "{}", read.body);
    assert!(read_docx(word(&"<w:tbl>".repeat(300), "x")).is_err());
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn no_bytes_make_it_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0_usize..9_000) {
        let mut whole = std::fs::read(fixture("incident-management-process.docx")).unwrap();
        let at = at.min(whole.len());
        whole.splice(at..(at + bytes.len()).min(whole.len()), bytes.clone());
        let _ = read_docx(whole);
        bytes.splice(0..0, *b"PK\x03\x04");
        let _ = read_docx(bytes);
    }

    /// Text of a paragraph is text of the Markdown, whatever it looks like.
    #[test]
    fn text_of_a_paragraph_stays_text(text in "[ -~]{1,60}") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
        let read = read_docx(word(&format!("<w:p><w:r><w:t>{escaped}</w:t></w:r></w:p>"), "x")).unwrap();
        let github = pulldown_cmark::Options::ENABLE_TABLES
            | pulldown_cmark::Options::ENABLE_FOOTNOTES
            | pulldown_cmark::Options::ENABLE_STRIKETHROUGH
            | pulldown_cmark::Options::ENABLE_TASKLISTS
            | pulldown_cmark::Options::ENABLE_MATH;
        let shown: String = pulldown_cmark::Parser::new_ext(&read.body, github)
            .filter_map(|e| match e {
                pulldown_cmark::Event::Text(t) | pulldown_cmark::Event::Code(t) => Some(t.to_string()),
                _ => None,
            })
            .collect();
        let plain = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(plain(&shown), plain(&text), "{}", read.body);
    }
}
