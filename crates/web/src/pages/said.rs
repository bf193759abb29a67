//! A standing and its entries as lines of a page: every date and answer in the reader's language, every title in the law's own words.
//!
//! Deliberately absent: anything computed. What is missing here is missing in the standing.

use std::fmt::Write as _;

use fluent_bundle::FluentValue;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use openward_law::entry::{Entry, FactKind, Field};
use openward_law::standing::{Authority, DutyShown, EndShown, FindingShown, OrderShown, Span, Standing};

use crate::language::Language;

/// A standing, ready for a page.
pub(crate) struct Stood {
    pub(crate) law: String,
    pub(crate) answer: &'static str,
    pub(crate) held: String,
    pub(crate) since: String,
    pub(crate) authority: String,
    pub(crate) authority_text: String,
    pub(crate) without: Vec<String>,
    pub(crate) lacks: Vec<Titled>,
    pub(crate) timeline: Vec<Stretch>,
    pub(crate) duties: Vec<Duty>,
    pub(crate) rights: Vec<Titled>,
    pub(crate) findings: Vec<Titled>,
    pub(crate) shortfalls: Vec<Titled>,
    pub(crate) unread: Vec<String>,
    pub(crate) unsaid: Option<String>,
}

/// Something with a title of the law, its place in the law, and what is said of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Titled {
    pub(crate) title: String,
    pub(crate) section: String,
    pub(crate) text: String,
}

/// A stretch of the timeline.
pub(crate) struct Stretch {
    pub(crate) answer: &'static str,
    pub(crate) held: String,
    pub(crate) authority: String,
    pub(crate) from: String,
    pub(crate) until: String,
    pub(crate) to_come: bool,
    /// How wide it is drawn, of twelve.
    pub(crate) width: u8,
}

/// A duty.
#[derive(Clone)]
pub(crate) struct Duty {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) section: String,
    pub(crate) state: String,
    pub(crate) word: String,
    pub(crate) by: String,
    pub(crate) due: String,
    /// The end of the address of the form that does it, filled in; none where nothing is to be done.
    pub(crate) act: Option<String>,
}

/// One entry.
pub(crate) struct Line {
    pub(crate) n: u32,
    pub(crate) when: String,
    pub(crate) what: String,
    pub(crate) detail: String,
    pub(crate) by: String,
    pub(crate) note: String,
    pub(crate) marks: Vec<String>,
    pub(crate) is_struck: bool,
}

/// The words of one standing.
struct Said<'s> {
    t: &'s Language,
    standing: &'s Standing,
    zone: TimeZone,
}

/// A standing as lines.
pub(crate) fn stood(t: &Language, standing: &Standing) -> Stood {
    let zone = TimeZone::get(&standing.zone).unwrap_or(TimeZone::UTC);
    let said = Said { t, standing, zone };
    let minutes = &standing.held_without_authority;
    let without = [("without-none", minutes.none), ("without-contested", minutes.contested), ("without-not-shown", minutes.not_shown)];
    Stood {
        law: t.with_all(
            "person-law",
            [("law", FluentValue::from(standing.law.title.as_str())), ("day", FluentValue::from(said.day(&standing.law.as_at)))],
        ),
        answer: standing.authority.word(),
        held: t.say(&format!("held-{}", standing.held.answer)),
        since: standing.held.since.as_deref().map(|since| t.with("since", "at", said.instant(since))).unwrap_or_default(),
        authority: t.say(&format!("authority-{}", standing.authority.word())),
        authority_text: said.authority(),
        without: without.iter().filter(|(_, minutes)| *minutes > 0).map(|(key, minutes)| t.with(key, "minutes", *minutes)).collect(),
        lacks: said.lacks(),
        timeline: said.timeline(),
        duties: said.duties(),
        rights: standing
            .entitlements
            .iter()
            .filter(|right| right.state == "open")
            .map(|right| Titled {
                title: right.title.clone(),
                section: said.section(&right.section),
                text: right.closes.as_ref().map(|end| said.end(end)).unwrap_or_default(),
            })
            .collect(),
        findings: standing.findings.iter().map(|finding| said.finding(finding)).collect(),
        shortfalls: standing
            .shortfalls
            .iter()
            .map(|short| Titled { title: short.title.clone(), section: short.paragraph.clone(), text: short.says.clone() })
            .collect(),
        unread: said.unread(),
        unsaid: (!standing.unsaid.is_empty()).then(|| t.with("unsaid", "what", standing.unsaid.join(", "))),
    }
}

