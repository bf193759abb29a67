//! Scenario files: stories a lawyer can read, as plain lines.
//!
//! Here a text becomes scenarios; running them is the sibling module's. The form is described in the statute book's FORMAT.md.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::entry::{Field, FieldType, FileKind};

/// A fact line: the entry it writes, as the case-file reader takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct FactLine {
    /// The line in the scenario file.
    pub line: usize,
    /// The entry without its number.
    pub entry: Map<String, Value>,
}

/// What a scenario expects.
#[derive(Debug, Clone, PartialEq)]
pub struct Then {
    /// The line.
    pub line: usize,
    /// The instant or day, as written.
    pub at: String,
    /// Only what was recorded by then.
    pub known_at: Option<String>,
    /// The words after the instant.
    pub words: Vec<String>,
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scenario {
    /// Its rule, in one sentence.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// Sections cited.
    pub cites: String,
    /// The hand working.
    pub working: String,
    /// The law, if another than the folder's.
    pub law: Option<String>,
    /// Amendments taken to be in force: name, day.
    pub commence: Vec<(String, String)>,
    /// Facts, numbered from 1 in this order.
    pub facts: Vec<FactLine>,
    /// Lines of other files.
    pub context: Vec<FactLine>,
    /// What must follow.
    pub thens: Vec<Then>,
}

/// Something wrong with a scenario file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioError {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads a scenario file.
///
/// # Errors
/// The first line that cannot be read, and why.
pub fn parse(text: &str) -> Result<Vec<Scenario>, ScenarioError> {
    let mut reader = Reader::default();
    for (number, raw) in text.lines().enumerate() {
        let line = number + 1;
        let content = strip_comment(raw).trim();
        if !content.is_empty() {
            reader.line(line, content).map_err(|message| ScenarioError { line, message })?;
        }
    }
    reader.finish()
}

/// Cuts a comment: `#` at the start or after a blank, outside quotes.
fn strip_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut blank = true;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted && blank => return line.get(..at).unwrap_or(line),
            _ => {}
        }
        blank = c.is_whitespace();
    }
    line
}

#[derive(Default)]
enum Within {
    #[default]
    Nothing,
    Story(String),
    Context,
    Scenario,
}

#[derive(Default)]
struct Reader {
    within: Within,
    stories: BTreeMap<String, Vec<FactLine>>,
    context: Vec<FactLine>,
    known_at: Option<String>,
    done: Vec<Scenario>,
}

impl Reader {
    fn line(&mut self, line: usize, content: &str) -> Result<(), String> {
        let (first, rest) = content.split_once(char::is_whitespace).map_or((content, ""), |(first, rest)| (first, rest.trim()));
        match (&self.within, first) {
            (_, "scenario:") => {
                self.known_at = None;
                self.within = Within::Scenario;
                self.done.push(Scenario { name: rest.to_owned(), line, context: self.context.clone(), ..Scenario::default() });
                Ok(())
            }
            (Within::Nothing | Within::Scenario, "story") => {
                let name = rest.trim().to_owned();
                if self.stories.insert(name.clone(), Vec::new()).is_some() {
                    return Err(format!("the story `{name}` is told twice"));
                }
                self.within = Within::Story(name);
                Ok(())
            }
            (Within::Nothing | Within::Scenario, "context") => {
                self.within = Within::Context;
                Ok(())
            }
            (Within::Story(_) | Within::Context, "end") => {
                self.within = Within::Nothing;
                Ok(())
            }
            (Within::Story(name), "given") => {
                let facts = self.given(rest)?;
                let name = name.clone();
                self.stories.entry(name).or_default().extend(facts);
                Ok(())
            }
            (Within::Story(name), _) => {
                let fact = fact_line(line, content, None)?;
                let name = name.clone();
                self.stories.entry(name).or_default().push(fact);
                Ok(())
            }
            (Within::Context, _) => {
                let (file, rest) = content.split_once(char::is_whitespace).ok_or("a context line is FILE WHEN FACT …")?;
                self.context.push(fact_line(line, rest.trim(), Some(file))?);
                Ok(())
            }
            (Within::Scenario, _) => self.scenario_line(line, first, rest, content),
            (Within::Nothing, _) => Err(format!("`{first}` stands outside a scenario, story or context")),
        }
    }

