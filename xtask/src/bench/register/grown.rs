//! A register that has grown: starting it after its process was killed, its memory, its bytes, its proofs, the check of the whole, and an act
//! in a file on which many rely.
//!
//! Starts and memory are those of a process of its own (`child`). Deliberately absent: acts on an empty register (`append`).

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use openward_register::sealer::{Tiles, inclusion, newest};
use openward_register::store::Log as _;
use openward_register::verify;
use openward_seal::merkle::verify::{consistency as check_consistency, inclusion as check_inclusion};
use openward_seal::tiles::Log;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};

use super::append::side_by_side;
use super::people::{ENTRIES, People, act, id_of, read};
use super::place::{Place, said};
use super::process::memory;
use crate::book::Book;

/// Writers that make it grow.
const WRITERS: usize = 16;
/// People of one step of growing.
const STEP: usize = 512;
/// Proofs of each kind.
const PROOFS: u64 = 1_000;
/// Starts after a kill.
const STARTS: usize = 5;

/// What a child says once it can answer, and once it has worked for a while.
const READY: &str = "ready";
const WORKED: &str = "worked";

/// What was found of a grown register.
pub(super) struct Grown {
    /// Entries in the log.
    pub(super) entries: u64,
    /// Bytes of its files for each.
    pub(super) bytes_each: f64,
    /// From the start of a process, after the one before was killed, until it has answered a first question.
    pub(super) ready: Vec<Duration>,
    /// The same for a process that opens nothing.
    pub(super) bare: Vec<Duration>,
    /// The most memory that a process held while it started, wrote and read; none where the system does not say.
    pub(super) memory: Option<u64>,
    /// Making proofs of inclusion and of consistency; checking them.
    pub(super) proofs: [Vec<Duration>; 4],
    /// Entries a second of the whole check, without and with keys, and of bare reading and hashing of the same rows.
    pub(super) verified: [f64; 3],
    /// How long an act took in a file on which so many rely, beside the median of one on which none do.
    pub(super) marked: (u64, Duration, Duration),
}

/// Lets a register grow to so many entries, and measures.
pub(super) fn grown(folder: &Path, book: &Book, people: &People<'_>, entries: usize) -> Result<Grown, String> {
    let place = Place::new(&folder.join("grown"), book)?;
    let count = entries.div_ceil(ENTRIES);
    grow(&place, people, count)?;
    let (mut ready, mut bare, mut most) = (Vec::new(), Vec::new(), None);
    for start in 0..STARTS {
        let started = Instant::now();
        let mut child = spawn(None)?;
        answer(&mut child, READY)?;
        bare.push(started.elapsed());
        child.wait().map_err(said)?;
        let started = Instant::now();
        let mut child = spawn(Some((place.folder(), start, count)))?;
        answer(&mut child, READY)?;
        ready.push(started.elapsed());
        // It says so again once it has read and written for a while, and goes on; then it is killed.
        answer(&mut child, WORKED)?;
        let held = memory(child.id()).map(|(_, most)| most);
        most = most.max(held);
        child.kill().and_then(|()| child.wait()).map_err(said)?;
    }
    let marked = mark_many(&place, people, count)?;
    let reader = place.reader()?;
    let log = reader.log_rows().map_err(said)?.first().copied().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "figures are shown with three digits")]
    let bytes_each = place.bytes()? as f64 / log as f64;
    Ok(Grown { entries: log, bytes_each, ready, bare, memory: most, proofs: proofs(&place)?, verified: verified(&place)?, marked })
}

fn grow(place: &Place, people: &People<'_>, count: usize) -> Result<(), String> {
    let register = place.register()?;
    people.wards()?.into_iter().try_for_each(|act| register.append(act).map(|_| ())).map_err(said)?;
    let numbers: Vec<usize> = (0..count).collect();
    for step in numbers.chunks(STEP) {
        let acts = step.iter().map(|number| people.person(*number)).collect::<Result<Vec<_>, _>>()?;
        side_by_side(&register, WRITERS, acts)?;
    }
    register.close();
    Ok(())
}