impl Said<'_> {
    fn instant(&self, text: &str) -> String {
        text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), |at| self.t.instant(at, &self.zone))
    }

    fn day(&self, text: &str) -> String {
        text.parse::<jiff::civil::Date>().map_or_else(|_| text.to_owned(), |day| self.t.day(day))
    }

    fn section(&self, at: &str) -> String {
        if at.is_empty() { String::new() } else { self.t.with("section", "section", at) }
    }

    /// Until when: the last day where the law counts in days, else the instant.
    fn until(&self, until: Option<&str>, last_day: Option<&str>) -> String {
        match (last_day, until) {
            (Some(day), _) => self.t.with("until-end-of", "day", self.day(day)),
            (None, Some(until)) => self.t.with("until-instant", "at", self.instant(until)),
            (None, None) => self.t.say("until-open"),
        }
    }

    fn end(&self, end: &EndShown) -> String {
        self.until(Some(&end.until), end.last_day.as_deref())
    }

    fn order(&self, name: &str) -> String {
        self.standing.orders.iter().find(|order| order.order == name).map_or_else(|| name.to_owned(), |order| order.title.clone())
    }

    fn authority(&self) -> String {
        let all = |key: &str, pairs: Vec<(&'static str, String)>| {
            self.t.with_all(key, pairs.into_iter().map(|(name, value)| (name, FluentValue::from(value))))
        };
        match &self.standing.authority {
            Authority::Shown { order, section, until, last_day } => all(
                "authority-shown-text",
                vec![
                    ("order", self.order(order)),
                    ("section", self.section(section)),
                    ("until", self.until(until.as_deref(), last_day.as_deref())),
                ],
            ),
            Authority::Contested { order, defect, section, until, .. } => all(
                "authority-contested-text",
                vec![
                    ("order", self.order(order)),
                    ("what", defect.clone()),
                    ("section", self.section(section)),
                    ("until", self.until(until.as_deref(), None)),
                ],
            ),
            Authority::NotShown { missing, section, .. } => {
                all("authority-not-shown-text", vec![("what", missing.clone()), ("section", self.section(section))])
            }
            Authority::None { since, because, .. } => {
                let key = format!("because-{because}");
                let why = if self.t.has(&key) { self.t.say(&key) } else { because.clone() };
                all("authority-none-text", vec![("since", self.instant(since)), ("why", why)])
            }
            Authority::NotNeeded => self.t.say("authority-not-needed-text"),
        }
    }

    fn lacks(&self) -> Vec<Titled> {
        let running = |order: &&OrderShown| matches!(order.state.as_str(), "running" | "paused" | "no-effect" | "failed");
        let stretches = self.standing.orders.iter().filter(running).flat_map(|order| &order.stretches);
        let mut found: Vec<Titled> = Vec::new();
        for flaw in stretches.flat_map(|stretch| &stretch.lacks).filter(|flaw| flaw.mended_at.is_none()) {
            let titled = Titled { title: flaw.need.clone(), section: self.section(&flaw.section), text: flaw.missing.clone() };
            if !found.iter().any(|known| known.title == titled.title && known.section == titled.section) {
                found.push(titled);
            }
        }
        found
    }

    fn timeline(&self) -> Vec<Stretch> {
        let spans = &self.standing.timeline;
        let at = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_second);
        let length = |span: &Span| span.until.as_deref().and_then(at).zip(at(&span.from)).map(|(until, from)| until - from);
        let longest = spans.iter().filter_map(length).max().unwrap_or(1).max(1);
        let stretch = |span: &Span| Stretch {
            answer: span.authority.word(),
            held: self.t.say(&format!("held-{}", span.held)),
            authority: self.t.say(&format!("authority-{}", span.authority.word())),
            from: self.instant(&span.from),
            until: span.until.as_deref().map(|until| self.instant(until)).unwrap_or_default(),
            to_come: span.to_come,
            width: length(span).map_or(12, |length| u8::try_from((length * 12 / longest).clamp(1, 12)).unwrap_or(12)),
        };
        spans.iter().map(stretch).collect()
    }

    fn duties(&self) -> Vec<Duty> {
        let rank = |duty: &DutyShown| match duty.state.as_str() {
            "late" => 0,
            "open" | "cannot-tell" => 1,
            "waiting" => 2,
            "met-late" => 3,
            _ => 4,
        };
        let mut duties: Vec<&DutyShown> = self.standing.duties.iter().collect();
        duties.sort_by_key(|duty| (rank(duty), duty.due.as_ref().map_or("", |due| due.until.as_str())));
        let duty = |duty: &DutyShown| Duty {
            id: duty.id.clone(),
            act: duty
                .to_do
                .first()
                .filter(|_| matches!(duty.state.as_str(), "open" | "late" | "cannot-tell"))
                .and_then(|part| act_of(part)),
            title: duty.title.clone(),
            section: self.section(&duty.section),
            state: duty.state.clone(),
            word: self.t.say(&format!("state-{}", duty.state)),
            by: duty.owed_by.join(", "),
            due: duty.due.as_ref().map_or_else(|| self.t.say("as-soon-as"), |due| self.end(due)),
        };
        duties.into_iter().map(duty).collect()
    }

    fn finding(&self, finding: &FindingShown) -> Titled {
        let breach = if finding.breach { format!(" · {}", self.t.say("breach")) } else { String::new() };
        Titled {
            title: finding.title.clone(),
            section: self.section(&finding.section),
            text: format!("{} · {}{breach}", finding.what, self.instant(&finding.at)),
        }
    }

    fn unread(&self) -> Vec<String> {
        let line = |unread: &openward_law::standing::Unread| {
            let said = [
                ("n", FluentValue::from(unread.n)),
                ("word", FluentValue::from(unread.word.as_str())),
                ("field", FluentValue::from(unread.field.as_str())),
            ];
            let near = unread.nearest.as_deref().map(|near| format!(" {}", self.t.with("unread-near", "word", near))).unwrap_or_default();
            format!("{}{near}", self.t.with_all("unread-line", said))
        };
        self.standing.unread.iter().map(line).collect()
    }
}

