//! The choice of a language: kept in a cookie, and with the account of whoever is signed in.
//!
//! Deliberately absent: a language in addresses. An address that is passed on opens in the language of whoever opens it.

use axum::Form;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::guard::Cookie;
use crate::visit::Visit;

#[derive(Deserialize)]
pub(crate) struct Chosen {
    language: String,
    back: String,
}

/// Keeps the choice, and goes back.
pub(crate) async fn choose(visit: Visit, Form(chosen): Form<Chosen>) -> Response {
    // Only a path of ours: not another host's, however it is written.
    let is_path = chosen.back.starts_with('/') && !chosen.back.starts_with("//") && !chosen.back.contains(['\\', '\r', '\n']);
    let mut response = Redirect::to(if is_path { &chosen.back } else { "/" }).into_response();
    if let Some(language) = visit.house.languages.get(&chosen.language) {
        let tag = language.tag.clone();
        visit.set(&mut response, Cookie::Language, Some(&tag));
        if let Some(token) = visit.session.clone() {
            // Somebody who is not signed in has the cookie alone.
            let _ = visit.work(move |house| house.office.who(&token).and_then(|who| house.office.choose_language(&who, &tag))).await;
        }
    }
    response
}
