//! One request: who asks, from where, in which language.
//!
//! Deliberately absent: who may do what.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use openward_office::Refusal;
use openward_office::card::Holder;
use openward_office::who::Who;

use crate::House;
use crate::guard::{Cookie, form_secret, is_form_secret};
use crate::language::Language;
use crate::pages::error;

/// A request, with or without somebody signed in.
pub(crate) struct Visit {
    /// The house.
    pub(crate) house: Arc<House>,
    /// Where it came from.
    pub(crate) from: String,
    /// The cookie of the session.
    pub(crate) session: Option<String>,
    /// The cookie of the door.
    pub(crate) door: Option<String>,
    /// The tag of its language.
    tag: String,
    /// The path asked for.
    pub(crate) path: String,
    /// The address to come back to: none where the page answers a form, for nobody can ask for it again.
    pub(crate) back: Option<String>,
}

/// A request of somebody who is signed in and has a password of their own.
pub(crate) struct SignedIn {
    /// The request.
    pub(crate) visit: Visit,
    /// Who.
    pub(crate) who: Who,
}

/// A request of somebody who opened a rights card.
pub(crate) struct Holding {
    /// The request.
    pub(crate) visit: Visit,
    /// Whose card.
    pub(crate) holder: Holder,
}

impl Visit {
    /// The reader's language.
    pub(crate) fn language(&self) -> Result<&Language, Response> {
        self.house.languages.choose([self.tag.as_str()]).ok_or_else(|| axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }

    /// The secret of the forms of this page.
    pub(crate) fn form(&self) -> String {
        self.session.as_deref().or(self.door.as_deref()).map(form_secret).unwrap_or_default()
    }

    /// Refuses a form that did not come from a page of this sign-in.
    pub(crate) fn check(&self, given: &str) -> Result<(), Response> {
        let cookie = self.session.as_deref().or(self.door.as_deref());
        if cookie.is_some_and(|cookie| is_form_secret(given, cookie)) { Ok(()) } else { Err(error::stale_of(self)) }
    }

    fn is_encrypted(&self) -> bool {
        self.house.settings.is_encrypted()
    }

    /// Sets a cookie on an answer.
    pub(crate) fn set(&self, response: &mut Response, cookie: Cookie, value: Option<&str>) {
        cookie.set(response, self.is_encrypted(), value);
    }

    /// Work that waits for the disk, off the threads that serve.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&House) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let house = Arc::clone(&self.house);
        tokio::task::spawn_blocking(move || work(&house)).await.unwrap_or(Err(Refusal::Machine))
    }
}

/// The address a request came from; behind a server of ours, the last that it names.
fn from(parts: &Parts, behind: bool) -> String {
    // The last that is named, of however many lines: what stands before it, somebody outside may have written.
    let lines = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let last = lines.flat_map(|line| line.split(',')).next_back().map(str::trim);
    let address = |text: &str| text.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    let said: Option<IpAddr> = last.filter(|_| behind).and_then(address);
    let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    said.or(direct).map_or_else(|| "unknown".to_owned(), network)
}

/// Whom an address stands for: of the longer kind, one household has a whole block.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::")
        }
    }
}

impl FromRequestParts<Arc<House>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Response> {
        let encrypted = house.settings.is_encrypted();
        let wished = Cookie::Language.of(&parts.headers, encrypted);
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_mine = matches!(parts.uri.path(), "/mine" | "/mine/close");
        let tag = house.languages.choose(wished.as_deref().into_iter().chain([header]));
        Ok(Visit {
            from: from(parts, house.settings.behind),
            // On a person's own pages only their card counts, whoever else uses this browser.
            session: if is_mine { Cookie::Card } else { Cookie::Session }.of(&parts.headers, encrypted),
            door: Cookie::Door.of(&parts.headers, encrypted),
            tag: tag.map(|language| language.tag.clone()).unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            back: (parts.method == axum::http::Method::GET).then(|| parts.uri.to_string()),
            house: Arc::clone(house),
        })
    }
}

impl FromRequestParts<Arc<House>> for Holding {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, house).await?;
        let Some(token) = visit.session.clone() else { return Err(Redirect::to("/card").into_response()) };
        match visit.work(move |house| house.office.holder(&token)).await {
            Ok(holder) => Ok(Holding { visit, holder }),
            Err(Refusal::SignedOut) => Err(Redirect::to("/card").into_response()),
            Err(refusal) => Err(error::refused(&visit, &refusal)),
        }
    }
}

impl FromRequestParts<Arc<House>> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, house).await?;
        let Some(token) = visit.session.clone() else { return Err(to_the_door()) };
        match visit.work(move |house| house.office.who(&token)).await {
            Ok(who) if who.must_choose && visit.path != "/password" => Err(Redirect::to("/password").into_response()),
            Ok(who) => Ok(SignedIn { visit, who }),
            Err(Refusal::SignedOut) => Err(to_the_door()),
            Err(refusal) => Err(error::refused(&visit, &refusal)),
        }
    }
}

fn to_the_door() -> Response {
    Redirect::to("/sign-in").into_response()
}
