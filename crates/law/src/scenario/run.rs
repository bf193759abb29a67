//! Runs scenarios: their facts become a case file, each `then` is held against the standing.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::parse::{FactLine, Scenario, Then};
use crate::casefile::CaseFile;
use crate::engine::{Context, Law};
use crate::pack::Commencements;
use crate::standing::{Authority, EndShown, FindingShown, Question, Reach, Standing, standing, standing_in, zone_of_file};
use crate::time::{When, Zone};

/// A scenario's expectation that did not come true, or could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line.
    pub line: usize,
    /// What was expected and what came.
    pub message: String,
}

/// Where a scenario's law comes from: by pack name, with amendments taken to be in force.
pub trait Laws {
    /// The law of that name.
    ///
    /// # Errors
    /// Why there is none.
    fn law(&self, name: &str, commence: &Commencements) -> Result<std::sync::Arc<Law>, String>;

    /// The international standard.
    fn benchmark(&self) -> Option<&Law>;
}

/// The one person of a scenario.
const PERSON: &str = "per_person";

/// Runs one scenario under a law (`default` where it names none).
pub fn run(scenario: &Scenario, default: &str, laws: &impl Laws) -> Vec<Failure> {
    match Ready::new(scenario, default) {
        Ok(ready) => ready.failures(laws),
        Err(failures) => failures,
    }
}

/// A scenario whose facts were read once, so that it can be held against many laws.
pub struct Ready<'s> {
    scenario: &'s Scenario,
    law: &'s str,
    commence: Commencements,
    case: CaseFile,
    /// What is known where nothing is cut.
    context: Context,
}

impl<'s> Ready<'s> {
    /// Reads a scenario's facts.
    ///
    /// # Errors
    /// Every fact that a case file could not hold, and an amendment's day that is none.
    pub fn new(scenario: &'s Scenario, default: &'s str) -> Result<Ready<'s>, Vec<Failure>> {
        let mut commence = Commencements::new();
        for (name, day) in &scenario.commence {
            let Ok(date) = day.parse() else { return Err(vec![Failure { line: scenario.line, message: format!("`{day}` is no date") }]) };
            commence.insert(name.clone(), date);
        }
        let case = case_file(scenario)?;
        if case.file(PERSON).is_none() {
            return Err(vec![Failure { line: scenario.line, message: "the scenario has no facts".to_owned() }]);
        }
        let context = Context::of(&case, None);
        Ok(Ready { scenario, law: scenario.law.as_deref().unwrap_or(default), commence, case, context })
    }

    /// The pack it is held against.
    pub fn law(&self) -> &'s str {
        self.law
    }

    /// Everything that did not come true.
    pub fn failures(&self, laws: &impl Laws) -> Vec<Failure> {
        match laws.law(self.law, &self.commence) {
            Ok(law) => self.scenario.thens.iter().filter_map(|then| self.failure(then, &law, laws.benchmark())).collect(),
            Err(message) => vec![Failure { line: self.scenario.line, message }],
        }
    }

    /// Whether anything does not come true; the first such thing is enough.
    pub fn fails(&self, laws: &impl Laws) -> bool {
        laws.law(self.law, &self.commence)
            .map_or(true, |law| self.scenario.thens.iter().any(|then| self.failure(then, &law, laws.benchmark()).is_some()))
    }

    fn failure(&self, then: &Then, law: &Law, benchmark: Option<&Law>) -> Option<Failure> {
        self.check(then, law, benchmark).err().map(|message| Failure { line: then.line, message })
    }

    fn check(&self, then: &Then, law: &Law, benchmark: Option<&Law>) -> Result<(), String> {
        let file = self.case.file(PERSON).ok_or("the scenario has no facts")?;
        let question = Question { law, benchmark, at: Timestamp::MIN, known_at: None, reach: Reach::ByPlace };
        let zone = zone_of_file(&self.case, file, &self.context, question);
        let at = instant(&then.at, &zone)?;
        let known_at = then.known_at.as_deref().map(|when| instant(when, &zone)).transpose()?;
        let question = Question { at, known_at, ..question };
        let made = match known_at {
            None => standing_in(&self.case, file, &self.context, question),
            Some(_) => standing(&self.case, file, question),
        };
        let standing = made.map_err(|bad| bad.first().map_or(String::new(), |bad| format!("entry {}: {}", bad.n, bad.why)))?;
        Check { standing: &standing, zone: &zone, law }.then(then)
    }
}

