//! What is said when there is nothing to show, or something was not done.
//!
//! Deliberately absent: what failed inside. The code is for whoever runs the register.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use openward_office::Refusal;

use super::{Frame, frame, page};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'v> {
    frame: Frame<'v>,
    text: String,
}

fn message(visit: &Visit, status: StatusCode, title: &str, text: impl FnOnce(&crate::language::Language) -> String) -> Response {
    let said = visit.language().and_then(|t| Ok(Message { frame: frame(visit, None, t.say(title))?, text: text(t) }));
    said.map_or_else(|response| response, |message| page(status, &message))
}

/// Nothing here.
pub(crate) async fn nothing(visit: Visit) -> Response {
    not_found(&visit)
}

/// Nothing here that this person may see.
pub(crate) fn not_found(visit: &Visit) -> Response {
    message(visit, StatusCode::NOT_FOUND, "not-found-title", |t| t.say("not-found-text"))
}

/// A form that did not come from a page of this sign-in.
pub(crate) fn stale_of(visit: &Visit) -> Response {
    message(visit, StatusCode::FORBIDDEN, "stale-title", |t| t.say("stale-text"))
}

/// A request that came from elsewhere: nothing of it is looked at.
pub(crate) fn stale() -> Response {
    StatusCode::FORBIDDEN.into_response()
}

/// Too much at once.
pub(crate) fn slow(visit: &Visit, minutes: u32) -> Response {
    message(visit, StatusCode::TOO_MANY_REQUESTS, "fault-title", |t| t.with("fault-slow", "minutes", minutes))
}

/// Somebody else wrote to the file first.
pub(crate) fn changed(visit: &Visit) -> Response {
    message(visit, StatusCode::CONFLICT, "changed-title", |t| t.say("changed-text"))
}

/// A refusal of the office as a page.
pub(crate) fn refused(visit: &Visit, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::SignedOut => Redirect::to("/sign-in").into_response(),
        Refusal::NotFound => not_found(visit),
        Refusal::Gone => message(visit, StatusCode::GONE, "gone-title", |t| t.say("gone-text")),
        refusal => message(visit, StatusCode::SERVICE_UNAVAILABLE, "failed-title", |t| t.with("failed-text", "code", refusal.code())),
    }
}