    fn scenario_line(&mut self, line: usize, first: &str, rest: &str, content: &str) -> Result<(), String> {
        let facts = if first == "given" { self.given(rest)? } else { Vec::new() };
        let known_at = self.known_at.clone();
        let Some(scenario) = self.done.last_mut() else { return Err("no scenario has begun".to_owned()) };
        match first {
            "cites" => scenario.cites = rest.to_owned(),
            "working:" => {
                if !scenario.working.is_empty() {
                    scenario.working.push(' ');
                }
                scenario.working.push_str(rest);
            }
            "law" => scenario.law = Some(rest.to_owned()),
            "commence" => {
                let (name, day) = rest.split_once(" on ").ok_or("say `commence AMENDMENT on DATE`")?;
                scenario.commence.push((name.trim().to_owned(), day.trim().to_owned()));
            }
            "given" => scenario.facts.extend(facts),
            "known" => self.known_at = Some(rest.strip_prefix("at ").ok_or("say `known at WHEN`")?.trim().to_owned()),
            "then" => {
                let mut words = rest.split_whitespace().map(str::to_owned);
                if words.next().as_deref() != Some("at") {
                    return Err("say `then at WHEN …`".to_owned());
                }
                let at = words.next().ok_or("say `then at WHEN …`")?;
                let words: Vec<String> = words.collect();
                if words.is_empty() {
                    return Err("say what must follow".to_owned());
                }
                scenario.thens.push(Then { line, at, known_at, words });
            }
            // A line that names another file belongs to this scenario's own context.
            _ if FileKind::of(first).is_some() => scenario.context.push(fact_line(line, rest, Some(first))?),
            _ => scenario.facts.push(fact_line(line, content, None)?),
        }
        Ok(())
    }

    /// `NAME [without 3,4] [shifted N days] [until N]`.
    fn given(&self, words: &str) -> Result<Vec<FactLine>, String> {
        let mut words = words.split_whitespace();
        let name = words.next().ok_or("say which story is given")?;
        let mut facts: Vec<Option<FactLine>> =
            self.stories.get(name).ok_or_else(|| format!("no story is called `{name}`"))?.iter().cloned().map(Some).collect();
        while let Some(word) = words.next() {
            match word {
                "without" => {
                    for number in words.next().ok_or("say which facts are left out")?.split(',') {
                        let number: usize = number.parse().map_err(|_| format!("`{number}` is no fact's number"))?;
                        let slot = number
                            .checked_sub(1)
                            .and_then(|at| facts.get_mut(at))
                            .ok_or_else(|| format!("the story has no fact {number}"))?;
                        *slot = None;
                    }
                }
                "shifted" => {
                    let days: i64 = words.next().and_then(|days| days.parse().ok()).ok_or("say `shifted N days`")?;
                    if words.next() != Some("days") {
                        return Err("say `shifted N days`".to_owned());
                    }
                    for fact in facts.iter_mut().flatten() {
                        shift(&mut fact.entry, days)?;
                    }
                }
                other => return Err(format!("`{other}` says nothing about a story: without, shifted")),
            }
        }
        // The numbers of the facts left stay right in `of` and `on`.
        let mut numbers: Vec<Option<usize>> = Vec::new();
        let mut next = 0;
        for fact in &facts {
            numbers.push(fact.is_some().then(|| {
                next += 1;
                next
            }));
        }
        let mut left: Vec<FactLine> = facts.into_iter().flatten().collect();
        for fact in &mut left {
            renumber(&mut fact.entry, &numbers);
        }
        Ok(left)
    }

    fn finish(self) -> Result<Vec<Scenario>, ScenarioError> {
        for scenario in &self.done {
            let message = if scenario.thens.is_empty() {
                "this scenario expects nothing"
            } else if scenario.cites.is_empty() {
                "this scenario cites no section"
            } else {
                continue;
            };
            return Err(ScenarioError { line: scenario.line, message: message.to_owned() });
        }
        Ok(self.done)
    }
}

