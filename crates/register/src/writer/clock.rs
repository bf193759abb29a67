//! When an entry is recorded: the clock of the machine, held against a clock that cannot be set.
//!
//! Instants never run backwards in the register. A clock that jumped is refused until somebody says that it is right, and that is kept.
//! Deliberately absent: asking the network what time it is.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use openward_seal::canon::{self, Value};

use super::act::{Order, Refused};
use super::core::random_id;
use crate::entry::{Draft, Part, Unreadable};
use crate::history::{self, HistoryError};
use crate::keys::{Domain, Keys, Pseudonym};
use crate::store::{Micros, Store};

/// The most that the two clocks may differ.
pub const JUMP_MAX: Micros = 2_000_000;

/// A clock that is kept right may run wrong by one part in so many, which is as far as systems push one that they set right by and by. So much is
/// followed and forgotten; what is more adds up, so that a clock that stands, or runs too fast, is found however often somebody writes.
const PUSHED: Micros = 2_000;

/// The clocks are brought together at most once in so long, so that the parts of a microsecond that are left over are few.
const FOLLOWED_EVERY: Micros = 1_000_000;

/// Two clocks: the one that people read and somebody can set, and one that only runs on.
pub trait Clock: Send {
    /// The time of day, in microseconds since 1970.
    fn wall(&self) -> Micros;
    /// How long since some instant of its own.
    fn steady(&self) -> Duration;
}

/// The clocks of this machine.
pub struct Machine(Instant);

impl Machine {
    /// Begins to count.
    #[must_use]
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for Machine {
    fn wall(&self) -> Micros {
        Timestamp::now().as_microsecond()
    }

    fn steady(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The rule over the two clocks.
pub struct Time {
    clock: Box<dyn Clock>,
    anchor: (Micros, Duration),
    last: Micros,
    /// How far back the clock stands from the last record at the start; judged once, like any jump.
    behind: Option<Micros>,
}

/// What a clock is held against.
#[derive(Clone, Copy, Debug)]
pub struct Judged {
    anchor: (Micros, Duration),
    behind: Option<Micros>,
}

/// The clock is not where it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jumped {
    /// What it says.
    pub wall: Micros,
    /// How far that is from what it should say.
    pub by: Micros,
}

impl std::fmt::Display for Jumped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.by / 1_000_000;
        write!(
            f,
            "OW-REG-053 the clock of this machine jumped by {seconds} s, or stands so far from the last record; nothing is kept until it is \
             right again, or somebody says that it is right: `openward accept-clock`"
        )
    }
}

impl Time {
    /// Begins, with the instant at which the register last recorded something, and the newest jump that somebody accepted: where the clock
    /// stood then, and how far that was from where it should have stood.
    #[must_use]
    pub fn new(clock: Box<dyn Clock>, last: Option<Micros>, accepted: Option<(Micros, Micros)>) -> Self {
        let (wall, steady) = (clock.wall(), clock.steady());
        let last = last.unwrap_or(Micros::MIN);
        // Whoever accepted a clock behind this very record, accepted it for as long as it has not gone back again.
        let is_accepted = accepted.is_some_and(|(at, jump)| at.saturating_sub(jump) >= last && wall >= at.saturating_sub(JUMP_MAX));
        let behind = Some(wall.saturating_sub(last)).filter(|by| *by < -JUMP_MAX && !is_accepted);
        Self { clock, anchor: (wall, steady), last, behind }
    }

    /// The instant for what is recorded now: never before the last.
    ///
    /// # Errors
    /// A clock that jumped since the last act, or that stands before the register's last record.
    pub fn now(&mut self) -> Result<Micros, Jumped> {
        let (wall, steady) = (self.clock.wall(), self.clock.steady());
        let by = self.off(wall, steady);
        if let Some(by) = self.behind.map(|_| wall.saturating_sub(self.last)).filter(|by| *by < -JUMP_MAX) {
            return Err(Jumped { wall, by });
        }
        self.behind = None;
        if by.abs() > JUMP_MAX {
            return Err(Jumped { wall, by });
        }
        self.follow(by, steady);
        self.last = self.last.max(wall);
        Ok(self.last)
    }

    fn passed(&self, steady: Duration) -> Micros {
        Micros::try_from(steady.saturating_sub(self.anchor.1).as_micros()).unwrap_or(Micros::MAX)
    }