/// An act in a ward's facility, on which a share of all people rely, and one in a new professional's file.
fn mark_many(place: &Place, people: &People<'_>, count: usize) -> Result<(u64, Duration, Duration), String> {
    let register = place.register()?;
    let again = |file: &str, fact: &str| -> Result<Duration, String> {
        let after = register.file(file).map(|row| row.length).unwrap_or(0);
        let text = format!("{{\"file\":\"{file}\",\"at\":\"2024-06-01\",{fact}}}\n");
        let mut entries = read(&text)?.files.into_iter().next().map(|file| file.entries).unwrap_or_default();
        for entry in &mut entries {
            entry.n = u32::try_from(after + 1).unwrap_or(u32::MAX);
        }
        let started = Instant::now();
        register.append(act(id_of(&format!("{file} {after} again")), file, after, entries)).map_err(said)?;
        Ok(started.elapsed())
    };
    let mut alone = (0..9)
        .map(|number| again(&format!("pro_new-{number}"), "\"fact\":\"professional-authorised\",\"kind\":\"approval-s12\""))
        .collect::<Result<Vec<_>, _>>()?;
    alone.sort_unstable();
    let many = again("fac_oak-0", "\"fact\":\"facility-designated\",\"kind\":\"hospital\",\"law\":\"gb-eaw\"")?;
    let dependents = count.div_ceil(people.wards_count()) as u64;
    Ok((dependents, many, alone.get(alone.len() / 2).copied().unwrap_or_default()))
}

/// This program again, as `child` of a folder.
fn spawn(of: Option<(&Path, usize, usize)>) -> Result<Child, String> {
    let mut command = Command::new(std::env::current_exe().map_err(said)?);
    command.args(["bench", "child"]).stdin(Stdio::null()).stdout(Stdio::piped());
    if let Some((folder, start, count)) = of {
        command.arg(folder).arg(start.to_string()).arg(count.to_string());
    }
    command.spawn().map_err(said)
}

/// Waits until a child says this line; others it may say before.
fn answer(child: &mut Child, wanted: &str) -> Result<(), String> {
    let mut output = BufReader::with_capacity(1, child.stdout.as_mut().ok_or("a child without output")?);
    let mut line = String::new();
    while line.trim_end() != wanted {
        line.clear();
        if output.read_line(&mut line).map_err(said)? == 0 {
            return Err("a child ended before it answered".to_owned());
        }
    }
    Ok(())
}

/// The child: opens the register, answers a first question, says so, works for a while, says so, and works on until it is killed.
pub(in crate::bench) fn child(book: &Book, stay: &crate::bench::files::Stay, arguments: &[&str]) -> Result<(), String> {
    let &[folder, start, count] = arguments else {
        println!("{READY}");
        return Ok(());
    };
    let count: usize = count.parse().map_err(said)?;
    let start: usize = start.parse().map_err(said)?;
    let place = Place::open(Path::new(folder), book)?;
    let register = place.register()?;
    register.forecasts(&People::name(0)).map_err(said)?;
    println!("{READY}");
    let people = People::on(stay, super::WARDS);
    let mut number = count + start * 100_000;
    for round in 0.. {
        let acts = (number..number + 64).map(|number| people.person(number)).collect::<Result<Vec<_>, _>>()?;
        number += 64;
        side_by_side(&register, WRITERS, acts)?;
        for person in 0..200 {
            let name = People::name((round * 7919 + person * 104_729) % count.max(1));
            register.forecasts(&name).map_err(said)?;
            register.history(&name, openward_register::history::AsOf::Now).map_err(said)?;
        }
        if round == 2 {
            println!("{WORKED}");
        }
    }
    Ok(())
}

