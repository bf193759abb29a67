//! Durable acts: the register and the floor in turns, round by round, so that a busy machine slows both alike.
//!
//! Deliberately absent: anything but acts. What a grown register does is in `grown`.

use std::path::Path;
use std::time::{Duration, Instant};

use openward_register::store::sqlite::Sqlite;
use openward_register::writer::{Act, Register};

use super::floor::Floor;
use super::people::{ACTS_EACH, People};
use super::place::{Place, said};
use super::process::cpu_time;
use super::tape::Tape;
use crate::book::Book;

/// How much is done.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// Rounds, of which the median is taken.
    pub(super) rounds: usize,
    /// People of each round; each has [`ACTS_EACH`] acts.
    pub(super) people: usize,
}

/// One round of the register or of the floor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    /// Acts a second.
    pub(super) rate: f64,
    /// Processor time of each act, in microseconds.
    pub(super) cpu: f64,
}

/// All rounds with a number of writers.
pub(super) struct Found {
    /// How many.
    pub(super) writers: usize,
    /// The register's rounds.
    pub(super) product: Vec<Round>,
    /// The floor's, beside them.
    pub(super) floor: Vec<Round>,
}

/// Takes down what the acts of all rounds leave.
pub(super) fn tape(folder: &Path, book: &Book, people: &People<'_>, size: Size) -> Result<Tape, String> {
    let place = Place::new(&folder.join("tape"), book)?;
    let acts = (0..size.rounds * size.people).map(|number| people.person(number)).collect::<Result<Vec<_>, _>>()?;
    Tape::take(&place, people.wards()?, acts)
}

/// Acts with so many writers at once.
pub(super) fn append(folder: &Path, book: &Book, people: &People<'_>, tape: &Tape, size: Size, writers: usize) -> Result<Found, String> {
    let place = Place::new(&folder.join(format!("product-{writers}")), book)?;
    let register = place.register()?;
    people.wards()?.into_iter().try_for_each(|act| register.append(act).map(|_| ())).map_err(said)?;
    let mut floor = Floor::new(&folder.join(format!("floor-{writers}")), tape)?;
    let mut found = Found { writers, product: Vec::new(), floor: Vec::new() };
    for round in 0..size.rounds {
        let of_round = round * size.people..(round + 1) * size.people;
        let acts = of_round.clone().map(|number| people.person(number)).collect::<Result<Vec<_>, _>>()?;
        found.product.push(timed(size.people * ACTS_EACH, || side_by_side(&register, writers, acts))?);
        let written = tape.acts.get(of_round).unwrap_or_default();
        // With so many writers each batch holds one act of each, and of one person acts come one after another.
        let mut batches = Vec::new();
        for group in written.chunks(writers) {
            for act in 0..ACTS_EACH {
                batches.push(group.iter().filter_map(|acts| acts.get(act)).collect::<Vec<_>>());
            }
        }
        found.floor.push(timed(size.people * ACTS_EACH, || batches.iter().try_for_each(|batch| floor.batch(batch)))?);
    }
    Ok(found)
}

fn timed(acts: usize, work: impl FnOnce() -> Result<(), String>) -> Result<Round, String> {
    let (cpu, started) = (cpu_time(), Instant::now());
    work()?;
    let (wall, cpu) = (started.elapsed(), cpu_time().saturating_sub(cpu));
    #[expect(clippy::cast_precision_loss, reason = "the number of acts is small")]
    let acts = acts as f64;
    Ok(Round { rate: acts / wall.as_secs_f64(), cpu: cpu.as_secs_f64() * 1e6 / acts })
}

/// Each writer carries out the acts of its own people, one after another, and waits for each.
pub(super) fn side_by_side(register: &Register<Sqlite>, writers: usize, people: Vec<Vec<Act>>) -> Result<(), String> {
    let mut shares: Vec<Vec<Act>> = (0..writers).map(|_| Vec::new()).collect();
    for (number, acts) in people.into_iter().enumerate() {
        if let Some(share) = shares.get_mut(number % writers) {
            share.extend(acts);
        }
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || share.into_iter().try_for_each(|act| register.append(act).map(|_| ()).map_err(said))))
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a writer failed".to_owned())))
    })
}

/// How long each of so many acts takes where nobody else writes and there is a pause after each: the register's, then the floor's.
pub(super) fn idle(
    folder: &Path,
    book: &Book,
    people: &People<'_>,
    tape: &Tape,
    acts: usize,
    pause: Duration,
) -> Result<[Vec<Duration>; 2], String> {
    let place = Place::new(&folder.join("idle"), book)?;
    let register = place.register()?;
    people.wards()?.into_iter().try_for_each(|act| register.append(act).map(|_| ())).map_err(said)?;
    let mut floor = Floor::new(&folder.join("idle-floor"), tape)?;
    let (mut product, mut bare) = (Vec::new(), Vec::new());
    let people = (0..acts.div_ceil(ACTS_EACH)).map(|number| people.person(number)).collect::<Result<Vec<_>, _>>()?;
    for (act, written) in people.into_iter().flatten().zip(tape.acts.iter().flatten()).take(acts) {
        let started = Instant::now();
        register.append(act).map_err(said)?;
        product.push(started.elapsed());
        std::thread::sleep(pause);
        let started = Instant::now();
        floor.batch(&[written])?;
        bare.push(started.elapsed());
        floor.seal()?;
        std::thread::sleep(pause);
    }
    Ok([product, bare])
}
