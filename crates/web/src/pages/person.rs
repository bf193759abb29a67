//! One person's file: the standing at an instant, and the entries.
//!
//! Deliberately absent: any judgment. Every line comes from a standing or an entry.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::DateTime;
use openward_office::file::Shown as File;
use serde::Deserialize;

use super::said::{Line, Stood, entries, stood};
use super::{Frame, error, frame, page};
use crate::language::Language;
use crate::visit::SignedIn;

#[derive(Template)]
#[template(path = "person.html")]
struct Shown<'v> {
    frame: Frame<'v>,
    file: String,
    name: String,
    at: String,
    typed: String,
    fault: Option<String>,
    standings: Vec<Stood>,
    troubles: Vec<String>,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
pub(crate) struct Moment {
    at: Option<String>,
}

/// Shows it, as of now or of a moment that was asked for.
pub(crate) async fn show(SignedIn { visit, who }: SignedIn, Path(file): Path<String>, Query(moment): Query<Moment>) -> Response {
    let zone = visit.house.settings.zone.clone();
    let typed = moment.at.unwrap_or_default().trim().to_owned();
    let asked = if typed.is_empty() { Some(visit.house.office.now()) } else { instant(&typed, &zone) };
    let (at, is_wrong) = asked.map_or_else(|| (visit.house.office.now(), true), |at| (at, false));
    let asks = who.clone();
    match visit.work(move |house| house.office.file(&asks, &file, at)).await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok(found) => {
            let made = visit.language().and_then(|t| {
                let name = found.name.clone().unwrap_or_else(|| t.say("unnamed"));
                let frame = frame(&visit, Some(&who.name), name)?;
                let fault = is_wrong.then(|| t.say("fault-date"));
                Ok(shown(t, frame, found, typed, fault, &zone))
            });
            made.map_or_else(
                |response| response,
                |made| page(if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &made),
            )
        }
    }
}

/// A moment as people and forms write it, by the clocks of a zone.
fn instant(typed: &str, zone: &jiff::tz::TimeZone) -> Option<Timestamp> {
    if let Ok(at) = typed.parse::<Timestamp>() {
        return Some(at);
    }
    let local: DateTime = typed.replacen(' ', "T", 1).parse().ok()?;
    local.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

fn shown<'v>(t: &'v Language, frame: Frame<'v>, file: File, typed: String, fault: Option<String>, zone: &jiff::tz::TimeZone) -> Shown<'v> {
    let mut troubles: Vec<String> = file.bad_times.iter().map(|n| t.with("person-bad-time", "n", *n)).collect();
    if file.standings.is_empty() && troubles.is_empty() {
        troubles.push(t.say("person-no-law"));
    }
    Shown {
        name: frame.title.clone(),
        frame,
        at: t.instant(file.at, zone),
        typed,
        fault,
        standings: file.standings.iter().map(|standing| stood(t, standing)).collect(),
        troubles,
        lines: entries(t, &file.entries, zone),
        file: file.file,
    }
}