fn proofs(place: &Place) -> Result<[Vec<Duration>; 4], String> {
    let (reader, trust) = (place.reader()?, place.trust()?);
    let (_, head) = newest(&reader, &trust).map_err(said)?.ok_or("a log without a checkpoint")?;
    let mut found: [Vec<Duration>; 4] = Default::default();
    let [made, linked, checked, also] = &mut found;
    for number in 0..PROOFS {
        // Spread over the log by a step that shares no factor with its size often.
        let at = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % head.size;
        let started = Instant::now();
        let path = inclusion(&reader, head, at).map_err(said)?;
        made.push(started.elapsed());
        let (leaf, _) = Log::new(&Tiles(&reader), head.size, head.root).inclusion(at).map_err(said)?;
        let started = Instant::now();
        check_inclusion(&leaf, at, head.size, &path, &head.root).map_err(said)?;
        checked.push(started.elapsed());
        let tiles = Tiles(&reader);
        let log = Log::new(&tiles, head.size, head.root);
        let old = at + 1;
        let root = log.root_at(old).map_err(said)?;
        let started = Instant::now();
        let path = log.consistency(old, &root).map_err(said)?;
        linked.push(started.elapsed());
        let started = Instant::now();
        check_consistency(old, &root, head.size, &head.root, &path).map_err(said)?;
        also.push(started.elapsed());
    }
    Ok(found)
}

fn verified(place: &Place) -> Result<[f64; 3], String> {
    let (reader, trust) = (place.reader()?, place.trust()?);
    let mut entries = 0;
    let mut rate = |count: u64, started: Instant| {
        entries = count;
        #[expect(clippy::cast_precision_loss, reason = "figures are shown with three digits")]
        let count = count as f64;
        count / started.elapsed().as_secs_f64()
    };
    let mut check = |keys| -> Result<f64, String> {
        let started = Instant::now();
        let report = verify::register(&reader, keys, &trust, &[]).map_err(said)?;
        if let Some(finding) = report.findings.first() {
            return Err(format!("the register that was made does not verify: {finding}"));
        }
        Ok(rate(report.entries, started))
    };
    let (without, with) = (check(None)?, check(Some(place.keys()))?);
    let started = Instant::now();
    let count = bare(place)?;
    Ok([without, with, rate(count, started)])
}

/// Reads every entry and its parts' hashes once, and hashes them: what a check without keys cannot do without.
fn bare(place: &Place) -> Result<u64, String> {
    let db = Connection::open_with_flags(place.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(said)?;
    let mut entries = db.prepare("SELECT file, n, prev, hash FROM entry ORDER BY file, n").map_err(said)?;
    let mut parts = db.prepare("SELECT file, n, hash FROM part ORDER BY file, n, i").map_err(said)?;
    let mut parts = parts.query([]).map_err(said)?;
    let mut rows = entries.query([]).map_err(said)?;
    let mut count = 0;
    let mut sum = [0_u8; 32];
    let mut next: Option<(i64, i64, [u8; 32])> = None;
    while let Some(row) = rows.next().map_err(said)? {
        let (file, n): (i64, i64) = (row.get(0).map_err(said)?, row.get(1).map_err(said)?);
        let mut entry = Sha256::new();
        entry.update(row.get_ref(2).and_then(|value| Ok(value.as_blob()?.to_vec())).map_err(said)?);
        loop {
            if next.is_none() {
                next = match parts.next().map_err(said)? {
                    Some(part) => Some((part.get(0).map_err(said)?, part.get(1).map_err(said)?, part.get(2).map_err(said)?)),
                    None => break,
                };
            }
            match next.take_if(|part| (part.0, part.1) == (file, n)) {
                Some((_, _, hash)) => entry.update(hash),
                None => break,
            }
        }
        // The entry, its leaf, and its share of the tree.
        let leaf = Sha256::digest(entry.finalize());
        let mut node = Sha256::new();
        node.update(sum);
        node.update(leaf);
        sum = node.finalize().into();
        count += 1;
    }
    std::hint::black_box(sum);
    Ok(count)
}
