//! A page of Markdown on a terminal: headings stand out, code is indented, text is wrapped.
//!
//! For pages of our own (rules, kinds, clauses): headings, paragraphs, lists, fenced code. Anything else stays as it is.

use unicode_width::UnicodeWidthChar as _;

use super::printable;

const BOLD: char = '\u{1}';
const CODE: char = '\u{2}';
const PLAIN: char = '\u{3}';
const WIDEST: usize = 100;

/// The page for a terminal of a width.
#[must_use]
pub fn page(markdown: &str, colour: bool, width: usize) -> String {
    let mut page = Page { out: String::new(), colour, width: width.clamp(30, WIDEST), open: None };
    let mut fence: Option<String> = None;
    for line in printable(markdown).lines() {
        match &fence {
            Some(marks) if line.trim_end() == marks => fence = None,
            Some(_) => page.raw(&format!("    {line}")),
            None if line.starts_with("```") => {
                fence = Some(line.chars().take_while(|c| *c == '`').collect());
                page.code_title(line.trim_start_matches('`'));
            }
            None => page.line(line),
        }
    }
    page.flush();
    page.out
}

struct Page {
    out: String,
    colour: bool,
    width: usize,
    /// A paragraph or list item that is being gathered: what stands before its first line, and its words.
    open: Option<(String, String)>,
}

impl Page {
    fn line(&mut self, line: &str) {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if text.is_empty() {
            self.flush();
            self.blank();
        } else if text.starts_with("<!--") {
            self.flush();
        } else if let Some(title) = heading(text) {
            self.flush();
            let words = format!("{BOLD}{title}{PLAIN}");
            self.raw(&self.styled(&words));
        } else if let Some((bullet, rest)) = bullet(text) {
            self.flush();
            self.open = Some((format!("{}{bullet}", " ".repeat(indent)), rest.to_owned()));
        } else {
            match &mut self.open {
                Some((_, words)) => {
                    words.push(' ');
                    words.push_str(text);
                }
                None => self.open = Some((String::new(), text.to_owned())),
            }
        }
    }

    /// The path an example stands at, above it.
    fn code_title(&mut self, info: &str) {
        self.flush();
        let mut words = info.split_whitespace();
        if let (Some(_), Some(path)) = (words.next(), words.next()) {
            self.raw(&self.styled(&format!("  {CODE}{path}{PLAIN}:")));
        }
    }

    fn flush(&mut self) {
        let Some((first, words)) = self.open.take() else { return };
        let hang = " ".repeat(first.chars().count());
        let marked = marked(&words);
        let mut line = first;
        let mut used = hang.len();
        let mut fresh = true;
        for word in marked.split_whitespace() {
            let wide = word.chars().filter_map(char::width).sum::<usize>();
            let wide = wide
                - word.chars().filter(|c| matches!(*c, BOLD | CODE | PLAIN)).filter_map(char::width).sum::<usize>();
            if !fresh && used + 1 + wide > self.width {
                let full = std::mem::replace(&mut line, hang.clone());
                self.raw(&self.styled(&full));
                used = hang.len();
                fresh = true;
            }
            if !fresh {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += wide;
            fresh = false;
        }
        self.raw(&self.styled(&line));
    }

    fn styled(&self, text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match (c, self.colour) {
                (BOLD, true) => out.push_str("\u{1b}[1m"),
                (CODE, true) => out.push_str("\u{1b}[36m"),
                (PLAIN, true) => out.push_str("\u{1b}[0m"),
                (BOLD | CODE | PLAIN, false) => {}
                _ => out.push(c),
            }
        }
        out
    }

    fn raw(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

fn heading(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    (1..=6).contains(&level).then_some(rest).and_then(|r| r.strip_prefix(' '))
}

fn bullet(text: &str) -> Option<(String, &str)> {
    if let Some(rest) = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")) {
        return Some(("- ".into(), rest));
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let rest = text.get(digits..)?.strip_prefix(". ").filter(|_| (1..=3).contains(&digits))?;
    Some((format!("{}. ", text.get(..digits)?), rest))
}

/// Inline marks as single characters without width: `**bold**`, `` `code` `` (its backticks stay).
fn marked(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.extend([CODE, '`']);
            out.push_str(part);
            out.extend(['`', PLAIN]);
            continue;
        }
        for (index, part) in part.split("**").enumerate() {
            if index > 0 {
                out.push(if index % 2 == 1 { BOLD } else { PLAIN });
            }
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# a-rule\n\nOne **bold** word and `code` in a long line\nthat goes on.\n\n## Fails\n\n<!-- alone -->\n```markdown a/b.md\n---\nid: x\n```\n\n- first item that is long enough to wrap here\n  - nested\n1. one\n";

    #[test]
    fn a_page_is_wrapped_and_its_code_indented() {
        insta::assert_snapshot!(page(TEXT, false, 30), @r"
        a-rule

        One bold word and `code` in a
        long line that goes on.

        Fails

          a/b.md:
            ---
            id: x

        - first item that is long
          enough to wrap here
          - nested
        1. one
        ");
    }

    #[test]
    fn colour_is_closed_and_nothing_else_is_sent() {
        let text = page("# A\u{1b}[2J\n\nb **c**\n", true, 80);
        assert_eq!(text, "\u{1b}[1mA\\u{1b}[2J\u{1b}[0m\n\nb \u{1b}[1mc\u{1b}[0m\n");
    }
}
