//! `confusable-word`: a word mixes letters of several scripts that look alike.

use unicode_security::MixedScript as _;
use unicode_security::confusable_detection::skeleton;

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "confusable-word",
    summary: "a word mixes letters of several scripts that look alike",
    docs: include_str!("confusable_word.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Artifact(check),
};

/// Fields that name something.
const NAMES: [&str; 3] = ["id", "title", "name"];

fn check(_: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if !artifact.path().is_ascii() {
        report(artifact, artifact.path(), artifact.span(), out);
    }
    // What is ASCII is of one script.
    for entity in artifact.entity().into_iter().chain(artifact.children()) {
        for field in NAMES {
            let Some(value) = entity.node().get(field) else { continue };
            if let Some(text) = value.as_str().filter(|text| !text.is_ascii()) {
                report(artifact, text, value.span, out);
            }
        }
    }
    for block in artifact.commitments().filter_map(|c| c.block) {
        let text = artifact.text().get(block.span.range()).unwrap_or_default();
        if !text.is_ascii() {
            report(artifact, text, block.span, out);
        }
    }
}

fn report(artifact: ArtifactView<'_>, text: &str, span: Span, out: &mut Sink) {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let latin = words().any(|word| word.chars().any(|c| c.is_ascii_alphabetic()));
    let Some((word, letter)) = words().find_map(|word| Some((word, confused(word, latin)?))) else { return };
    let message = format!(
        "the word `{word}` holds `{letter}` (U+{:04X}), which only looks like a letter of the others",
        u32::from(letter)
    );
    let help = "Type the word anew on one keyboard: no search and no reference finds it as it is.";
    out.report(RULE.problem(span, message).subject(artifact.id()).help(help));
}

/// The letter of a word that does not belong to it. `latin` says that the text has Latin letters.
fn confused(word: &str, latin: bool) -> Option<char> {
    if word.is_ascii() {
        return None;
    }
    let foreign = word.chars().find(|c| !c.is_ascii() && skeleton(&c.to_string()).all(|s| s.is_ascii_alphanumeric()));
    let looks_latin = || latin && skeleton(word).all(|c| c.is_ascii_alphanumeric());
    foreign.filter(|_| !word.is_single_script() || (looks_latin() && !word.chars().any(|c| c.is_ascii_alphabetic())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_script_pass() {
        for word in ["Überblick", "naïve", "façade", "Łódź", "Сервис", "信頼性", "サービス管理", "서비스", "µs"]
        {
            assert_eq!(confused(word, true), None, "{word}");
        }
        assert_eq!(confused("оса", false), None, "a Russian word in a Russian text");
    }

    #[test]
    fn letters_of_another_script_are_found() {
        assert_eq!(confused("SL\u{410}", true), Some('\u{410}'));
        assert_eq!(confused("cust\u{43e}mer", true), Some('\u{43e}'));
        assert_eq!(confused("\u{440}\u{430}\u{443}", true), Some('\u{440}'), "all of it looks Latin");
    }
}
