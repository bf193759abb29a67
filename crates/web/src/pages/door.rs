//! Signing in, signing out, choosing a password.
//!
//! Deliberately absent: any hint whether a name exists.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use openward_office::Refusal;
use openward_office::refusal::PasswordFault;
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;

use super::{Frame, error, frame, page};
use crate::guard::{Cookie, random};
use crate::language::Language;
use crate::visit::{SignedIn, Visit};

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'v> {
    frame: Frame<'v>,
    fault: Option<String>,
    typed: String,
}

#[derive(Template)]
#[template(path = "code.html")]
struct Code<'v> {
    frame: Frame<'v>,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "password.html")]
struct Password<'v> {
    frame: Frame<'v>,
    fault: Option<String>,
    of_old: bool,
    must: bool,
}

/// A turn at working on a password. It lasts as long as the work, also where the other side has hung up meanwhile.
struct Turn(OwnedSemaphorePermit);

impl Turn {
    async fn wait(visit: &Visit) -> Option<Turn> {
        Arc::clone(&visit.house.passwords).acquire_owned().await.ok().map(Turn)
    }

    fn over<T>(self, work: impl FnOnce() -> T) -> T {
        let done = work();
        drop(self.0);
        done
    }
}

/// What a refusal says to whoever typed, if it is about what they typed.
fn fault(t: &Language, refusal: &Refusal) -> Option<String> {
    Some(match refusal {
        Refusal::Wrong => t.say("fault-wrong"),
        Refusal::Slow { minutes } => t.with("fault-slow", "minutes", *minutes),
        Refusal::Password(PasswordFault::Short) => t.say("fault-short"),
        Refusal::Password(PasswordFault::Long) => t.say("fault-long"),
        Refusal::Password(PasswordFault::Simple) => t.say("fault-simple"),
        Refusal::Password(PasswordFault::Same) => t.say("fault-same"),
        _ => return None,
    })
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Slow { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The form for name and password. Whoever has no cookie of the door gets one.
pub(crate) async fn ask(mut visit: Visit) -> Response {
    // A session that is over must not bind the form.
    visit.session = None;
    let new = if visit.door.is_none() { random() } else { None };
    visit.door = visit.door.or_else(|| new.clone());
    let mut response = asked(&visit, StatusCode::OK, None, String::new());
    if let Some(new) = new {
        visit.set(&mut response, Cookie::Door, Some(&new));
    }
    visit.set(&mut response, Cookie::Session, None);
    response
}

fn asked(visit: &Visit, status: StatusCode, fault: Option<String>, typed: String) -> Response {
    let made = visit.language().and_then(|t| Ok(SignIn { frame: frame(visit, None, t.say("sign-in-title"))?, fault, typed }));
    made.map_or_else(|response| response, |made| page(status, &made))
}

#[derive(Deserialize)]
pub(crate) struct Knock {
    form: String,
    name: String,
    password: String,
}

/// Takes name and password.
pub(crate) async fn knock(mut visit: Visit, Form(given): Form<Knock>) -> Response {
    visit.session = None;
    if let Err(refused) = visit.check(&given.form) {
        return refused;
    }
    let (from, name) = (visit.from.clone(), given.name.clone());
    let Some(turn) = Turn::wait(&visit).await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    match visit.work(move |house| turn.over(|| house.office.knock(&given.name, &given.password, &from))).await {
        Ok(entered) => {
            let mut response = Redirect::to("/code").into_response();
            visit.set(&mut response, Cookie::Session, Some(&entered.token));
            response
        }
        Err(refusal) => match visit.language().map(|t| fault(t, &refusal)) {
            Ok(Some(fault)) => asked(&visit, status(&refusal), Some(fault), name),
            _ => error::refused(&visit, &refusal),
        },
    }
}

/// The form for the code.
pub(crate) async fn ask_code(visit: Visit) -> Response {
    let Some(token) = visit.session.clone() else { return Redirect::to("/sign-in").into_response() };
    match visit.work(move |house| house.office.is_half_in(&token)).await {
        Ok(true) => asked_code(&visit, StatusCode::OK, None),
        Ok(false) => Redirect::to("/").into_response(),
        Err(refusal) => error::refused(&visit, &refusal),
    }
}

fn asked_code(visit: &Visit, status: StatusCode, fault: Option<String>) -> Response {
    let made = visit.language().and_then(|t| Ok(Code { frame: frame(visit, None, t.say("code-title"))?, fault }));
    made.map_or_else(|response| response, |made| page(status, &made))
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    form: String,
    code: String,
}

/// Takes the code.
pub(crate) async fn enter(visit: Visit, Form(given): Form<Typed>) -> Response {
    if let Err(refused) = visit.check(&given.form) {
        return refused;
    }
    let Some(token) = visit.session.clone() else { return Redirect::to("/sign-in").into_response() };
    let from = visit.from.clone();
    match visit.work(move |house| house.office.enter(&token, &given.code, &from)).await {
        Ok(entered) => {
            let mut response = Redirect::to("/").into_response();
            visit.set(&mut response, Cookie::Session, Some(&entered.token));
            visit.set(&mut response, Cookie::Door, None);
            response
        }
        Err(refusal) => match visit.language().map(|t| fault(t, &refusal)) {
            Ok(Some(fault)) => asked_code(&visit, status(&refusal), Some(fault)),
            _ => error::refused(&visit, &refusal),
        },
    }
}

#[derive(Deserialize)]
pub(crate) struct Leave {
    form: String,
}

/// Signs out.
pub(crate) async fn leave(visit: Visit, Form(given): Form<Leave>) -> Response {
    if let Err(refused) = visit.check(&given.form) {
        return refused;
    }
    if let Some(token) = visit.session.clone()
        && let Err(refusal) = visit.work(move |house| house.office.leave(&token)).await
    {
        return error::refused(&visit, &refusal);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    visit.set(&mut response, Cookie::Session, None);
    response
}

/// The form for a new password.
pub(crate) async fn ask_password(SignedIn { visit, who }: SignedIn) -> Response {
    asked_password(&visit, &who, StatusCode::OK, None, false)
}

fn asked_password(visit: &Visit, who: &openward_office::who::Who, status: StatusCode, fault: Option<String>, of_old: bool) -> Response {
    let made = visit.language().and_then(|t| {
        Ok(Password { frame: frame(visit, Some(&who.name), t.say("password-title"))?, fault, of_old, must: who.must_choose })
    });
    made.map_or_else(|response| response, |made| page(status, &made))
}

#[derive(Deserialize)]
pub(crate) struct Choose {
    form: String,
    old: String,
    new: String,
}

/// Takes a new password.
pub(crate) async fn choose(SignedIn { visit, who }: SignedIn, Form(given): Form<Choose>) -> Response {
    if let Err(refused) = visit.check(&given.form) {
        return refused;
    }
    let Some(token) = visit.session.clone() else { return Redirect::to("/sign-in").into_response() };
    let from = visit.from.clone();
    let Some(turn) = Turn::wait(&visit).await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    match visit.work(move |house| turn.over(|| house.office.choose_password(&token, &given.old, &given.new, &from))).await {
        Ok(entered) => {
            let mut response = Redirect::to("/").into_response();
            visit.set(&mut response, Cookie::Session, Some(&entered.token));
            response
        }
        Err(refusal) => match visit.language().map(|t| fault(t, &refusal)) {
            Ok(Some(fault)) => asked_password(&visit, &who, status(&refusal), Some(fault), !matches!(refusal, Refusal::Password(_))),
            _ => error::refused(&visit, &refusal),
        },
    }
}
