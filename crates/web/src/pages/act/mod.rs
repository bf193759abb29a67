//! Putting something on a person's file: choose what, fill it in, look at what the law makes of it, sign.
//!
//! Modules: `fields` the form's fields as a page shows them, `look` what would change. Between looking and signing nothing lies in the browser but
//! the name of a draft. Deliberately absent: any word that neither the registry of facts nor a pack has.

mod fields;
mod look;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use openward_law::entry::{FactKind, Field, Origin};
use openward_office::act::form::Form as Asked;
use openward_office::act::{Fault, GROUPS, Look as Found, Outcome, Signed, Typed};
use openward_office::who::Who;

use super::{Frame, error, frame, page};
use crate::language::Language;
use crate::visit::{SignedIn, Visit};
use fields::{Control, Given};
use look::Looked;

/// The facts with which a file may begin.
const BEGINNINGS: &[FactKind] = &[FactKind::Admitted, FactKind::Held, FactKind::Taken];

#[derive(Template)]
#[template(path = "act-choose.html")]
struct Choose<'v> {
    frame: Frame<'v>,
    file: String,
    groups: Vec<(String, Vec<(&'static str, String)>)>,
    papers: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "act-form.html")]
struct Fill<'v> {
    frame: Frame<'v>,
    heading: String,
    file: Option<String>,
    action: String,
    beginnings: Vec<(&'static str, String, bool)>,
    paper: Option<(String, String)>,
    day: String,
    time: String,
    is_reported: bool,
    fields: Vec<Control>,
    faults: Vec<(String, String)>,
    when_fault: Option<String>,
}

#[derive(Template)]
#[template(path = "strike.html")]
struct Strike<'v> {
    frame: Frame<'v>,
    file: String,
    n: u32,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "act-look.html")]
struct Look<'v> {
    frame: Frame<'v>,
    file: String,
    draft: String,
    is_new: bool,
    looked: Looked,
}

#[derive(Template)]
#[template(path = "act-signed.html")]
struct Done<'v> {
    frame: Frame<'v>,
    file: String,
    said: String,
    receipts: Vec<String>,
}

/// Everything that may be put on a file.
pub(crate) async fn choose(SignedIn { visit, who }: SignedIn, Path(file): Path<String>) -> Response {
    let (asks, of) = (who.clone(), file.clone());
    match visit.work(move |house| house.office.papers(&asks, &of)).await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok(papers) => answer(visit.language().and_then(|t| {
            let frame = frame(&visit, Some(&who.name), t.say("act-choose-title"))?;
            let named = |fact: &FactKind| (fact.word(), t.say(&format!("fact-{}", fact.word())));
            let group = |(name, facts): &(&str, &[FactKind])| (t.say(&format!("group-{name}")), facts.iter().map(named).collect());
            let title = |paper: openward_law::pack::offers::Paper| {
                let place = t.with("section", "section", paper.paper.section);
                let forms = if paper.forms.is_empty() { String::new() } else { format!(" · {}", paper.forms.join(", ")) };
                (paper.paper.word, paper.paper.name, format!("{place}{forms}"))
            };
            let papers = papers.into_iter().map(title).collect();
            Ok(page(StatusCode::OK, &Choose { frame, file, groups: GROUPS.iter().map(group).collect(), papers }))
        })),
    }
}

/// The form for one fact. What the address says is filled in already.
pub(crate) async fn ask(
    SignedIn { visit, who }: SignedIn,
    Path((file, fact)): Path<(String, String)>,
    Query(given): Query<Vec<(String, String)>>,
) -> Response {
    let Some(fact) = FactKind::from_word(&fact) else { return error::not_found(&visit) };
    let given = Given::of_address(given);
    shown(&visit, &who, Some(file), fact, &given, &[]).await
}

/// The form for somebody who has no file yet.
pub(crate) async fn ask_new(SignedIn { visit, who }: SignedIn, Query(given): Query<Vec<(String, String)>>) -> Response {
    let given = Given::of_address(given);
    shown(&visit, &who, None, beginning(&given), &given, &[]).await
}

/// Looks at what was filled in.
pub(crate) async fn look(
    SignedIn { visit, who }: SignedIn,
    Path((file, fact)): Path<(String, String)>,
    Form(given): Form<Vec<(String, String)>>,
) -> Response {
    let Some(fact) = FactKind::from_word(&fact) else { return error::not_found(&visit) };
    looked(&visit, &who, Some(file), fact, Given(given)).await
}