/// A scenario's facts as a case file, through the reader.
fn case_file(scenario: &Scenario) -> Result<CaseFile, Vec<Failure>> {
    let mut text = String::new();
    let mut lines = Vec::new();
    let mut put = |fact: &FactLine, file: Option<&str>| {
        let mut entry = fact.entry.clone();
        if let Some(file) = file {
            entry.insert("file".to_owned(), json!(file));
        }
        text.push_str(&Value::Object(entry).to_string());
        text.push('\n');
        lines.push(fact.line);
    };
    scenario.context.iter().for_each(|fact| put(fact, None));
    scenario.facts.iter().for_each(|fact| put(fact, Some(PERSON)));
    CaseFile::read(&text).map_err(|problems| {
        let line_of = |line: usize| line.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or(scenario.line);
        problems.iter().map(|problem| Failure { line: line_of(problem.line), message: problem.to_string() }).collect()
    })
}

/// A day means its first instant.
fn instant(text: &str, zone: &Zone) -> Result<Timestamp, String> {
    let when = When::parse(text).map_err(|error| error.to_string())?;
    when.moment(zone).map(|moment| moment.earliest()).map_err(|error| error.to_string())
}

/// What was found of a name: its state, and all of it as JSON for the message. One whose keys do not fit is marked as another.
type Found = Vec<(String, String)>;

const OTHER: &str = " (other)";

fn is_other(state: &str) -> bool {
    state.ends_with(OTHER)
}

/// Marks the things of a name whose keys fit; an unknown key is an error.
fn select<'t, T: serde::Serialize + 't>(
    things: impl Iterator<Item = &'t T>,
    keys: &[&str],
    state: impl Fn(&T) -> &String,
    fits: impl Fn(&T, &str, &str) -> Option<bool>,
) -> Result<Found, String> {
    let mut found = Found::new();
    for thing in things {
        let mut all = true;
        for word in keys {
            let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no key:value"))?;
            all &= fits(thing, key, value).ok_or_else(|| format!("there is no `{key}` to ask for here"))?;
        }
        let state = state(thing);
        let text = serde_json::to_string(thing).unwrap_or_default();
        found.push((if all { state.clone() } else { format!("{state}{OTHER}") }, text));
    }
    Ok(found)
}

struct Check<'a> {
    standing: &'a Standing,
    zone: &'a Zone,
    law: &'a Law,
}

