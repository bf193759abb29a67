//! A person's own page, opened with a rights card on any phone: am I free to leave, why not, until when, what can I do now.
//!
//! Every answer comes from a standing; in an answer that no authority is shown nobody is told to walk out, but what the register does not show, what
//! they can do and whom to ask. Deliberately absent: records, and anything that takes protection away.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use openward_law::standing::{Authority, Standing};
use openward_office::Refusal;
use openward_office::act::Outcome;
use openward_office::card::Mine;
use sha2::{Digest as _, Sha256};

use super::said::{Duty, Line, Stood, entries, stood};
use super::{Frame, error, frame, page};
use crate::guard::{Cookie, random};
use crate::language::Language;
use crate::visit::{Holding, SignedIn, Visit};

/// The longest words that a card may send: two pages.
const WORDS_MAX: usize = 8000;

#[derive(Template)]
#[template(path = "card-ask.html")]
struct Ask<'v> {
    frame: Frame<'v>,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "card.html")]
struct Card<'v> {
    frame: Frame<'v>,
    file: String,
    name: String,
    code: String,
    address: String,
}

#[derive(Template)]
#[template(path = "mine.html")]
struct Shown<'v> {
    frame: Frame<'v>,
    /// One for each law of the person's places.
    answers: Vec<Answer>,
    lines: Vec<Line>,
    id: String,
}

/// What one law says to the person.
struct Answer {
    tone: &'static str,
    free: String,
    why: String,
    until: String,
    stood: Stood,
    /// What is owed to the person, of all that is owed.
    owed: Vec<Duty>,
    rights: Vec<Right>,
}

struct Right {
    id: String,
    title: String,
    section: String,
    closes: String,
    is_usable: bool,
}

#[derive(Template)]
#[template(path = "mine-done.html")]
struct Done<'v> {
    frame: Frame<'v>,
    said: String,
    receipts: Vec<String>,
}

/// Makes a card and shows its code, once.
pub(crate) async fn issue(
    SignedIn { visit, who }: SignedIn,
    Path(file): Path<String>,
    Form(given): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(refused) = visit.check(one(&given, "form")) {
        return refused;
    }
    let (asks, of) = (who.clone(), file.clone());
    let made = visit.work(move |house| {
        let code = house.office.issue_card(&asks, &of)?;
        let name = house.office.file(&asks, &of, house.office.now())?.name;
        Ok((code, name))
    });
    match made.await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok((code, name)) => answer(visit.language().and_then(|t| {
            let frame = frame(&visit, Some(&who.name), t.say("card-title"))?;
            let address = format!("{}/card", visit.house.settings.address);
            Ok(page(StatusCode::OK, &Card { frame, file, name: name.unwrap_or_else(|| t.say("unnamed")), code, address }))
        })),
    }
}

/// Asks for the code of a card.
pub(crate) async fn ask(mut visit: Visit) -> Response {
    let new = if visit.door.is_none() { random() } else { None };
    visit.door = visit.door.or_else(|| new.clone());
    let mut response = asked(&visit, StatusCode::OK, None);
    if let Some(new) = new {
        visit.set(&mut response, Cookie::Door, Some(&new));
    }
    response
}

fn asked(visit: &Visit, status: StatusCode, fault: Option<String>) -> Response {
    answer(visit.language().and_then(|t| Ok(page(status, &Ask { frame: frame(visit, None, t.say("card-ask-title"))?, fault }))))
}

/// Opens a card.
pub(crate) async fn open(visit: Visit, Form(given): Form<Vec<(String, String)>>) -> Response {
    if let Err(refused) = visit.check(one(&given, "form")) {
        return refused;
    }
    let (code, from) = (one(&given, "code").to_owned(), visit.from.clone());
    match visit.work(move |house| house.office.open_card(&code, &from)).await {
        Ok(token) => {
            let mut response = Redirect::to("/mine").into_response();
            visit.set(&mut response, Cookie::Card, Some(&token));
            response
        }
        Err(Refusal::Wrong) => asked(&visit, StatusCode::UNPROCESSABLE_ENTITY, visit.language().ok().map(|t| t.say("card-wrong"))),
        Err(Refusal::Slow { minutes }) => {
            asked(&visit, StatusCode::TOO_MANY_REQUESTS, visit.language().ok().map(|t| t.with("fault-slow", "minutes", minutes)))
        }
        Err(refusal) => error::refused(&visit, &refusal),
    }
}

/// The person's own page.
pub(crate) async fn show(Holding { visit, holder }: Holding) -> Response {
    let work = visit.work(move |house| {
        let shown = house.office.mine(&holder)?;
        let usable = house.office.usable(&shown);
        Ok((shown, usable))
    });
    match work.await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok((found, usable)) => answer(visit.language().and_then(|t| {
            let name = found.name.clone().unwrap_or_else(|| t.say("mine-title"));
            let frame = frame(&visit, None, name)?;
            let id = random().unwrap_or_default();
            let answers = found.standings.iter().map(|standing| said(t, standing, &usable)).collect();
            let lines = entries(t, &found.entries, &visit.house.settings.zone);
            Ok(page(StatusCode::OK, &Shown { frame, answers, lines, id }))
        })),
    }
}

