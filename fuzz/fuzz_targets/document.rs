//! Any bytes as a Markdown file: decoding and parsing never panic, and every place lies inside the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use smsctl::document;
use smsctl::source::{FileId, decode};

fuzz_target!(|bytes: Vec<u8>| {
    if let Ok(text) = decode(bytes) {
        let (parsed, problems) = document::parse(FileId(0), &text);
        for problem in &problems {
            assert!(text.get(problem.span.range()).is_some());
        }
        for heading in &parsed.body.headings {
            assert!(text.get(heading.span.range()).is_some());
        }
        for block in &parsed.body.blocks {
            let _ = document::plain_text(&text, block.span, true);
        }
    }
});