    fn off(&self, wall: Micros, steady: Duration) -> Micros {
        wall.saturating_sub(self.anchor.0.saturating_add(self.passed(steady)))
    }

    /// Follows the clock, no faster than a clock that is kept right is pushed.
    fn follow(&mut self, by: Micros, steady: Duration) {
        let passed = self.passed(steady);
        if passed >= FOLLOWED_EVERY {
            let most = passed / PUSHED;
            self.anchor = (self.anchor.0.saturating_add(passed).saturating_add(by.clamp(-most, most)), steady);
        }
    }

    /// Somebody says that the clock is right as it is. Gives how far it had jumped. Instants still never run backwards: until the clock
    /// has passed the last record, acts are recorded at that instant.
    pub fn accept(&mut self) -> (Micros, Micros) {
        let (wall, steady) = (self.clock.wall(), self.clock.steady());
        let jump = self.behind.take().map_or_else(|| self.off(wall, steady), |_| wall.saturating_sub(self.last));
        self.anchor = (wall, steady);
        (wall, jump)
    }

    /// What the clock is held against, to go back to with [`Self::judge_again`].
    #[must_use]
    pub const fn judged(&self) -> Judged {
        Judged { anchor: self.anchor, behind: self.behind }
    }

    /// Takes an acceptance back that could not be kept.
    pub const fn judge_again(&mut self, judged: Judged) {
        (self.anchor, self.behind) = (judged.anchor, judged.behind);
    }

    /// The machine's own time, for what is no record: leases, checkpoints.
    #[must_use]
    pub fn wall(&self) -> Micros {
        self.clock.wall()
    }

    /// A clock that only runs on.
    #[must_use]
    pub fn steady(&self) -> Duration {
        self.clock.steady()
    }
}

/// The stream of accepted jumps, among pseudonyms.
pub(crate) const STREAM: &str = "clock";

fn name(keys: &Keys) -> Pseudonym {
    keys.pseudonym_of(STREAM, STREAM)
}

/// An accepted jump as an entry.
pub(super) fn order(keys: &Keys, at: Micros, jump: Micros) -> Result<Order, Refused> {
    let text = |text: &str| Value::Text(text.to_owned());
    let header = BTreeMap::from([("file".to_owned(), text(STREAM)), ("stream".to_owned(), text(STREAM))]);
    // As texts, for a wild clock may be beyond the numbers of canonical JSON.
    let fields = [("at", at), ("jump", jump)].map(|(name, micros)| (name.to_owned(), text(&micros.to_string())));
    let part = Part::new(canon::write(&Value::Object(fields.into_iter().collect())).into_bytes());
    let part = part.map_err(|_| Refused::Form("no random bytes"))?;
    Ok(Order {
        id: random_id()?,
        name: name(keys),
        kind: history::CLOCK,
        domain: Domain::Network,
        after: None,
        drafts: vec![Draft::raw(header, vec![part])],
        closed: Vec::new(),
        entries: Vec::new(),
        outbox: Vec::new(),
    })
}

