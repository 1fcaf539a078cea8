//! Text of a paragraph as Markdown: what is text stays text, what is bold becomes bold.

/// A stretch of text with its looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) strike: bool,
    pub(super) code: bool,
    /// Address a link leads to.
    pub(super) link: Option<String>,
    /// It is Markdown already (a picture, a line break).
    pub(super) raw: bool,
}

impl Piece {
    pub(super) fn raw(text: impl Into<String>) -> Self {
        Self { text: text.into(), raw: true, ..Self::default() }
    }

    fn same_looks(&self, other: &Self) -> bool {
        let looks = |p: &Self| (p.bold, p.italic, p.strike, p.code, p.link.clone(), p.raw);
        looks(self) == looks(other)
    }
}

/// A hard line break within a paragraph, told apart until it is known where it stands.
pub(super) const BREAK: char = '\u{1}';

/// The pieces as one line of Markdown; breaks are marked by [`BREAK`].
pub(super) fn markdown(pieces: &[Piece]) -> String {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces.iter().filter(|p| !p.text.is_empty()) {
        match merged.last_mut().filter(|last| last.same_looks(piece) && !piece.raw) {
            Some(last) => last.text.push_str(&piece.text),
            None => merged.push(piece.clone()),
        }
    }
    let mut out = String::new();
    for piece in &merged {
        out.push_str(&spelled(piece));
    }
    out
}

fn spelled(piece: &Piece) -> String {
    if piece.raw {
        return piece.text.clone();
    }
    if piece.text.trim().is_empty() {
        return piece.text.clone();
    }
    // Marks bind to words: blanks at the ends stay outside.
    let inner = piece.text.trim();
    let start = piece.text.len() - piece.text.trim_start().len();
    let (before, after) =
        (piece.text.get(..start).unwrap_or_default(), piece.text.get(start + inner.len()..).unwrap_or_default());
    let mut text = if piece.code { code(inner) } else { escaped(inner) };
    for (on, mark) in [(piece.strike, "~~"), (piece.italic, "*"), (piece.bold, "**")] {
        // Marks must not reach over a line break.
        if on && !text.contains(BREAK) {
            text = format!("{mark}{text}{mark}");
        }
    }
    if let Some(target) = &piece.link {
        text = format!("[{text}]({})", address(target));
    }
    format!("{before}{text}{after}")
}

fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// An address that ends where it ends, and leads to the web, to mail or to a place in the SMS.
fn address(target: &str) -> String {
    let mut out = String::new();
    for c in target.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Text in which no character is taken for a mark of Markdown.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    for (index, c) in chars.iter().enumerate() {
        let next = chars.get(index + 1).copied().unwrap_or(' ');
        let before = index.checked_sub(1).and_then(|i| chars.get(i)).copied().unwrap_or(' ');
        let mark = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            // Two of them make a formula.
            '$' => text.matches('$').count() > 1,
            '&' => next == '#' || next.is_alphabetic(),
            _ => false,
        };
        if mark {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// A line that starts a paragraph, in which nothing is taken for a heading, a list, a quotation or a rule.
pub(super) fn opened(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = (line.get(..digits).unwrap_or_default(), line.get(digits..).unwrap_or_default());
    if (1..=9).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") ") || rest == "." || rest == ")") {
        return format!("{number}\\{rest}");
    }
    let first = line.chars().next().unwrap_or(' ');
    let blank = |text: &str| text.is_empty() || text.starts_with([' ', '\t']);
    let mark = match first {
        '#' => blank(line.trim_start_matches('#')),
        '-' | '+' => blank(line.get(1..).unwrap_or_default()) || line.chars().all(|c| matches!(c, '-' | ' ')),
        '=' => line.chars().all(|c| c == '='),
        '>' | '|' => true,
        _ => false,
    };
    if mark { format!("\\{line}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str) -> Piece {
        Piece { text: text.into(), ..Piece::default() }
    }

    #[test]
    fn looks_become_marks_around_words() {
        let bold = Piece { bold: true, ..piece("very ") };
        assert_eq!(markdown(&[piece("a "), bold.clone(), bold, piece("b")]), "a **very very** b");
        let link = Piece { link: Some("https://x.org/a b".into()), ..piece("here") };
        assert_eq!(markdown(&[link]), "[here](https://x.org/a%20b)");
        assert_eq!(markdown(&[Piece { code: true, ..piece("a`b") }]), "``a`b``");
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escaped("a*b [c] <d> snake_case _x_ R&D &amp;"),
            "a\\*b \\[c\\] \\<d> snake_case \\_x\\_ R\\&D \\&amp;"
        );
        assert_eq!(opened("1. Purpose"), "1\\. Purpose");
        assert_eq!(opened("- x"), "\\- x");
        assert_eq!(opened("# x"), "\\# x");
        assert_eq!(opened("-5 degrees"), "-5 degrees");
        assert_eq!(opened("2026 was good"), "2026 was good");
    }
}