fn renumber(entry: &mut Map<String, Value>, numbers: &[Option<usize>]) {
    for key in ["of", "on"] {
        let Some(Value::Array(list)) = entry.get_mut(key) else { continue };
        list.retain_mut(|item| {
            let at = item.as_u64().and_then(|n| usize::try_from(n).ok()).and_then(|n| n.checked_sub(1));
            match at.and_then(|at| numbers.get(at)) {
                Some(Some(new)) => {
                    *item = json!(new);
                    true
                }
                Some(None) => false,
                None => true,
            }
        });
        if entry.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty) {
            entry.remove(key);
        }
    }
}

fn shift(entry: &mut Map<String, Value>, days: i64) -> Result<(), String> {
    for key in ["at", "examined", "until", "from", "recorded"] {
        let Some(Value::String(text)) = entry.get_mut(key) else { continue };
        let (date, rest) = text.split_at_checked(10).ok_or("a time is too short to be shifted")?;
        let date: jiff::civil::Date = date.parse().map_err(|_| format!("`{date}` is no date"))?;
        let date = date.checked_add(jiff::Span::new().days(days)).map_err(|error| error.to_string())?;
        *text = format!("{date}{rest}");
    }
    Ok(())
}

/// Splits at blanks outside quotes.
fn words(content: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in content.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
            c if c.is_whitespace() && !quoted => words.push(String::new()),
            c => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `WHEN FACT field:value …` as an entry.
fn fact_line(line: usize, content: &str, file: Option<&str>) -> Result<FactLine, String> {
    let words = words(content);
    let mut words = words.iter();
    let (Some(at), Some(fact)) = (words.next(), words.next()) else { return Err("a fact line is WHEN FACT field:value …".to_owned()) };
    let mut entry = Map::new();
    if let Some(file) = file {
        entry.insert("file".to_owned(), json!(file));
    }
    entry.insert("at".to_owned(), json!(at));
    entry.insert("fact".to_owned(), json!(fact));
    for word in words {
        let (name, value) = word.split_once(':').ok_or_else(|| format!("`{word}` is no field:value"))?;
        entry.insert(name.to_owned(), field_value(name, value)?);
    }
    Ok(FactLine { line, entry })
}

fn field_value(name: &str, value: &str) -> Result<Value, String> {
    let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    match name {
        "recorded" | "origin" | "stay" => return Ok(json!(text)),
        "corrects" => {
            let mut parts = text.splitn(3, '/');
            let (Some(n), Some(how), Some(why)) = (parts.next(), parts.next(), parts.next()) else {
                return Err("say corrects:N/replaced/\"why\"".to_owned());
            };
            let n: u32 = n.parse().map_err(|_| format!("`{n}` is no entry's number"))?;
            return Ok(json!({ "n": n, "how": how, "why": why.trim_matches('"') }));
        }
        _ => {}
    }
    let Some(field) = Field::from_name(name) else { return Err(format!("no field is called `{name}`")) };
    let list = || text.split(',').map(|item| json!(item)).collect::<Vec<_>>();
    Ok(match field.field_type() {
        FieldType::Parties | FieldType::Words | FieldType::Paragraphs => Value::Array(list()),
        FieldType::Entries => {
            let numbers: Result<Vec<Value>, String> =
                text.split(',').map(|n| n.parse::<u32>().map(|n| json!(n)).map_err(|_| format!("`{n}` is no entry's number"))).collect();
            Value::Array(numbers?)
        }
        FieldType::Answers => {
            let answers: Result<Map<String, Value>, String> = text
                .split(',')
                .map(|answer| {
                    answer
                        .split_once('=')
                        .map(|(name, is)| (name.to_owned(), json!(is)))
                        .ok_or_else(|| format!("`{answer}` is no criterion=answer"))
                })
                .collect();
            Value::Object(answers?)
        }
        FieldType::YesNo => match text {
            "yes" | "true" => json!(true),
            "no" | "false" => json!(false),
            _ => return Err(format!("`{text}` is neither yes nor no")),
        },
        FieldType::Length => json!(text.replace('-', " ")),
        FieldType::Party
        | FieldType::Word
        | FieldType::Paragraph
        | FieldType::When
        | FieldType::Date
        | FieldType::Zone
        | FieldType::Text => json!(text),
    })
}
