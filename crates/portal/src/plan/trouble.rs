//! What is wrong with a cell or a field, in words that say what to do.

use super::import::{Bad, FileProblem, MOST_ROWS, RowProblem, Trouble};
use crate::page::Form;
use crate::words::Words;
use registry::Role;

/// Notes the problems beside their fields.
pub(super) fn note(w: Words, form: &mut Form, problems: Vec<Bad>) {
    for (column, trouble) in problems {
        form.problem(column, text(w, &trouble));
    }
}

/// The message of a row: the line, the column, what is wrong, what to do.
pub(super) fn row(w: Words, problem: &RowProblem) -> String {
    let line = problem.line.to_string();
    let what = text(w, &problem.trouble);
    w.with("manager-import-row", [("line", line.into()), ("column", problem.column.into()), ("what", what.into())])
}

/// What is wrong, and what to do.
pub(super) fn text(w: Words, trouble: &Trouble) -> String {
    let count = |number: usize| number.to_string();
    match trouble {
        Trouble::TooLong { most } => w.with("manager-wrong-long", [("most", count(*most).into())]),
        Trouble::Number { from, to } => {
            w.with("manager-wrong-number", [("from", from.as_str().into()), ("to", to.as_str().into())])
        }
        Trouble::Role => {
            let roles = Role::ALL.map(Role::code).join(", ");
            w.with("manager-wrong-role", [("roles", roles.into())])
        }
        Trouble::Vaccine => {
            let names = registry::Vaccine::ALL.map(registry::Vaccine::label).join(", ");
            w.with("manager-wrong-vaccine", [("names", names.into())])
        }
        Trouble::Width { cells, columns } => {
            w.with("manager-wrong-width", [("cells", count(*cells).into()), ("columns", count(*columns).into())])
        }
        Trouble::Twice { line } => w.with("manager-wrong-twice", [("line", line.to_string().into())]),
        Trouble::OtherName { name } => w.with("manager-wrong-other-name", [("name", name.as_str().into())]),
        Trouble::FewerThanGiven { given } => w.with("manager-wrong-fewer", [("given", (*given).into())]),
        Trouble::FewerThanTaken { taken } => w.with("manager-wrong-taken", [("taken", (*taken).into())]),
        plain => w.t(key(plain)),
    }
}

/// The key of a message without figures in it.
fn key(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Unseen => "manager-wrong-unseen",
        Trouble::Date => "manager-wrong-date",
        Trouble::Time => "manager-wrong-time",
        Trouble::ClosesEarly => "manager-wrong-closes",
        Trouble::Pincode => "manager-wrong-pincode",
        Trouble::Login => "manager-wrong-login",
        Trouble::Name => "manager-wrong-name",
        Trouble::Slots => "manager-wrong-slots",
        Trouble::Uuid => "manager-wrong-uuid",
        Trouble::BatchNumber => "manager-wrong-batch",
        Trouble::NoPlaces => "manager-wrong-no-places",
        Trouble::NoDistrict => "manager-wrong-no-district",
        Trouble::NoCentre => "manager-wrong-no-centre",
        Trouble::NoStaff => "manager-wrong-no-staff",
        Trouble::NotVaccinator => "manager-wrong-not-vaccinator",
        Trouble::Left => "manager-wrong-left",
        Trouble::Yourself => "manager-wrong-yourself",
        Trouble::NoSession => "manager-wrong-no-session",
        Trouble::ManySessions => "manager-wrong-many-sessions",
        Trouble::Past => "manager-wrong-past",
        Trouble::CalledOff => "manager-wrong-called-off",
        Trouble::Differs => "manager-wrong-differs",
        // The rest carries figures and has been said before; an empty cell is what remains.
        _ => "manager-wrong-empty",
    }
}

/// Why a file as a whole cannot be read.
pub(super) fn file(w: Words, problem: &FileProblem) -> String {
    match problem {
        FileProblem::Empty => w.t("manager-file-empty"),
        FileProblem::TooLarge => w.t("manager-file-large"),
        FileProblem::NotText => w.t("manager-file-not-text"),
        FileProblem::TooManyRows => w.with("manager-file-rows", [("most", MOST_ROWS.into())]),
        FileProblem::NoCommas => w.t("manager-file-commas"),
        FileProblem::Missing(names) => w.with("manager-file-missing", [("names", names.join(", ").into())]),
        FileProblem::Unknown(names) => w.with("manager-file-unknown", [("names", names.join(", ").into())]),
    }
}