fn said(t: &Language, standing: &Standing, usable: &[String]) -> Answer {
    let stood = stood(t, standing);
    let held = standing.held.answer.as_str();
    let key = match (held, &standing.authority) {
        ("no", _) | (_, Authority::NotNeeded) => "free",
        ("cannot-tell", _) => "cannot-tell",
        (_, Authority::Shown { .. }) => "shown",
        (_, Authority::Contested { .. }) => "contested",
        (_, Authority::NotShown { .. }) => "not-shown",
        (_, Authority::None { .. }) => "none",
    };
    let rights = standing.entitlements.iter().filter(|right| right.state == "open" && right.may.iter().any(|who| who == "person"));
    let right = |right: &openward_law::standing::EntitlementShown| Right {
        id: right.id.clone(),
        title: right.title.clone(),
        section: t.with("section", "section", right.section.as_str()),
        closes: stood.rights.iter().find(|known| known.title == right.title).map(|known| known.text.clone()).unwrap_or_default(),
        is_usable: usable.contains(&right.id),
    };
    Answer {
        tone: standing.authority.word(),
        free: t.say(&format!("mine-{key}")),
        why: t.say(&format!("mine-{key}-why")),
        until: if key == "free" { String::new() } else { stood.authority_text.clone() },
        owed: owed(standing, &stood),
        rights: rights.map(right).collect(),
        stood,
    }
}

fn owed(standing: &Standing, stood: &Stood) -> Vec<Duty> {
    let is_theirs = |id: &str| standing.duties.iter().any(|duty| duty.id == id && duty.owed_to.iter().any(|to| to == "person"));
    stood.duties.iter().filter(|duty| is_theirs(&duty.id)).cloned().collect()
}

/// Does what the person asks.
pub(crate) async fn act(Holding { visit, holder }: Holding, Form(given): Form<Vec<(String, String)>>) -> Response {
    if let Err(refused) = visit.check(one(&given, "form")) {
        return refused;
    }
    let words: String =
        one(&given, "words").trim().chars().filter(|letter| !letter.is_control() || *letter == '\n').take(WORDS_MAX).collect();
    let mine = match one(&given, "what") {
        "use" => Mine::Use(one(&given, "right").to_owned()),
        "counsel" if !words.is_empty() => Mine::Counsel(words),
        "complain" if !words.is_empty() => Mine::Complain(words),
        _ => return Redirect::to("/mine").into_response(),
    };
    let Some(id) = id_of(one(&given, "id"), &format!("{mine:?}")) else { return error::not_found(&visit) };
    match visit.work(move |house| house.office.ask(&holder, &mine, id)).await {
        Err(Refusal::Slow { minutes }) => error::slow(&visit, minutes),
        Err(refusal) => error::refused(&visit, &refusal),
        Ok(Outcome::Changed) => error::changed(&visit),
        Ok(Outcome::Again) => Redirect::to("/mine").into_response(),
        Ok(Outcome::Kept(kept)) => answer(visit.language().and_then(|t| {
            let frame = frame(&visit, None, t.say("mine-done-title"))?;
            let at = kept.recorded.map(|at| t.instant(at, &visit.house.settings.zone)).unwrap_or_default();
            Ok(page(StatusCode::OK, &Done { frame, said: t.with("mine-done-text", "at", at), receipts: kept.receipts }))
        })),
    }
}

/// Closes the card on this phone.
pub(crate) async fn close(visit: Visit, Form(given): Form<Vec<(String, String)>>) -> Response {
    if let Err(refused) = visit.check(one(&given, "form")) {
        return refused;
    }
    if let Some(token) = visit.session.clone() {
        let _ = visit.work(move |house| house.office.leave(&token)).await;
    }
    let mut response = Redirect::to("/card").into_response();
    visit.set(&mut response, Cookie::Card, None);
    response
}

/// The id of an act: of the random word that the page carried and of what is asked, so that the same page may ask for several things, and
/// each comes once.
fn id_of(word: &str, asked: &str) -> Option<[u8; 16]> {
    let mut digest = Sha256::new();
    digest.update(b"openward asks 1\0");
    digest.update(word.as_bytes());
    digest.update([0]);
    digest.update(asked.as_bytes());
    digest.finalize().first_chunk::<16>().copied().filter(|_| word.len() == 43)
}

fn one<'g>(given: &'g [(String, String)], name: &str) -> &'g str {
    given.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

fn answer(made: Result<Response, Response>) -> Response {
    made.unwrap_or_else(|response| response)
}