/// The address of the form that does a part of a duty, after the person's own: the first fact that does it, with what it must say.
pub(crate) fn act_of(part: &str) -> Option<String> {
    let said = part.rsplit_once(": ").map_or(part, |(_, said)| said);
    let mut words = said.split(' ');
    let fact = FactKind::from_word(words.next()?)?;
    let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
    // `or` leaves the first of several, `and` adds the next.
    let mut adds = false;
    for word in words {
        match (word, word.split_once(':')) {
            ("and", _) => adds = true,
            ("or", _) => adds = false,
            (_, Some((field, value))) if Field::from_name(field).is_some() => fields.push((field, vec![value])),
            (value, _) => {
                if let Some((_, values)) = fields.last_mut().filter(|_| adds) {
                    values.push(value);
                }
            }
        }
    }
    let pairs = fields.iter().flat_map(|(field, values)| values.iter().map(move |value| format!("{field}={}", encoded(value))));
    let query = pairs.collect::<Vec<_>>().join("&");
    Some(if query.is_empty() { fact.word().to_owned() } else { format!("{}?{query}", fact.word()) })
}

/// A word of a pack as an address writes it.
fn encoded(word: &str) -> String {
    let mut out = String::new();
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The entries of a file as lines.
pub(crate) fn entries(t: &Language, entries: &[Entry], zone: &TimeZone) -> Vec<Line> {
    let struck = |n: u32| entries.iter().find(|other| other.corrects.as_ref().is_some_and(|by| by.n == n)).map(|other| other.n);
    let line = |entry: &Entry| {
        let by = struck(entry.n);
        let corrects = entry.corrects.as_ref().map(|by| t.with("entry-corrects", "n", by.n));
        let details = &entry.details;
        Line {
            n: entry.n,
            when: when(t, entry, zone),
            what: t.say(&format!("fact-{}", entry.fact.word())),
            detail: [&details.instrument, &details.under, &details.kind, &details.outcome]
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
            by: [&details.by, &details.role].into_iter().flatten().cloned().collect::<Vec<_>>().join(", "),
            note: details.note.clone().unwrap_or_default(),
            marks: by.map(|n| t.with("entry-struck", "n", n)).into_iter().chain(corrects).collect(),
            is_struck: by.is_some(),
        }
    };
    entries.iter().map(line).collect()
}

/// When it happened: a day where the time of day is not known.
fn when(t: &Language, entry: &Entry, zone: &TimeZone) -> String {
    let written = entry.at.to_string();
    if written.len() == 10 {
        return t.day(entry.at.written_day());
    }
    let instant = written
        .parse::<Timestamp>()
        .ok()
        .or_else(|| written.parse::<jiff::civil::DateTime>().ok()?.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp()));
    instant.map_or(written, |at| t.instant(at, zone))
}
