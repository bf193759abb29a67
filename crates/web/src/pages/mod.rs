//! One module for each page, and what all pages share.
//!
//! Deliberately absent: logic of the pages' matter. They ask the office and write what it says.

pub(crate) mod act;
pub(crate) mod assets;
pub(crate) mod desk;
pub(crate) mod door;
pub(crate) mod error;
pub(crate) mod language;
pub(crate) mod mine;
pub(crate) mod person;
mod said;
pub(crate) mod ward;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};

use crate::language::Language;
use crate::visit::Visit;

/// What the frame of every page shows.
pub(crate) struct Frame<'v> {
    /// The texts.
    pub(crate) t: &'v Language,
    /// Every language: tag, its own name, whether it is this one.
    pub(crate) languages: Vec<(&'v str, &'v str, bool)>,
    /// Who is signed in.
    pub(crate) name: Option<String>,
    /// The secret of the forms.
    pub(crate) form: String,
    /// The page's title.
    pub(crate) title: String,
    /// Where the page is, for the form that changes the language.
    pub(crate) path: String,
    /// Where to come back to when the language was changed.
    pub(crate) back: Option<String>,
    /// Where the style lies: its name changes with what is in it.
    pub(crate) style: &'static str,
}

/// The frame of a page.
pub(crate) fn frame<'v>(visit: &'v Visit, name: Option<&str>, title: String) -> Result<Frame<'v>, Response> {
    let t = visit.language()?;
    let languages = visit.house.languages.all().map(|one| (one.tag.as_str(), one.name.as_str(), one.tag == t.tag)).collect();
    Ok(Frame {
        t,
        languages,
        name: name.map(str::to_owned),
        form: visit.form(),
        title,
        path: visit.path.clone(),
        back: visit.back.clone(),
        style: assets::style(),
    })
}

/// A page as an answer.
pub(crate) fn page(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