/// Looks at what was filled in for somebody who has no file yet.
pub(crate) async fn look_new(SignedIn { visit, who }: SignedIn, Form(given): Form<Vec<(String, String)>>) -> Response {
    let given = Given(given);
    looked(&visit, &who, None, beginning(&given), given).await
}

/// Signs what was looked at.
pub(crate) async fn sign(
    SignedIn { visit, who }: SignedIn,
    Path(file): Path<String>,
    Form(given): Form<Vec<(String, String)>>,
) -> Response {
    let given = Given(given);
    if let Err(refused) = visit.check(given.one("form")) {
        return refused;
    }
    let Some(draft) = draft_of(given.one("draft")) else { return error::not_found(&visit) };
    let (asks, of) = (who.clone(), file.clone());
    match visit.work(move |house| house.office.sign(&asks, &of, draft)).await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok(Outcome::Changed) => error::changed(&visit),
        Ok(Outcome::Again) => Redirect::to(&format!("/person/{file}")).into_response(),
        Ok(Outcome::Kept(kept)) => answer(visit.language().and_then(|t| {
            let frame = frame(&visit, Some(&who.name), t.say("act-signed-title"))?;
            let said = said(t, &kept, &visit);
            Ok(page(StatusCode::OK, &Done { frame, file, said, receipts: kept.receipts }))
        })),
    }
}

fn said(t: &Language, kept: &Signed, visit: &Visit) -> String {
    let numbers = kept.numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let at = kept.recorded.map(|at| t.instant(at, &visit.house.settings.zone)).unwrap_or_default();
    t.with_all("act-signed-text", [("numbers", numbers.into()), ("at", at.into())])
}

async fn shown(visit: &Visit, who: &Who, file: Option<String>, fact: FactKind, given: &Given, faults: &[Fault]) -> Response {
    let (asks, of, paper) = (who.clone(), file.clone(), given.one("f-instrument").to_owned());
    let form = visit.work(move |house| house.office.form(&asks, of.as_deref(), fact, Some(&paper))).await;
    match form {
        Err(refusal) => error::refused(visit, &refusal),
        Ok(form) => answer(visit.language().and_then(|t| {
            let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let heading = if file.is_none() { t.say("admit-title") } else { t.say(&format!("fact-{}", fact.word())) };
            let frame = frame(visit, Some(&who.name), heading.clone())?;
            Ok(page(status, &fill(t, frame, heading, file, &form, given, faults, who)))
        })),
    }
}

#[expect(clippy::too_many_arguments, reason = "one page made of what the request and the office say")]
fn fill<'v>(
    t: &Language,
    frame: Frame<'v>,
    heading: String,
    file: Option<String>,
    form: &Asked,
    given: &Given,
    faults: &[Fault],
    who: &Who,
) -> Fill<'v> {
    let (own, is_new) = (faults.iter().filter(|fault| fault.at == usize::from(file.is_none())), file.is_none());
    let own: Vec<&Fault> = own.collect();
    let mut controls = Vec::new();
    if is_new {
        controls.extend(fields::described(t, given, faults));
    }
    // What is asked of the person is not asked again of how they came.
    let asked = form.fields.iter().filter(|ask| !(is_new && ask.field == Field::Language));
    controls.extend(asked.map(|ask| fields::control(t, form, ask, given, &own, who)));
    let of_when = |fault: &&Fault| fault.field.as_deref().is_none_or(|field| field == "at");
    let when_fault = own.iter().copied().find(of_when).map(|fault| fields::says(t, fault));
    let mut listed: Vec<(String, String)> = when_fault.iter().map(|says| ("day".to_owned(), says.clone())).collect();
    listed.extend(controls.iter().filter_map(|control| Some((control.id.clone(), control.fault.clone()?))));
    let day = given.one("day");
    Fill {
        action: file.as_deref().map_or_else(|| "/admit".to_owned(), |file| format!("/person/{file}/act/{}", form.fact.word())),
        beginnings: if is_new {
            BEGINNINGS.iter().map(|fact| (fact.word(), t.say(&format!("fact-{}", fact.word())), *fact == form.fact)).collect()
        } else {
            Vec::new()
        },
        paper: form.paper.as_ref().map(|paper| (paper.paper.name.clone(), t.with("section", "section", paper.paper.section.as_str()))),
        day: if day.is_empty() { form.today.to_string() } else { day.to_owned() },
        time: if given.has("time") { given.one("time").to_owned() } else { form.now.clone() },
        is_reported: given.one("origin") != "performed",
        fields: controls,
        faults: listed,
        when_fault,
        frame,
        heading,
        file,
    }
}

