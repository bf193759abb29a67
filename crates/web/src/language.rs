//! Languages: which there are, which one a reader gets, every text and every date in it.
//!
//! A text is looked up by its key; a key that a language lacks is a fault of the build, which a test finds. Deliberately absent: any text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{YMDE, YMDT};
use icu_datetime::input::{Date, DateTime, Time};
use icu_locale_core::Locale;
use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

type Days = FixedCalendarDateTimeFormatter<icu_calendar::Gregorian, YMDE>;
type Instants = FixedCalendarDateTimeFormatter<icu_calendar::Gregorian, YMDT>;

static WORDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../words");

/// The language of the sources, which has every key.
pub const SOURCE: &str = "en";

/// Why the texts cannot be used.
#[derive(Debug)]
pub struct BadWords(pub String);

/// What a language says of itself.
#[derive(Debug, Clone, Deserialize)]
struct Status {
    name: String,
    direction: String,
    status: String,
    /// The locale of its dates, where it differs from the tag.
    dates: String,
}

/// One language.
pub struct Language {
    /// Its tag, such as `en`.
    pub tag: String,
    /// What it calls itself.
    pub name: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// Whether nobody has reviewed its texts yet.
    pub is_draft: bool,
    bundle: FluentBundle<FluentResource>,
    days: Days,
    instants: Instants,
}

/// The languages at hand.
pub struct Languages(BTreeMap<String, Language>);

impl Languages {
    /// Those compiled in.
    ///
    /// # Errors
    /// Texts that are not in their form, or a language of which nothing is known.
    pub fn built_in() -> Result<Languages, BadWords> {
        let mut all = BTreeMap::new();
        for folder in WORDS.dirs() {
            let tag = folder.path().to_string_lossy().into_owned();
            let status = folder.get_file(folder.path().join("status.toml")).and_then(include_dir::File::contents_utf8);
            let status = status.ok_or_else(|| BadWords(format!("{tag}: no status.toml")))?;
            let status: Status = toml::from_str(status).map_err(|error| BadWords(format!("{tag}/status.toml: {error}")))?;
            let texts = folder.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "ftl"));
            let texts = texts.filter_map(|file| Some((file.path().to_string_lossy().into_owned(), file.contents_utf8()?.to_owned())));
            all.insert(tag.clone(), Language::new(&tag, status, texts)?);
        }
        if all.contains_key(SOURCE) { Ok(Languages(all)) } else { Err(BadWords("there is no English".to_owned())) }
    }

    /// Every language, by tag.
    pub fn all(&self) -> impl Iterator<Item = &Language> {
        self.0.values()
    }

    /// A language by its tag.
    #[must_use]
    pub fn get(&self, tag: &str) -> Option<&Language> {
        self.0.get(tag)
    }

    /// The first language wished for that there is, else the source's. A wish is a tag or a header of a browser.
    #[must_use]
    pub fn choose<'w>(&self, wishes: impl IntoIterator<Item = &'w str>) -> Option<&Language> {
        wishes.into_iter().find_map(|wish| self.best(wish)).or_else(|| self.get(SOURCE))
    }

    /// The best for a header such as `uk-UA,uk;q=0.9,en;q=0.8`.
    fn best(&self, header: &str) -> Option<&Language> {
        let weighed = header.split(',').take(32).filter_map(|part| {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next()?.trim().to_ascii_lowercase();
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())?;
            let main = tag.split('-').next()?.to_owned();
            (weight > 0.0).then_some((weight, self.get(&tag).or_else(|| self.get(&main))?))
        });
        weighed
            .fold(None, |best: Option<(f32, &Language)>, one| match best {
                Some(before) if before.0 >= one.0 => Some(before),
                _ => Some(one),
            })
            .map(|(_, language)| language)
    }
}

impl Language {
    fn new(tag: &str, status: Status, texts: impl Iterator<Item = (String, String)>) -> Result<Language, BadWords> {
        let wrong = |what: String| BadWords(format!("{tag}: {what}"));
        let id = tag.parse().map_err(|error| wrong(format!("{error}")))?;
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        for (name, text) in texts {
            let resource = FluentResource::try_new(text)
                .map_err(|(_, errors)| wrong(format!("{name}: {}", errors.first().map(ToString::to_string).unwrap_or_default())))?;
            bundle
                .add_resource(resource)
                .map_err(|errors| wrong(format!("{name}: {}", errors.first().map(ToString::to_string).unwrap_or_default())))?;
        }
        let locale: Locale = status.dates.parse().map_err(|error| wrong(format!("{error}")))?;
        let days = Days::try_new((&locale).into(), YMDE::long()).map_err(|error| wrong(error.to_string()))?;
        let instants = Instants::try_new((&locale).into(), icu_datetime::fieldsets::YMD::long().with_time_hm())
            .map_err(|error| wrong(error.to_string()))?;
        let Status { name, direction, status, .. } = status;
        Ok(Language { tag: tag.to_owned(), name, direction, is_draft: status == "draft", bundle, days, instants })
    }

    /// A text without arguments.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.text(key, None)
    }

    /// A text with one argument.
    #[must_use]
    pub fn with<'a>(&self, key: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        self.with_all(key, [(name, value.into())])
    }

    /// A text with arguments.
    #[must_use]
    pub fn with_all<'a>(&self, key: &str, all: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in all {
            args.set(Cow::Borrowed(name), value);
        }
        self.text(key, Some(&args))
    }

    /// Whether there is a text under a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    fn text(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let mut errors = Vec::new();
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        // The test of the texts finds both kinds of fault; a page must come all the same.
        pattern.map_or_else(|| key.to_owned(), |pattern| self.bundle.format_pattern(pattern, args, &mut errors).into_owned())
    }

    /// A day in words.
    #[must_use]
    pub fn day(&self, day: jiff::civil::Date) -> String {
        let (month, of_month) = (u8::try_from(day.month()).unwrap_or(1), u8::try_from(day.day()).unwrap_or(1));
        match Date::try_new_gregorian(i32::from(day.year()), month, of_month) {
            Ok(date) => self.days.format(&date).to_string(),
            Err(_) => day.to_string(),
        }
    }

    /// An instant in words, to the minute, as the clocks of a zone show it.
    #[must_use]
    pub fn instant(&self, at: Timestamp, zone: &TimeZone) -> String {
        let local = at.to_zoned(zone.clone());
        let (month, day) = (u8::try_from(local.month()).unwrap_or(1), u8::try_from(local.day()).unwrap_or(1));
        let (hour, minute) = (u8::try_from(local.hour()).unwrap_or(0), u8::try_from(local.minute()).unwrap_or(0));
        let date = Date::try_new_gregorian(i32::from(local.year()), month, day);
        match (date, Time::try_new(hour, minute, 0, 0)) {
            (Ok(date), Ok(time)) => self.instants.format(&DateTime { date, time }).to_string(),
            _ => local.to_string(),
        }
    }
}
