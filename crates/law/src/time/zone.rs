//! Zones: where local days begin and end.
//!
//! The data are the IANA zones compiled into the program. Deliberately absent: the system's zone files and the
//! system's own zone, so that the same file gives the same dates on every machine.

use core::fmt;
use core::str::FromStr;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{TimeError, cut};

/// A time zone of the compiled-in data, named as IANA names it. Cheap to clone; make it once and keep it.
///
/// # Counts
/// Local days. A local day runs from the first instant of its date to the first instant of the next: 23, 24 or 25
/// hours as a rule, and it may begin at 01:00.
#[derive(Clone)]
pub struct Zone {
    tz: TimeZone,
    /// Made when it is first asked for, and shared by clones.
    offsets: Arc<OnceLock<Offsets>>,
}

/// The offsets of a zone over the years of nearly every file, each with the second from which it holds. The library works out the rule of
/// the year anew for each question; half of a fold's time went there.
struct Offsets {
    list: Vec<(i64, Offset)>,
    /// For each span of [`SPAN_BITS`], which of the list holds at its beginning.
    spans: Vec<u16>,
}

/// Spans of 194 days: few clocks change more than twice in one.
const SPAN_BITS: u32 = 24;

/// The seconds that the list covers: the years 1900 to 2199.
const COVERED: core::ops::Range<i64> = -2_208_988_800..7_258_118_400;

/// No offset is further from universal time than 26 hours, and none changes twice within so short a time of one instant.
const NEAR: i64 = 26 * 3600;

impl Offsets {
    fn of(tz: &TimeZone) -> Offsets {
        let (Ok(first), Ok(last)) = (Timestamp::from_second(COVERED.start), Timestamp::from_second(COVERED.end)) else {
            return Offsets { list: Vec::new(), spans: Vec::new() };
        };
        let changes = tz.following(first).map(|change| (change.timestamp(), change.offset())).take_while(|(at, _)| *at <= last);
        // A change lies on a whole second.
        let list: Vec<(i64, Offset)> =
            std::iter::once((first, tz.to_offset(first))).chain(changes).map(|(at, offset)| (at.as_second(), offset)).collect();
        let begins = (0..).map(|span: i64| COVERED.start + (span << SPAN_BITS)).take_while(|begin| *begin < COVERED.end);
        let holding = |begin: i64| list.partition_point(|(from, _)| *from <= begin).saturating_sub(1);
        let spans = begins.map(|begin| u16::try_from(holding(begin)).unwrap_or(0)).collect();
        Offsets { list, spans }
    }

    /// Which of the list holds at a second.
    fn holding(&self, second: i64) -> Option<usize> {
        let span = usize::try_from((second - COVERED.start) >> SPAN_BITS).ok()?;
        let mut holding = usize::from(*self.spans.get(span)?);
        while self.list.get(holding + 1).is_some_and(|(from, _)| *from <= second) {
            holding += 1;
        }
        Some(holding)
    }

    /// The offset at a second.
    fn at(&self, second: i64) -> Option<Offset> {
        self.list.get(self.holding(second)?).map(|(_, offset)| *offset)
    }

    /// The offset at a second, if it is the same for a day before and after.
    fn steady(&self, second: i64) -> Option<Offset> {
        let holding = self.holding(second)?;
        let (from, offset) = self.list.get(holding)?;
        let until = self.list.get(holding + 1).map_or(COVERED.end, |(from, _)| *from);
        (second - from > NEAR && until - second > NEAR).then_some(*offset)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.tz == other.tz
    }
}

impl Eq for Zone {}

impl Zone {
    /// The zone of this IANA name, such as `Europe/London`. Capitals do not matter.
    ///
    /// # Errors
    /// [`TimeError::ZoneUnknown`] if the data hold no such zone; the nearest of [`Zone::names`] is the caller's to offer.
    pub fn named(name: &str) -> Result<Self, TimeError> {
        let unknown = || TimeError::ZoneUnknown { name: cut(name) };
        let tz = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        // `Etc/Unknown` is a zone to the library; to us a place whose days nobody knows is no place.
        if tz.is_unknown() || tz.iana_name().is_none() {
            return Err(unknown());
        }
        Ok(Self::of(tz))
    }

    /// Universal time, whose days all have 24 hours.
    pub fn utc() -> Self {
        Self::of(TimeZone::UTC)
    }

    fn of(tz: TimeZone) -> Self {
        Self { tz, offsets: Arc::default() }
    }

    fn offsets(&self) -> &Offsets {
        self.offsets.get_or_init(|| Offsets::of(&self.tz))
    }

