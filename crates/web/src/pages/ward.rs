//! The register of a ward: who is there, whether authority is shown, what comes next.
//!
//! Deliberately absent: sorting by anything but urgency, and anybody who is elsewhere.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::tz::TimeZone;
use openward_office::ward::{Stay, Ward};
use serde::Deserialize;

use super::{Frame, error, frame, page};
use crate::language::Language;
use crate::visit::SignedIn;

#[derive(Template)]
#[template(path = "ward.html")]
struct Shown<'v> {
    frame: Frame<'v>,
    heading: String,
    count: String,
    rows: Vec<Row>,
    next: Option<i64>,
}

/// One line, every word ready.
struct Row {
    file: String,
    name: String,
    tone: &'static str,
    held: String,
    authority: String,
    until: String,
    owed: String,
    is_late: bool,
    next_due: String,
}

/// The first page of whoever is signed in.
pub(crate) async fn home(SignedIn { .. }: SignedIn) -> Response {
    Redirect::to("/ward").into_response()
}

#[derive(Deserialize)]
pub(crate) struct From {
    after: Option<i64>,
}

/// Shows a page of it.
pub(crate) async fn show(SignedIn { visit, who }: SignedIn, Query(from): Query<From>) -> Response {
    let (after, asks) = (from.after.unwrap_or(0), who.clone());
    match visit.work(move |house| house.office.ward(&asks, after)).await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok(ward) => {
            let made = visit.language().and_then(|t| {
                let frame = frame(&visit, Some(&who.name), ward.name.clone().unwrap_or_else(|| t.say("ward-title")))?;
                Ok(shown(t, frame, &ward, &house_zone(&visit.house)))
            });
            made.map_or_else(|response| response, |made| page(StatusCode::OK, &made))
        }
    }
}

/// The zone in which a list over several laws is written.
fn house_zone(house: &crate::House) -> TimeZone {
    house.settings.zone.clone()
}

fn shown<'v>(t: &'v Language, frame: Frame<'v>, ward: &Ward, zone: &TimeZone) -> Shown<'v> {
    let rows: Vec<Row> = ward.stays.iter().map(|stay| row(t, stay, zone)).collect();
    let count = if ward.next.is_some() { String::new() } else { t.with("ward-count", "count", rows.len()) };
    Shown { heading: frame.title.clone(), frame, count, rows, next: ward.next }
}

fn row(t: &Language, stay: &Stay, zone: &TimeZone) -> Row {
    let dated = |at: Option<jiff::Timestamp>| at.map(|at| t.instant(at, zone)).unwrap_or_default();
    let owed = match (stay.late, stay.open) {
        (0, 0) => t.say("ward-nothing-owed"),
        (0, open) => t.with("ward-open", "count", open),
        (late, 0) => t.with("ward-late", "count", late),
        (late, open) => format!("{}, {}", t.with("ward-late", "count", late), t.with("ward-open", "count", open)),
    };
    Row {
        file: stay.file.clone(),
        name: stay.name.clone().unwrap_or_else(|| t.say("unnamed")),
        tone: stay.authority.unwrap_or("unknown"),
        held: stay.held.map(|held| t.say(&format!("held-{held}"))).unwrap_or_default(),
        authority: match stay.authority {
            Some(answer) => t.say(&format!("authority-{answer}")),
            None => t.say("ward-no-law"),
        },
        until: dated(stay.until),
        owed: if stay.closed { String::new() } else { owed },
        is_late: stay.late > 0,
        next_due: dated(stay.next_due),
    }
}
