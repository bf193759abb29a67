//! Runs scenarios: their facts become a case file, each `then` is held against the standing.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::parse::{FactLine, Scenario, Then};
use crate::casefile::CaseFile;
use crate::engine::Law;
use crate::pack::Commencements;
use crate::standing::{Authority, EndShown, Question, Standing, standing, zone_of};
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
    let failed = |line: usize, message: String| vec![Failure { line, message }];
    let mut commence = Commencements::new();
    for (name, day) in &scenario.commence {
        match day.parse() {
            Ok(day) => commence.insert(name.clone(), day),
            Err(_) => return failed(scenario.line, format!("`{day}` is no date")),
        };
    }
    let law = match laws.law(scenario.law.as_deref().unwrap_or(default), &commence) {
        Ok(law) => law,
        Err(why) => return failed(scenario.line, why),
    };
    let case = match case_file(scenario) {
        Ok(case) => case,
        Err(failures) => return failures,
    };
    let Some(file) = case.file(PERSON) else { return failed(scenario.line, "the scenario has no facts".to_owned()) };
    let zone = zone_of(&case, &law);
    let mut failures = Vec::new();
    for then in &scenario.thens {
        let outcome = instant(&then.at, &zone).and_then(|at| {
            let known_at = then.known_at.as_deref().map(|when| instant(when, &zone)).transpose()?;
            let question = Question { law: &law, benchmark: laws.benchmark(), at, known_at };
            standing(&case, file, question).map_err(|bad| bad.first().map_or(String::new(), |bad| format!("entry {}: {}", bad.n, bad.why)))
        });
        let outcome = outcome.and_then(|standing| Check { standing: &standing, zone: &zone, law: &law }.then(then));
        if let Err(message) = outcome {
            failures.push(Failure { line: then.line, message });
        }
    }
    failures
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

    /// Runs of a name, each as (description, state), that fit the keys; an error only for a key that does not exist.
    fn orders(&self, name: &str, keys: &[&str]) -> Result<Vec<(String, String)>, String> {
        self.known("order", name, self.law.pack.orders.iter().any(|provision| provision.id == name))?;
        let mut found = Vec::new();
        for order in self.standing.orders.iter().filter(|order| order.order == name) {
            let fits = keys.iter().try_fold(true, |fits, word| {
                let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no key:value"))?;
                Ok::<bool, String>(
                    fits && match key {
                        "ends" => self.end("ends", order.end.as_ref(), value).is_ok(),
                        "or" => self.when("or", order.end.as_ref().and_then(|end| end.or_until.as_deref()), value).is_ok(),
                        "starts" => self.when("starts", Some(&order.start), value).is_ok(),
                        "ended" => self.when("ended", order.ended_at.as_deref(), value).is_ok(),
                        "of" => value == order.by.n.to_string(),
                        _ => return Err(format!("an order has no `{key}`")),
                    },
                )
            })?;
            let text = serde_json::to_string(
                &json!({ "state": order.state, "end": order.end, "start": order.start, "ended": order.ended_at, "of": order.by.n }),
            )
            .unwrap_or_default();
            found.push((if fits { order.state.clone() } else { format!("{} (other)", order.state) }, text));
        }
        Ok(found)
    }

    fn duties(&self, name: &str, keys: &[&str]) -> Result<Vec<(String, String)>, String> {
        self.known("duty", name, self.law.pack.duties.iter().any(|provision| provision.id == name))?;
        let mut found = Vec::new();
        for duty in self.standing.duties.iter().filter(|duty| duty.duty == name) {
            let fits = keys.iter().try_fold(true, |fits, word| {
                let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no key:value"))?;
                Ok::<bool, String>(
                    fits && match key {
                        "due" => self.end("due", duty.due.as_ref(), value).is_ok(),
                        "or" => self.when("or", duty.due.as_ref().and_then(|end| end.or_until.as_deref()), value).is_ok(),
                        "since" => self.when("since", Some(&duty.since), value).is_ok(),
                        "met" => self.when("met", duty.met_at.as_deref(), value).is_ok(),
                        "by" => duty.owed_by.iter().any(|role| role == value),
                        "to" => duty.owed_to.iter().any(|role| role == value),
                        "breach" => duty.breach == (value == "yes"),
                        "of" => value == duty.raised_by.n.to_string(),
                        _ => return Err(format!("a duty has no `{key}`")),
                    },
                )
            })?;
            let text = serde_json::to_string(&json!({ "state": duty.state, "due": duty.due, "met": duty.met_at, "by": duty.owed_by, "to": duty.owed_to, "of": duty.raised_by.n, "to do": duty.to_do })).unwrap_or_default();
            found.push((if fits { duty.state.clone() } else { format!("{} (other)", duty.state) }, text));
        }
        Ok(found)
    }

    fn entitlements(&self, name: &str, keys: &[&str]) -> Result<Vec<(String, String)>, String> {
        self.known("entitlement", name, self.law.pack.entitlements.iter().any(|provision| provision.id == name))?;
        let mut found = Vec::new();
        for entitlement in self.standing.entitlements.iter().filter(|entitlement| entitlement.entitlement == name) {
            let fits = keys.iter().try_fold(true, |fits, word| {
                let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no key:value"))?;
                Ok::<bool, String>(
                    fits && match key {
                        "opens" => self.when("opens", Some(&entitlement.opens), value).is_ok(),
                        "closes" => self.end("closes", entitlement.closes.as_ref(), value).is_ok(),
                        "may" => entitlement.may.iter().any(|role| role == value),
                        "of" => value == entitlement.raised_by.n.to_string(),
                        _ => return Err(format!("an entitlement has no `{key}`")),
                    },
                )
            })?;
            let text = serde_json::to_string(&json!({ "state": entitlement.state, "opens": entitlement.opens, "closes": entitlement.closes, "may": entitlement.may, "of": entitlement.raised_by.n })).unwrap_or_default();
            found.push((if fits { entitlement.state.clone() } else { format!("{} (other)", entitlement.state) }, text));
        }
        Ok(found)
    }

    fn findings(&self, name: &str, keys: &[&str]) -> Result<Vec<(String, String)>, String> {
        let mut known = false;
        crate::pack::heads(&self.law.pack, |head| known |= head.id == name);
        self.known("provision", name, known)?;
        let mut found = Vec::new();
        for finding in self.standing.findings.iter().filter(|finding| {
            finding.provision.split_once('.').is_some_and(|(_, id)| id == name) || finding.of_order.as_deref() == Some(name)
        }) {
            let fits = keys.iter().try_fold(true, |fits, word| {
                let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no key:value"))?;
                Ok::<bool, String>(
                    fits && match key {
                        "need" | "what" => finding.what == value,
                        "kind" => finding.finding == value,
                        "breach" => finding.breach == (value == "yes"),
                        "section" => finding.section == value,
                        "of" => value == finding.entry.n.to_string(),
                        _ => return Err(format!("a finding has no `{key}`")),
                    },
                )
            })?;
            if fits {
                found.push((finding.finding.clone(), serde_json::to_string(finding).unwrap_or_default()));
            }
        }
        Ok(found)
    }

    fn shortfalls(&self, name: &str) -> Result<Vec<(String, String)>, String> {
        Ok(self
            .standing
            .shortfalls
            .iter()
            .filter(|shortfall| shortfall.safeguard == name)
            .map(|shortfall| (shortfall.safeguard.clone(), shortfall.says.clone()))
            .collect())
    }

    fn clocks(&self, name: &str) -> Vec<(String, String)> {
        self.standing.clocks.iter().filter(|clock| clock.clock == name).map(|clock| (clock.clock.clone(), clock.day.clone())).collect()
    }

    fn known(&self, what: &str, name: &str, known: bool) -> Result<(), String> {
        if known { Ok(()) } else { Err(format!("the law has no {what} called `{name}`")) }
    }

    fn none(&self, what: &str, found: Vec<(String, String)>) -> Result<(), String> {
        let found: Vec<_> = found.into_iter().filter(|(state, _)| !state.ends_with("(other)")).collect();
        if found.is_empty() { Ok(()) } else { Err(format!("expected no such {what}, found {}", said(&found))) }
    }

    fn some(&self, what: &str, found: Vec<(String, String)>) -> Result<(), String> {
        if found.is_empty() { Err(format!("expected such a {what}, found {}", said(&self.all_findings()))) } else { Ok(()) }
    }

    fn all_findings(&self) -> Vec<(String, String)> {
        let findings = self
            .standing
            .findings
            .iter()
            .map(|finding| (finding.finding.clone(), format!("{} {} of {}", finding.provision, finding.what, finding.entry.n)));
        findings.chain(self.standing.shortfalls.iter().map(|shortfall| (String::new(), shortfall.safeguard.clone()))).collect()
    }

    fn one(&self, what: &str, state: &str, found: Vec<(String, String)>) -> Result<(), String> {
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