/// Every jump that was accepted: when, and how far.
pub(super) fn jumps<S: Store>(store: &S, keys: &Keys) -> Result<Vec<(Micros, Micros)>, HistoryError> {
    let Some(file) = store.file(name(keys).as_bytes())? else { return Ok(Vec::new()) };
    let key = history::key_of(keys, &file)?;
    let mut jumps = Vec::new();
    for row in history::rows(store, &file, 0, file.length)? {
        let wrong = || HistoryError::Unreadable { n: row.n, error: Unreadable::Form("jump of the clock") };
        let part = history::open_part(&key, &file, row.n, row.parts.get(1).ok_or_else(wrong)?)?;
        let Ok(Value::Object(mut fields)) = canon::read(&part.bytes) else { return Err(wrong()) };
        let mut field = |name: &str| match fields.remove(name) {
            Some(Value::Text(text)) => text.parse().map_err(|_| wrong()),
            _ => Err(wrong()),
        };
        jumps.push((field("at")?, field("jump")?));
    }
    Ok(jumps)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Clone, Default)]
    struct Given(Arc<[AtomicI64; 2]>);

    impl Given {
        fn pass(&self, wall: i64, steady: i64) {
            self.0[0].fetch_add(wall, Ordering::SeqCst);
            self.0[1].fetch_add(steady, Ordering::SeqCst);
        }
    }

    impl Clock for Given {
        fn wall(&self) -> Micros {
            self.0[0].load(Ordering::SeqCst)
        }
        fn steady(&self) -> Duration {
            Duration::from_micros(u64::try_from(self.0[1].load(Ordering::SeqCst)).expect("it runs on"))
        }
    }

    const HOUR: i64 = 3_600_000_000;
    const YEAR: i64 = 365 * 24 * HOUR;

    #[test]
    fn a_jump_is_refused_until_it_is_accepted_and_order_is_never_reversed() {
        for jump in [HOUR, -HOUR, YEAR, -YEAR, JUMP_MAX + 1, -JUMP_MAX - 1] {
            let given = Given::default();
            given.pass(10 * YEAR, 0);
            let mut time = Time::new(Box::new(given.clone()), None, None);
            let before = time.now().expect("nothing happened");
            given.pass(jump, 0);
            assert_eq!(time.now().expect_err("it jumped").by, jump);
            assert_eq!(time.now().expect_err("it is still there").by, jump);
            assert_eq!(time.accept().1, jump);
            let after = time.now().expect("it was accepted");
            assert_eq!(after, before.max(before + jump));
        }
    }

    /// How many seconds go by until a clock is refused that runs so many microseconds in each, with so many acts a second. None: not within a day.
    fn refused_after(micros: i64, acts: i64) -> Option<i64> {
        let given = Given::default();
        given.pass(10 * YEAR, 0);
        let mut time = Time::new(Box::new(given.clone()), None, None);
        (1..=24 * 3600).find(|_| {
            (0..acts).any(|_| {
                given.pass(micros / acts, 1_000_000 / acts);
                time.now().is_err()
            })
        })
    }

    #[test]
    fn a_clock_that_stands_or_runs_at_a_wrong_speed_is_refused_however_often_somebody_writes() {
        for acts in [1, 5] {
            assert_eq!(refused_after(0, acts), Some(3), "it stands");
            assert_eq!(refused_after(2_900_000, acts), Some(2), "2.9 times too fast");
            assert_eq!(refused_after(900_000, acts), Some(21), "a tenth too slow");
            assert!(refused_after(1_001_000, acts).is_some_and(|after| (4000..4100).contains(&after)), "twice as fast as any is pushed");
        }
    }

    #[test]
    fn a_clock_that_is_pushed_or_set_by_a_second_now_and_then_is_followed() {
        for pushed in [1_000_500, 999_500, 1_000_001] {
            assert_eq!(refused_after(pushed, 1), None);
        }
        let given = Given::default();
        let mut time = Time::new(Box::new(given.clone()), None, None);
        for _ in 0..100 {
            given.pass(4000 * 1_000_000 - 1_900_000, 4000 * 1_000_000);
            let first = time.now().expect("it was set once, and has had its time since");
            assert!(time.now().expect("again") >= first);
        }
        given.pass(0, JUMP_MAX);
        time.now().expect("just within");
        given.pass(0, 100_001);
        assert_eq!(time.now().expect_err("the two add up, but for a millisecond that was followed").by, -JUMP_MAX - 100_001 + 1_000);
    }

    #[test]
    fn a_clock_behind_the_last_record_at_the_start_is_refused_until_it_has_caught_up() {
        let given = Given::default();
        given.pass(HOUR, 0);
        let mut time = Time::new(Box::new(given.clone()), Some(2 * HOUR), None);
        assert_eq!(time.now().expect_err("it is behind").by, -HOUR);
        given.pass(HOUR, HOUR);
        assert_eq!(time.now(), Ok(2 * HOUR));
    }

    #[test]
    fn a_clock_that_was_accepted_behind_a_record_stays_so_until_it_goes_back_again() {
        let given = Given::default();
        given.pass(HOUR, 0);
        let start = |accepted| Time::new(Box::new(given.clone()), Some(2 * HOUR), accepted);
        let mut time = start(None);
        let accepted = time.accept();
        assert_eq!(accepted, (HOUR, -HOUR));
        given.pass(60_000_000, 0);
        assert_eq!(start(Some(accepted)).now(), Ok(2 * HOUR), "instants stand still until the clock has passed the record");
        given.pass(-120_000_000, 0);
        assert!(start(Some(accepted)).now().is_err(), "it went back again");
        given.pass(120_000_000, 0);
        assert!(start(Some((HOUR, HOUR))).now().is_err(), "another jump was accepted, not this one");
    }
}
