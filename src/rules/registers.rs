//! Whether the SMS has a register, as far as its files can be read.

use crate::artifact::{Role, role};
use crate::document::FrontMatter;
use crate::rules::{Ctx, Sink};
use crate::workspace::{ArtifactView, Workspace};

/// Whether the SMS has a register.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Yes,
    No,
    /// A file that cannot be read may be it.
    Unknown,
}

/// Whether there is a current document of a register; says so when nobody can know.
pub(super) fn held(ctx: &Ctx<'_>, register: &str, out: &mut Sink) -> Held {
    if has_register(ctx.ws, register) {
        Held::Yes
    } else if may_be_unread(ctx.ws, register) {
        out.not_evaluated(format!("a file that cannot be read may be the register `{register}`"));
        Held::Unknown
    } else {
        Held::No
    }
}

/// Whether there is a current document of a register.
pub(super) fn has_register(ws: &Workspace, register: &str) -> bool {
    ws.register(register).any(ArtifactView::is_current)
}

fn may_be_unread(ws: &Workspace, register: &str) -> bool {
    is_broken(ws, register) || ws.problems.iter().any(|p| matches!(p.rule, "unreadable-file" | "not-utf8"))
}

/// Whether a file whose front matter cannot be read would be this register.
pub(super) fn is_broken(ws: &Workspace, register: &str) -> bool {
    let line = format!("register: {register}");
    let broken = |front: &FrontMatter| matches!(front, FrontMatter::Broken { .. });
    let mut broken = ws.documents.iter().filter(|d| broken(&d.front) && role(d) == Role::Broken);
    broken.any(|d| ws.text_of(d).contains(&line))
}