    /// Every name the data hold, in alphabetical order.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> =
            TimeZoneDatabase::bundled().available().map(|name| name.to_string()).filter(|name| name != "Etc/Unknown").collect();
        names.sort();
        names
    }

    /// The zone's IANA name, as IANA spells it.
    pub fn name(&self) -> &str {
        self.tz.iana_name().unwrap_or("UTC")
    }

    /// What the clocks on the wall show at this instant.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.offset(at).to_datetime(at)
    }

    /// The local date at this instant.
    pub fn day_of(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The offset from universal time at this instant.
    pub fn offset(&self, at: Timestamp) -> Offset {
        // Seconds before 1970 with a part of a second round up; the whole second below is the one that counts.
        let second = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
        let listed = COVERED.contains(&second).then(|| self.offsets().at(second)).flatten();
        listed.unwrap_or_else(|| self.tz.to_offset(at))
    }

    /// The first instant whose local date is this day or later: 00:00 as a rule, 01:00 where the clocks go forward at
    /// midnight.
    ///
    /// It is also the end (24:00) of the day before. Where the clocks go back over midnight, so that 00:00 comes twice,
    /// it is the first of the two: the one that ends a period sooner.
    ///
    /// # Errors
    /// [`TimeError::TooFar`] at the edge of the years that can be counted.
    pub fn day_start(&self, day: Date) -> Result<Timestamp, TimeError> {
        let midnight = day.to_datetime(Time::MIN);
        match self.offset_at(midnight) {
            AmbiguousOffset::Unambiguous { offset } => instant(midnight, offset),
            AmbiguousOffset::Fold { before, .. } => instant(midnight, before),
            AmbiguousOffset::Gap { before, .. } => self.change_at_or_before(instant(midnight, before)?),
        }
    }

    /// The end of this day, 24:00: the first instant of the next day.
    ///
    /// # Errors
    /// [`TimeError::TooFar`] at the edge of the years that can be counted.
    pub fn day_end(&self, day: Date) -> Result<Timestamp, TimeError> {
        self.day_start(day.tomorrow().map_err(|_| TimeError::TooFar)?)
    }

    /// The last nanosecond whose local date is this day, even where the clocks went back over midnight and the day
    /// came round again.
    pub(super) fn day_last(&self, day: Date) -> Result<Timestamp, TimeError> {
        let next = day.tomorrow().map_err(|_| TimeError::TooFar)?;
        let midnight = next.to_datetime(Time::MIN);
        if let AmbiguousOffset::Fold { after, .. } = self.offset_at(midnight) {
            let last = instant_before(instant(midnight, after)?)?;
            if self.day_of(last) == day {
                return Ok(last);
            }
        }
        instant_before(self.day_start(next)?)
    }

    /// Which offset or offsets this local time had.
    pub(super) fn offset_at(&self, local: DateTime) -> AmbiguousOffset {
        let as_if_universal = Offset::UTC.to_timestamp(local).map(Timestamp::as_second);
        let steady = as_if_universal.ok().filter(|second| COVERED.contains(second)).and_then(|second| self.offsets().steady(second));
        match steady {
            Some(offset) => AmbiguousOffset::Unambiguous { offset },
            None => self.tz.to_ambiguous_timestamp(local).offset(),
        }
    }

    /// The changes of offset after one instant, up to and including another.
    pub(super) fn changes(&self, after: Timestamp, until: Timestamp) -> impl Iterator<Item = (Timestamp, Offset, Offset)> {
        let mut before = self.offset(after);
        self.tz.following(after).map(|change| (change.timestamp(), change.offset())).take_while(move |(at, _)| *at <= until).filter_map(
            move |(at, offset)| {
                let old = core::mem::replace(&mut before, offset);
                (old != offset).then_some((at, old, offset))
            },
        )
    }

    /// The latest change of offset at or before an instant; the instant itself if there is none.
    fn change_at_or_before(&self, at: Timestamp) -> Result<Timestamp, TimeError> {
        let just_after = at.checked_add(jiff::SignedDuration::from_nanos(1)).map_err(|_| TimeError::TooFar)?;
        Ok(self.tz.preceding(just_after).next().map_or(at, |change| change.timestamp()))
    }
}

/// The instant of a local time at a known offset.
pub(super) fn instant(local: DateTime, offset: Offset) -> Result<Timestamp, TimeError> {
    offset.to_timestamp(local).map_err(|_| TimeError::TooFar)
}

fn instant_before(at: Timestamp) -> Result<Timestamp, TimeError> {
    at.checked_sub(jiff::SignedDuration::from_nanos(1)).map_err(|_| TimeError::TooFar)
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::named(text)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::named(&name).map_err(de::Error::custom)
    }
}
