//! Questions of readiness: what to be able to show before an auditor asks, and how a program can tell.

use std::sync::LazyLock;

use crate::document::{Node, load_csv};
use crate::source::FileId;

/// A question with what answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `CL-012`.
    pub id: String,
    /// The group it stands in.
    pub area: String,
    /// Clauses it is about.
    pub clauses: Vec<String>,
    /// The question.
    pub question: String,
    /// When the answer is yes, in words.
    pub pass_criterion: String,
    /// A program can decide all of it; otherwise the interview decides the rest.
    pub automatic: bool,
    /// Needs a program can decide, in the language of `readiness::Need`: documents, registers, rules, then checks.
    pub needs: Vec<String>,
    /// What is left to ask people or to see on site; empty when nothing is.
    pub interview: String,
}

/// Questions from a CSV text with the columns `id, area, clauses, question, pass_criterion, automation, documents, registers,
/// rules, checks, interview`; lists within a cell are separated by semicolons, alternatives by `|`.
#[must_use]
pub fn questions(text: &str) -> Vec<Question> {
    load_csv(FileId(0), text).0.rows.iter().map(question).collect()
}

/// The forty-eight questions smsctl brings.
#[must_use]
pub fn built_in_questions() -> &'static [Question] {
    static ALL: LazyLock<Vec<Question>> = LazyLock::new(|| questions(include_str!("data/checklist.csv")));
    &ALL
}

fn question(row: &Node) -> Question {
    let text = |field: &str| row.str(field).unwrap_or_default().to_owned();
    let prefixed = |field: &str, verb: &str| items(row, field).into_iter().map(|i| format!("{verb}{i}")).collect();
    let needs: [Vec<String>; 4] = [
        prefixed("documents", "document "),
        prefixed("registers", "register "),
        prefixed("rules", "rule "),
        prefixed("checks", ""),
    ];
    Question {
        id: text("id"),
        area: text("area"),
        clauses: items(row, "clauses"),
        question: text("question"),
        pass_criterion: text("pass_criterion"),
        automatic: row.str("automation") == Some("full"),
        needs: needs.concat(),
        interview: text("interview"),
    }
}

/// The parts of a cell between semicolons.
pub(super) fn items(row: &Node, field: &str) -> Vec<String> {
    let text = row.str(field).unwrap_or_default();
    text.split(';').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_question_names_clauses_and_what_answers_it() {
        let all = built_in_questions();
        assert_eq!(all.len(), 48);
        for (index, q) in all.iter().enumerate() {
            assert_eq!(q.id, format!("CL-{:03}", index + 1));
            assert!(q.clauses.iter().all(|c| Catalog::get().clause(c).is_some()) && !q.clauses.is_empty(), "{}", q.id);
            assert!(!q.needs.is_empty() && q.question.ends_with('?') && !q.pass_criterion.is_empty(), "{}", q.id);
            assert_eq!(q.automatic, q.interview.is_empty(), "{}", q.id);
        }
    }

    #[test]
    fn a_checklist_of_ones_own_reads_the_same() {
        let own = questions("id,clauses,question,automation,documents,checks\nX-1,4.3; 5.1,Is it?,full,a|b;c,is x\n");
        let [only] = own.as_slice() else { panic!("{own:?}") };
        assert_eq!(only.clauses, ["4.3", "5.1"]);
        assert_eq!(only.needs, ["document a|b", "document c", "is x"]);
    }
}
