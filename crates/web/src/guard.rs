//! What stands between the pages and a hostile page elsewhere: headers, cookies, the secret in every form.
//!
//! A request that changes something must come from a page of ours (its `Origin`, else what the browser says of the site) and carry the form's
//! secret, which only somebody who holds the cookie can know. Deliberately absent: script, so that the policy can forbid it altogether.

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

use crate::House;
use crate::pages::error;

/// The cookie of a session.
const SESSION: &str = "openward";
/// The cookie of somebody who has not signed in: it binds the form at the door.
const DOOR: &str = "openward-door";
/// The cookie of a rights card that was opened.
const CARD: &str = "openward-card";
/// The cookie of a chosen language.
const LANGUAGE: &str = "openward-language";

/// Only what the page itself brings is loaded; nothing runs; nobody frames it; forms go back here.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whose cookies they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// Of a session.
    Session,
    /// Of the door.
    Door,
    /// Of a person's rights card.
    Card,
    /// Of a language.
    Language,
}

impl Cookie {
    /// Its name. Over an encrypted connection the browser itself refuses one that another host or path set.
    fn name(self, encrypted: bool) -> String {
        let name = match self {
            Cookie::Session => SESSION,
            Cookie::Door => DOOR,
            Cookie::Card => CARD,
            Cookie::Language => LANGUAGE,
        };
        if encrypted { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// Its value in a request; none where it is there twice, for then nobody knows which is ours.
    #[must_use]
    pub fn of(self, headers: &HeaderMap, encrypted: bool) -> Option<String> {
        let name = self.name(encrypted);
        let lines = headers.get_all(axum::http::header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut found =
            lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).filter(|(key, _)| *key == name);
        let value = found.next()?.1.to_owned();
        (found.next().is_none() && value.len() <= 128).then_some(value)
    }

    /// Sets it on an answer, or takes it away.
    pub fn set(self, response: &mut Response, encrypted: bool, value: Option<&str>) {
        let (name, secure) = (self.name(encrypted), if encrypted { "; Secure" } else { "" });
        let same = if self == Cookie::Language { "Lax" } else { "Strict" };
        let age = match (self, value) {
            (_, None) => "; Max-Age=0",
            (Cookie::Language, _) => "; Max-Age=31536000",
            _ => "",
        };
        let line = format!("{name}={}; Path=/; HttpOnly; SameSite={same}{age}{secure}", value.unwrap_or_default());
        if let Ok(line) = HeaderValue::from_str(&line) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
}

/// A new secret for a cookie.
#[must_use]
pub fn random() -> Option<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(Base64UrlUnpadded::encode_string(&bytes))
}

/// The secret of the forms that go with a cookie's secret. The cookie cannot be worked out from it.
#[must_use]
pub fn form_secret(cookie: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"openward form 1\0");
    digest.update(cookie.as_bytes());
    Base64UrlUnpadded::encode_string(&digest.finalize())
}

/// Whether a form's secret is the one that goes with the cookie. All of it is always compared.
#[must_use]
pub fn is_form_secret(given: &str, cookie: &str) -> bool {
    let wanted = form_secret(cookie);
    let differ = given.bytes().zip(wanted.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    given.len() == wanted.len() && differ == 0
}

/// Whether a request that changes something comes from a page of ours, as far as the browser says.
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(ORIGIN) {
        Some(origin) => text(HOST).is_some_and(|host| origin.split_once("://").is_some_and(|(_, from)| from == host)),
        None => text(HeaderName::from_static("sec-fetch-site")).is_none_or(|site| site == "same-origin"),
    }
}

/// Refuses forged requests, and puts the headers on every answer.
pub async fn guard(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if changes && !is_ours(request.headers()) { error::stale() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // Without any referrer a browser hides from us, too, that a form came from a page of ours.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if house.settings.is_encrypted() {
        headers.insert(HeaderName::from_static("strict-transport-security"), HeaderValue::from_static("max-age=63072000"));
    }
    // Pages hold what is about people: nothing keeps them, unless a page says otherwise of itself.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
