//! The desk: what is owed for the people who are here, by clock, each with the form that does it.
//!
//! Deliberately absent: any order but urgency.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;
use openward_office::desk::{Desk, Owed, ROWS_MAX};
use serde::Deserialize;

use super::said::act_of;
use super::{Frame, error, frame, page};
use crate::language::Language;
use crate::visit::SignedIn;

#[derive(Template)]
#[template(path = "desk.html")]
struct Shown<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    next: Option<String>,
}

/// One line, every word ready.
struct Row {
    file: String,
    name: String,
    title: String,
    section: String,
    by: String,
    due: String,
    state: &'static str,
    word: String,
    act: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct From {
    after: Option<i64>,
    skip: Option<usize>,
}

/// Shows a page of it.
pub(crate) async fn show(SignedIn { visit, who }: SignedIn, Query(from): Query<From>) -> Response {
    let (after, skip, asks) = (from.after.unwrap_or(0), from.skip.unwrap_or(0), who.clone());
    match visit.work(move |house| house.office.desk(&asks, after, skip)).await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok(desk) => {
            let made = visit.language().and_then(|t| {
                let frame = frame(&visit, Some(&who.name), t.say("desk-title"))?;
                let rows = desk.owed.iter().map(|owed| row(t, owed, &visit.house.settings.zone)).collect();
                Ok(Shown { frame, rows, next: next(&desk, after, skip) })
            });
            made.map_or_else(|response| response, |made| page(StatusCode::OK, &made))
        }
    }
}

/// The rest for these people first, then the next people.
fn next(desk: &Desk, after: i64, skip: usize) -> Option<String> {
    if desk.more > 0 {
        return Some(format!("/desk?after={after}&skip={}", skip.saturating_add(ROWS_MAX)));
    }
    desk.next.map(|next| format!("/desk?after={next}"))
}

fn row(t: &Language, owed: &Owed, zone: &TimeZone) -> Row {
    let day = owed.last_day.as_deref().and_then(|day| day.parse().ok());
    let due = match (day, owed.due) {
        (Some(day), _) => t.with("until-end-of", "day", t.day(day)),
        (None, Some(due)) => t.with("until-instant", "at", t.instant(due, zone)),
        (None, None) => t.say("as-soon-as"),
    };
    Row {
        file: owed.file.clone(),
        name: owed.name.clone().unwrap_or_else(|| t.say("unnamed")),
        title: owed.title.clone(),
        section: t.with("section", "section", owed.section.as_str()),
        by: owed.by.join(", "),
        due,
        state: owed.state,
        word: t.say(&format!("state-{}", owed.state)),
        act: owed.to_do.first().and_then(|part| act_of(part)),
    }
}