async fn looked(visit: &Visit, who: &Who, file: Option<String>, fact: FactKind, given: Given) -> Response {
    if let Err(refused) = visit.check(given.one("form")) {
        return refused;
    }
    let typed = typed(who, fact, &given, file.is_none());
    let (asks, of) = (who.clone(), file.clone());
    match visit.work(move |house| house.office.look(&asks, of.as_deref(), &typed)).await {
        Err(refusal) => error::refused(visit, &refusal),
        Ok(Err(faults)) => shown(visit, who, file, fact, &given, &faults).await,
        Ok(Ok(found)) => before_signing(visit, who, found, file.is_none()),
    }
}

fn before_signing(visit: &Visit, who: &Who, found: Found, is_new: bool) -> Response {
    answer(visit.language().and_then(|t| {
        let frame = frame(visit, Some(&who.name), t.say("act-look-title"))?;
        let draft = format!("{:032x}", u128::from_be_bytes(found.draft));
        let looked = look::looked(t, &found, &visit.house.settings.zone);
        Ok(page(StatusCode::OK, &Look { frame, is_new, file: found.file, draft, looked }))
    }))
}

/// Asks why an entry is struck out.
pub(crate) async fn ask_strike(SignedIn { visit, who }: SignedIn, Path((file, n)): Path<(String, u32)>) -> Response {
    struck(&visit, &who, file, n, None)
}

fn struck(visit: &Visit, who: &Who, file: String, n: u32, fault: Option<String>) -> Response {
    answer(visit.language().and_then(|t| {
        let status = if fault.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let frame = frame(visit, Some(&who.name), t.with("strike-title", "n", n))?;
        Ok(page(status, &Strike { frame, file, n, fault }))
    }))
}

/// Looks at striking out an entry.
pub(crate) async fn strike(
    SignedIn { visit, who }: SignedIn,
    Path((file, n)): Path<(String, u32)>,
    Form(given): Form<Vec<(String, String)>>,
) -> Response {
    let given = Given(given);
    if let Err(refused) = visit.check(given.one("form")) {
        return refused;
    }
    let (asks, of, why) = (who.clone(), file.clone(), given.one("why").to_owned());
    match visit.work(move |house| house.office.strike(&asks, &of, n, &why)).await {
        Err(refusal) => error::refused(&visit, &refusal),
        Ok(Err(_)) => struck(&visit, &who, file, n, visit.language().ok().map(|t| t.say("fault-missing"))),
        Ok(Ok(found)) => before_signing(&visit, &who, found, false),
    }
}

fn beginning(given: &Given) -> FactKind {
    FactKind::from_word(given.one("fact")).filter(|fact| BEGINNINGS.contains(fact)).unwrap_or(FactKind::Admitted)
}

fn typed(who: &Who, fact: FactKind, given: &Given, is_new: bool) -> Vec<Typed> {
    let origin = if given.one("origin") == "performed" { Origin::Performed } else { Origin::Reported };
    let (day, time) = (given.one("day").to_owned(), given.one("time").to_owned());
    let values = |prefix: &str| {
        let all = Field::ALL.iter().map(|field| (*field, given.values(prefix, *field)));
        all.filter(|(_, values)| !values.is_empty()).collect::<Vec<_>>()
    };
    let mut own = Typed { fact, origin, day: day.clone(), time, values: values("") };
    if origin == Origin::Performed && !own.values.iter().any(|(field, _)| *field == Field::By) {
        own.values.push((Field::By, vec![who.file.clone()]));
    }
    let described = || Typed { fact: FactKind::Described, origin: Origin::Reported, day, time: String::new(), values: values("d") };
    if is_new { vec![described(), own] } else { vec![own] }
}

fn draft_of(text: &str) -> Option<[u8; 16]> {
    let is_hex = text.len() == 32 && text.bytes().all(|letter| letter.is_ascii_hexdigit());
    u128::from_str_radix(text, 16).ok().filter(|_| is_hex).map(u128::to_be_bytes)
}

fn answer(made: Result<Response, Response>) -> Response {
    made.unwrap_or_else(|response| response)
}