impl Check<'_> {
    fn then(&self, then: &Then) -> Result<(), String> {
        let words: Vec<&str> = then.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["held", answer] => same("held", &self.standing.held.answer, answer),
            ["authority", answer, rest @ ..] => self.authority(answer, rest),
            ["no", "duty", name, rest @ ..] => self.none("duty", self.duties(name, rest)?),
            ["no", "entitlement", name, rest @ ..] => self.none("entitlement", self.entitlements(name, rest)?),
            ["no", "order", name, rest @ ..] => self.none("order", self.orders(name, rest)?),
            ["no", "finding", name, rest @ ..] => self.none("finding", self.findings(name, rest)?),
            ["no", "shortfall", name] => self.none("shortfall", self.shortfalls(name)?),
            ["no", "clock", name] => self.none("clock", self.clocks(name)),
            ["order", name, state, rest @ ..] => self.one("order", state, self.orders(name, rest)?),
            ["duty", name, state, rest @ ..] => self.one("duty", state, self.duties(name, rest)?),
            ["entitlement", name, state, rest @ ..] => self.one("entitlement", state, self.entitlements(name, rest)?),
            ["finding", name, rest @ ..] => self.some("finding", self.findings(name, rest)?),
            ["shortfall", name] => self.some("shortfall", self.shortfalls(name)?),
            ["shield", role] => self.some("shield", self.shields(role)),
            ["no", "shield", role] => self.none("shield", self.shields(role)),
            ["clock", name, day] => {
                let found = self.clocks(name);
                if found.iter().any(|(_, found)| found == day) {
                    Ok(())
                } else {
                    Err(format!("clock {name}: expected {day}, found {}", said(&found)))
                }
            }
            ["hours", columns @ ..] => self.hours(columns),
            ["next-change", when] => self.when("next-change", self.standing.next_change_at.as_deref(), when),
            _ => Err(format!("`{}` is nothing a scenario can expect", then.words.join(" "))),
        }
    }

    fn when(&self, what: &str, found: Option<&str>, expected: &str) -> Result<(), String> {
        let local = |text: &str| text.parse::<Timestamp>().map_or(text.to_owned(), |at| self.zone.local(at).to_string());
        if expected == "open" || expected == "as-soon-as" {
            return match found {
                None => Ok(()),
                Some(found) => Err(format!("{what}: expected {expected}, found {}", local(found))),
            };
        }
        let expected_at = instant(expected, self.zone)?;
        match found {
            Some(found) if found.parse::<Timestamp>().is_ok_and(|found| found == expected_at) => Ok(()),
            found => Err(format!("{what}: expected {expected}, found {}", found.map_or("nothing".to_owned(), local))),
        }
    }

    fn authority(&self, answer: &str, rest: &[&str]) -> Result<(), String> {
        let authority = &self.standing.authority;
        let shown = || serde_json::to_string(authority).unwrap_or_default();
        if authority.word() != answer {
            return Err(format!("authority: expected {answer}, found {}", shown()));
        }
        let (order, until, matter, decides, section) = match authority {
            Authority::Shown { order, until, section, .. } => (Some(order.as_str()), until.as_deref(), None, None, Some(section.as_str())),
            Authority::Contested { order, defect, decides, until, section } => {
                (Some(order.as_str()), until.as_deref(), Some(defect.as_str()), decides.as_deref(), Some(section.as_str()))
            }
            Authority::NotShown { order, missing, until, section } => {
                (order.as_deref(), until.as_deref(), Some(missing.as_str()), None, Some(section.as_str()))
            }
            Authority::None { because, order, section, .. } => (order.as_deref(), None, Some(because.as_str()), None, section.as_deref()),
            Authority::NotNeeded => (None, None, None, None, None),
        };
        for word in rest {
            let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no key:value"))?;
            let fits = match key {
                "order" => order == Some(value),
                "until" => {
                    self.when("until", until, value)?;
                    true
                }
                "defect" | "missing" => matter == Some(value),
                "because" => matter == Some(value),
                "decides" => decides == Some(value),
                "section" => section == Some(value),
                "since" => match authority {
                    Authority::None { since, .. } => {
                        self.when("since", Some(since), value)?;
                        true
                    }
                    _ => false,
                },
                _ => return Err(format!("authority has no `{key}`")),
            };
            if !fits {
                return Err(format!("authority: expected {word}, found {}", shown()));
            }
        }
        Ok(())
    }

    fn end(&self, what: &str, end: Option<&EndShown>, expected: &str) -> Result<(), String> {
        self.when(what, end.map(|end| end.until.as_str()), expected)
    }

    fn orders(&self, name: &str, keys: &[&str]) -> Result<Found, String> {
        self.known("order", name, self.law.pack.orders.iter().any(|provision| provision.id == name))?;
        let orders = self.standing.orders.iter().filter(|order| order.order == name);
        select(
            orders,
            keys,
            |order| &order.state,
            |order, key, value| match key {
                "ends" => Some(self.end("ends", order.end.as_ref(), value).is_ok()),
                "or" => Some(self.other_end(order.end.as_ref(), value)),
                "starts" => Some(self.when("starts", Some(&order.start), value).is_ok()),
                "ended" => Some(self.when("ended", order.ended_at.as_deref(), value).is_ok()),
                "of" => Some(value == order.by.n.to_string()),
                _ => None,
            },
        )
    }

    fn duties(&self, name: &str, keys: &[&str]) -> Result<Found, String> {
        self.known("duty", name, self.law.pack.duties.iter().any(|provision| provision.id == name))?;
        let duties = self.standing.duties.iter().filter(|duty| duty.duty == name);
        select(
            duties,
            keys,
            |duty| &duty.state,
            |duty, key, value| match key {
                "due" => Some(self.end("due", duty.due.as_ref(), value).is_ok()),
                "or" => Some(self.other_end(duty.due.as_ref(), value)),
                "since" => Some(self.when("since", Some(&duty.since), value).is_ok()),
                "met" => Some(self.when("met", duty.met_at.as_deref(), value).is_ok()),
                "by" => Some(duty.owed_by.iter().any(|role| role == value)),
                "to" => Some(duty.owed_to.iter().any(|role| role == value)),
                "breach" => Some(duty.breach == (value == "yes")),
                "of" => Some(value == duty.raised_by.n.to_string()),
                _ => None,
            },
        )
    }

    fn entitlements(&self, name: &str, keys: &[&str]) -> Result<Found, String> {
        self.known("entitlement", name, self.law.pack.entitlements.iter().any(|provision| provision.id == name))?;
        let entitlements = self.standing.entitlements.iter().filter(|entitlement| entitlement.entitlement == name);
        select(
            entitlements,
            keys,
            |entitlement| &entitlement.state,
            |entitlement, key, value| match key {
                "opens" => Some(self.when("opens", Some(&entitlement.opens), value).is_ok()),
                "closes" => Some(self.end("closes", entitlement.closes.as_ref(), value).is_ok()),
                "or" => Some(self.other_end(entitlement.closes.as_ref(), value)),
                "may" => Some(entitlement.may.iter().any(|role| role == value)),
                "of" => Some(value == entitlement.raised_by.n.to_string()),
                _ => None,
            },
        )
    }

    fn findings(&self, name: &str, keys: &[&str]) -> Result<Found, String> {
        let mut known = false;
        crate::pack::heads(&self.law.pack, |head| known |= head.id == name);
        self.known("provision", name, known)?;
        let is_of = |finding: &&FindingShown| {
            finding.provision.split_once('.').is_some_and(|(_, id)| id == name) || finding.of_order.as_deref() == Some(name)
        };
        let found = self.standing.findings.iter().filter(is_of);
        let found = select(
            found,
            keys,
            |finding| &finding.finding,
            |finding, key, value| match key {
                "need" | "what" => Some(finding.what == value),
                "kind" => Some(finding.finding == value),
                "breach" => Some(finding.breach == (value == "yes")),
                "section" => Some(finding.section == value),
                "of" => Some(value == finding.entry.n.to_string()),
                _ => None,
            },
        )?;
        Ok(found.into_iter().filter(|(state, _)| !is_other(state)).collect())
    }

    fn other_end(&self, end: Option<&EndShown>, expected: &str) -> bool {
        self.when("or", end.and_then(|end| end.or_until.as_deref()), expected).is_ok()
    }

    fn shortfalls(&self, name: &str) -> Result<Found, String> {
        Ok(self
            .standing
            .shortfalls
            .iter()
            .filter(|shortfall| shortfall.safeguard == name)
            .map(|shortfall| (shortfall.safeguard.clone(), shortfall.says.clone()))
            .collect())
    }

    fn shields(&self, role: &str) -> Found {
        let stretches = self.standing.orders.iter().flat_map(|order| &order.stretches);
        let shields = stretches.flat_map(|stretch| &stretch.shields);
        shields.map(|shield| (shield.protects.clone(), shield.section.clone())).filter(|(protects, _)| protects == role).collect()
    }

    fn clocks(&self, name: &str) -> Found {
        self.standing.clocks.iter().filter(|clock| clock.clock == name).map(|clock| (clock.clock.clone(), clock.day.clone())).collect()
    }

    fn known(&self, what: &str, name: &str, known: bool) -> Result<(), String> {
        if known { Ok(()) } else { Err(format!("the law has no {what} called `{name}`")) }
    }

    fn none(&self, what: &str, found: Found) -> Result<(), String> {
        let found: Found = found.into_iter().filter(|(state, _)| !is_other(state)).collect();
        if found.is_empty() { Ok(()) } else { Err(format!("expected no such {what}, found {}", said(&found))) }
    }

    fn some(&self, what: &str, found: Found) -> Result<(), String> {
        if found.is_empty() { Err(format!("expected such a {what}, found {}", said(&self.all_findings()))) } else { Ok(()) }
    }

    fn all_findings(&self) -> Found {
        let findings = self
            .standing
            .findings
            .iter()
            .map(|finding| (finding.finding.clone(), format!("{} {} of {}", finding.provision, finding.what, finding.entry.n)));
        findings.chain(self.standing.shortfalls.iter().map(|shortfall| (String::new(), shortfall.safeguard.clone()))).collect()
    }

    fn one(&self, what: &str, state: &str, found: Found) -> Result<(), String> {
        if found.iter().any(|(found, _)| found == state) {
            Ok(())
        } else {
            Err(format!("{what}: expected {state}, found {}", said(&found)))
        }
    }

    fn hours(&self, columns: &[&str]) -> Result<(), String> {
        let minutes = self.standing.held_without_authority;
        for word in columns {
            let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no key:value"))?;
            let found = match key {
                "none" => minutes.none,
                "contested" => minutes.contested,
                "not-shown" => minutes.not_shown,
                _ => return Err(format!("there is no column `{key}`")),
            };
            let expected: f64 = value.parse().map_err(|_| format!("`{value}` is no number of hours"))?;
            #[expect(clippy::cast_precision_loss, reason = "minutes of a stay are far below the limit of exact integers")]
            let hours = found as f64 / 60.0;
            if (hours - expected).abs() > 1.0 / 120.0 {
                return Err(format!("hours {key}: expected {expected}, found {hours}"));
            }
        }
        Ok(())
    }
}

fn same(what: &str, found: &str, expected: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: expected {expected}, found {found}")) }
}

fn said(found: &[(String, String)]) -> String {
    if found.is_empty() {
        "nothing".to_owned()
    } else {
        found.iter().map(|(state, text)| format!("{state} {text}")).collect::<Vec<_>>().join("; ")
    }
}
