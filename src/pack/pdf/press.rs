//! Typst as a library: one source in memory becomes a PDF.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::Volume;
use crate::error::Error;
use crate::pack::book::Book;

/// The fonts: text, code, signs.
const FACES: [&[u8]; 6] = [
    include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf"),
    include_bytes!("../../../assets/fonts/NotoSans-Italic.ttf"),
    include_bytes!("../../../assets/fonts/NotoSans-BoldItalic.ttf"),
    include_bytes!("../../../assets/fonts/NotoSansMono-Regular.ttf"),
    include_bytes!("../../../assets/fonts/DejaVuSans.ttf"),
];

/// What the file promises, the best first. The last asks nothing, so that no text of a user can keep a pack from being made.
const PROMISES: [&[PdfStandard]; 4] =
    [&[PdfStandard::A_2a, PdfStandard::Ua_1], &[PdfStandard::A_2a], &[PdfStandard::A_2b], &[PdfStandard::V_1_7]];

static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FACES.iter().filter_map(|face| Font::new(Bytes::new(*face), 0)).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The whole book as one PDF, dated `at`: the same book and time give the same bytes.
pub fn render(book: &Book, at: Timestamp) -> Result<Vec<u8>, Error> {
    Volume::whole(book).render(at)
}

impl Volume<'_> {
    /// This volume as a PDF, dated `at`.
    pub fn render(&self, at: Timestamp) -> Result<Vec<u8>, Error> {
        let cover = &self.book.cover;
        // The structure for screen readers costs much of the memory; the HTML pages have it whatever the size.
        let promises = if self.of == 1 { &PROMISES[..] } else { &PROMISES[2..] };
        press(self.source(), &format!("{} {} {}", cover.organization, self.title(), cover.commit), at, promises)
    }
}

fn press(text: String, ident: &str, at: Timestamp, promises: &[&[PdfStandard]]) -> Result<Vec<u8>, Error> {
    let world = Desk::new(text)?;
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|e| defect(&e))?;
    // What the compiler remembers of its way is not needed any more, and there is much of it.
    typst::comemo::evict(0);
    let mut refused = Vec::new();
    for promise in promises {
        match typst_pdf::pdf(&document, &options(promise, ident, at)?) {
            Ok(bytes) => {
                return Ok(bytes);
            }
            Err(reasons) => refused = reasons.to_vec(),
        }
    }
    Err(defect(&refused))
}

fn options(promise: &[PdfStandard], ident: &str, at: Timestamp) -> Result<PdfOptions, Error> {
    let standards = PdfStandards::new(promise).map_err(|e| Error::Defect(format!("PDF: {}", e.message())))?;
    Ok(PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some("smsctl".into())),
        timestamp: datetime(at).map(typst_pdf::Timestamp::new_utc),
        standards,
        tagged: promise.iter().any(|p| matches!(p, PdfStandard::A_2a | PdfStandard::Ua_1)),
        ..PdfOptions::default()
    })
}

fn datetime(at: Timestamp) -> Option<Datetime> {
    let at = at.to_zoned(TimeZone::UTC);
    let part = |n: i8| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

fn defect(reasons: &[SourceDiagnostic]) -> Error {
    let said: Vec<&str> = reasons.iter().take(3).map(|r| r.message.as_str()).collect();
    Error::Defect(format!("the PDF cannot be set: {}", said.join("; ")))
}

/// All the compiler can reach: one source and the fonts.
struct Desk {
    source: Source,
}

impl Desk {
    fn new(text: String) -> Result<Self, Error> {
        let path = VirtualPath::new("book.typ").map_err(|e| Error::Defect(format!("PDF: {e:?}")))?;
        let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        Ok(Self { source: Source::new(id, text) })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// `Noto Sans` holds what each of its faces holds, so that bold and italic text is never short of a sign.
    #[test]
    fn coverage_is_that_of_the_fonts() {
        let mut families: BTreeMap<String, Vec<BTreeSet<u32>>> = BTreeMap::new();
        for font in FONTS.iter() {
            let info = font.info();
            families.entry(info.family.clone()).or_default().push(info.coverage.iter().collect());
        }
        let mut expected = String::new();
        for name in ["Noto Sans", "DejaVu Sans"] {
            expected.push_str(&format!("# {name}\n"));
            let faces = &families[name];
            let all: Vec<u32> = faces[0].iter().copied().filter(|c| faces.iter().all(|f| f.contains(c))).collect();
            for run in all.chunk_by(|a, b| a + 1 == *b) {
                let (first, last) = (run[0], run[run.len() - 1]);
                expected.push_str(&if first == last {
                    format!("{first:X}\n")
                } else {
                    format!("{first:X}-{last:X}\n")
                });
            }
        }
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts/coverage.txt");
        #[allow(clippy::disallowed_methods, reason = "the same switch as in the other tests of generated files")]
        if std::env::var("UPDATE_DOCS").is_ok() {
            std::fs::write(path, expected).unwrap();
            return;
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), expected, "UPDATE_DOCS=1 rewrites it");
    }
}
