//! `cargo xtask bench`: how fast a fold, the reader and the program are, each beside a floor measured in the same run.
//!
//! Reading order: `files` (what is measured), `measure` (how), then the figures here; `register` is a part of its own. Deliberately absent: any
//! assertion on time.
//! A machine may be busy; the table says what was found.

mod files;
mod measure;
mod register;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use openward_law::casefile::{CaseFile, FileEntries, effective};
use openward_law::engine::{Context, Law, fold, prepare};
use openward_law::entry::Entry;
use openward_law::scenario::run as run_scenario;
use openward_law::standing::{Question, Reach, standing_in, zone_of};
use openward_law::time::When;

use crate::book::Book;
use crate::steps::{End, Steps};
use files::Stay;
use measure::{median, micros, shown};

/// The law under which is measured: the largest pack.
const PACK: &str = "gb-eaw";
/// Rounds, of which the median is taken.
const ROUNDS: usize = 201;
/// Times that the program is started.
const STARTS: usize = 20;
/// Entries of the long file.
const LONG: usize = 200;
/// Entries of the longest file that may be, of the same weeks: does the time grow with the length alone?
const LONGEST: usize = openward_law::casefile::limits::ENTRIES_PER_FILE_MAX;
/// Long files in the register that the reader reads.
const FILES: usize = 250;

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    what: String,
    found: f64,
    unit: &'static str,
    floor: f64,
    floor_is: &'static str,
    aim: &'static str,
}

/// Entries of the grown register, if nobody says otherwise.
const ENTRIES: usize = 1_000_000;
/// The page that `--write` writes, from the top of the repository.
const PAGE_PATH: &str = "docs/speed.md";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    law: bool,
    register: bool,
    only: Option<Only>,
    entries: usize,
    write: bool,
}

/// One part of the measurements of a register, for whoever works on that part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    /// Acts with so many writers at once.
    Writers(usize),
    /// One client with pauses.
    Alone,
    /// The grown register.
    Grown,
}

/// Reads what may follow `bench`.
fn read_arguments(arguments: &[&str]) -> Result<Asked, String> {
    let mut asked = Asked { law: true, register: true, only: None, entries: ENTRIES, write: false };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "law" => asked.register = false,
            "register" => asked.law = false,
            "--write" => asked.write = true,
            "--only" => {
                asked.law = false;
                asked.only = Some(match words.next().copied() {
                    Some("alone") => Only::Alone,
                    Some("grown") => Only::Grown,
                    Some(word) if word.parse::<usize>().is_ok_and(|number| number > 0) => Only::Writers(word.parse().unwrap_or(1)),
                    _ => return Err("`--only` asks for a number of writers, `alone` or `grown`.".to_owned()),
                });
            }
            "--entries" => {
                let number = words.next().and_then(|word| word.parse().ok()).filter(|number| *number > 0);
                asked.entries = number.ok_or("`--entries` asks for a whole number.")?;
            }
            other => return Err(format!("`{other}` says nothing here: law or register, --entries N, --only PART, --write.")),
        }
    }
    if !asked.law && !asked.register {
        return Err("`law` and `register` ask for one of the two; without a word both are measured.".to_owned());
    }
    if asked.write && asked.only.is_some() {
        return Err(format!("{PAGE_PATH} holds all the figures, so `--write` and `--only` do not go together."));
    }
    if asked.write && !asked.register {
        return Err(format!("{PAGE_PATH} holds the figures of the register, so `--write` asks for them."));
    }
    Ok(asked)
}

/// Builds the program, measures, and prints the tables.
pub(crate) fn run(steps: &mut Steps, arguments: &[&str]) -> Result<(), String> {
    // A process that the benchmark itself starts, to be killed.
    if let Some(("child", of)) = arguments.split_first().map(|(first, rest)| (*first, rest)) {
        return register::child(&Book::open(steps.root())?, &Stay::read(steps.root())?, of);
    }
    let asked = read_arguments(arguments)?;
    if cfg!(debug_assertions) {
        let run = ["run", "--release", "--quiet", "--package", "xtask", "--", "bench"];
        steps.cargo(&run.iter().chain(arguments).copied().collect::<Vec<_>>(), &[]);
        return Ok(());
    }
    if asked.law {
        steps.cargo(&["build", "--release", "--quiet", "--package", "openward"], &[]);
        steps.step("bench law", |root| ended(figures(root).map(|figures| print!("{}", table(&figures)))));
    }
    if asked.register {
        steps.step("bench register", |root| {
            ended(register::run(root, asked.entries, asked.only).and_then(|table| {
                print!("{table}");
                if asked.write { write_page(root, &table) } else { Ok(()) }
            }))
        });
    }
    Ok(())
}

fn ended(done: Result<(), String>) -> End {
    match done {
        Ok(()) => End::Ok,
        Err(wrong) => {
            println!("{wrong}");
            End::Failed
        }
    }
}

/// Puts the table into the page, between its two marks.
fn write_page(root: &Path, table: &str) -> Result<(), String> {
    let path = root.join(PAGE_PATH);
    let page = crate::book::text(&path)?;
    let (begin, end) = ("<!-- table -->\n", "<!-- end of the table -->");
    let parts = page.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("{PAGE_PATH} has no place for the table"))?;
    std::fs::write(&path, format!("{before}{begin}{table}{end}{after}")).map_err(|error| format!("{PAGE_PATH}: {error}"))
}

/// Everything that is measured, in the order of the table.
fn figures(root: &Path) -> Result<Vec<Figure>, String> {
    let book = Book::open(root)?;
    let law = book.pack(PACK)?;
    let stay = Stay::read(root)?;
    if let Some(failure) = run_scenario(&stay.first, PACK, &book).first() {
        return Err(format!("{}:{}: {}", files::STAY, failure.line, failure.message));
    }
    let mut figures = Vec::new();
    for entries in [stay.first.facts.len(), LONG, LONGEST] {
        figures.extend(folds(&stay, &law, entries)?);
    }
    figures.push(reader(&stay)?);
    figures.push(program(&stay)?);
    Ok(figures)
}

fn folds(stay: &Stay, law: &Law, entries: usize) -> Result<Vec<Figure>, String> {
    let case = read(&(stay.person("per_bench", entries)? + &stay.others()?))?;
    let file = case.file("per_bench").ok_or("the person has no file")?;
    let (context, zone) = (Context::of(&case, None), zone_of(&case, law));
    let list = in_force(file, &zone);
    let items = prepare(&list, file, &law.pack, &context, &zone).map_err(|bad| format!("{bad:?}"))?;
    let at = stay.after(entries)?.to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| error.to_string())?.timestamp();
    let question = Question { law, benchmark: None, at, known_at: None, reach: Reach::ByPlace };
    let calls = u32::try_from(4_800 / entries).unwrap_or(1).max(1);
    let rounds = if entries > LONG { ROUNDS / 10 } else { ROUNDS };

    let floor = micros(rounds, calls * 20, || black_box(&list).iter().for_each(|entry| facts_of(entry)));
    let folded = micros(rounds, calls, || drop(black_box(fold(law, black_box(&items), &context))));
    let prepared = micros(rounds, calls, || {
        if let Ok(items) = prepare(black_box(&list), file, &law.pack, &context, &zone) {
            drop(black_box(fold(law, &items, &context)));
        }
    });
    let stood = micros(rounds, calls, || drop(black_box(standing_in(&case, file, &context, question))));
    let line = |what: String, found: f64, aim| Figure { what, found, unit: "µs", floor, floor_is: "reading the facts alone", aim };
    #[expect(clippy::cast_precision_loss, reason = "the number of entries is small")]
    let count = entries as f64;
    let short = entries == stay.first.facts.len();
    Ok(vec![
        line(format!("fold of {entries} entries, items prepared"), folded, if short { "20" } else { "" }),
        line(format!("fold of {entries} entries, preparing items"), prepared, if short { "20" } else { "" }),
        line(format!("standing of {entries} entries, every citation and sum"), stood, ""),
        Figure {
            what: format!("entries a second on one core, in files of {entries}"),
            found: count * 1e6 / prepared,
            unit: "/s",
            floor: count * 1e6 / floor,
            floor_is: "reading the facts alone",
            aim: "1,000,000",
        },
    ])
}

/// What a fold cannot do without: the fact, the time and the fields of an entry, read once.
fn facts_of(entry: &Entry) {
    black_box((entry.fact, &entry.at, entry.details.by.as_ref(), entry.details.instrument.as_ref(), entry.details.under.as_ref()));
}

fn in_force<'e>(file: &'e FileEntries, zone: &openward_law::time::Zone) -> Vec<&'e Entry> {
    effective(file, None, |entry| When::moment(&entry.at, zone).ok().map(|moment| moment.earliest()))
}

fn read(text: &str) -> Result<CaseFile, String> {
    CaseFile::read(text).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn reader(stay: &Stay) -> Result<Figure, String> {
    let text: String = (0..FILES).map(|number| stay.person(&format!("per_bench-{number}"), LONG)).collect::<Result<_, _>>()?;
    read(&text)?;
    #[expect(clippy::cast_precision_loss, reason = "the number of lines is small")]
    let lines = text.lines().count() as f64;
    let found = micros(5, 1, || drop(black_box(CaseFile::read(black_box(&text)))));
    let floor = micros(5, 1, || {
        for line in black_box(&text).lines() {
            drop(black_box(serde_json::from_str::<serde_json::Value>(line)));
        }
    });
    let a_second = |micros: f64| lines * 1e6 / micros;
    Ok(Figure {
        what: "lines a second that the reader reads".to_owned(),
        found: a_second(found),
        unit: "/s",
        floor: a_second(floor),
        floor_is: "JSON alone",
        aim: "",
    })
}

/// The whole program on a long file, beside its bare start.
fn program(stay: &Stay) -> Result<Figure, String> {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = here.with_file_name("openward");
    let path = std::env::temp_dir().join(format!("openward-bench-{}.jsonl", std::process::id()));
    std::fs::write(&path, stay.person("per_bench", LONG)? + &stay.others()?).map_err(|error| error.to_string())?;
    let file = path.to_string_lossy().into_owned();
    let at = stay.after(LONG)?.to_string();
    let found = start(&program, &["standing", "--law", PACK, "--at", &at, &file]);
    let floor = start(&program, &["--version"]);
    // What is left behind in the folder for such files is no loss.
    let _ = std::fs::remove_file(&path);
    Ok(Figure {
        what: format!("openward standing, {LONG} entries, as a whole process"),
        found: found?.as_secs_f64() * 1e3,
        unit: "ms",
        floor: floor?.as_secs_f64() * 1e3,
        floor_is: "openward --version",
        aim: "20",
    })
}

fn start(program: &Path, arguments: &[&str]) -> Result<Duration, String> {
    let mut times = Vec::new();
    for _ in 0..=STARTS {
        let started = Instant::now();
        let output = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        times.push(started.elapsed());
        if !output.status.success() {
            return Err(format!("openward {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)));
        }
    }
    // The first start reads the program from the disk.
    times.remove(0);
    Ok(median(times))
}

/// The figures as a table that stands in a page as well as on a terminal.
fn table(figures: &[Figure]) -> String {
    let mut text = String::from("| what | found | aim | floor | | ratio |\n|---|---:|---:|---:|---|---:|\n");
    for figure in figures {
        let Figure { what, found, unit, floor, floor_is, aim } = figure;
        // Of a rate the floor is the larger of the two.
        let ratio = if *unit == "/s" { floor / found } else { found / floor };
        let aim = match (*aim, *unit) {
            ("", _) => String::new(),
            (aim, "/s") => format!("≥ {aim} {unit}"),
            (aim, unit) => format!("≤ {aim} {unit}"),
        };
        text.push_str(&format!(
            "| {what} | {} {unit} | {aim} | {} {unit} | {floor_is} | {} |\n",
            shown(*found),
            shown(*floor),
            shown(ratio)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_may_be_asked_for_and_the_size_of_the_register() {
        assert_eq!(read_arguments(&[]), Ok(Asked { law: true, register: true, only: None, entries: ENTRIES, write: false }));
        let asked = read_arguments(&["register", "--entries", "10", "--write"]);
        assert_eq!(asked, Ok(Asked { law: false, register: true, only: None, entries: 10, write: true }));
        assert_eq!(read_arguments(&["--only", "64"]).map(|asked| (asked.law, asked.only)), Ok((false, Some(Only::Writers(64)))));
        for wrong in [
            &["law", "register"][..],
            &["--only"],
            &["--only", "0"],
            &["--only", "alone", "--write"],
            &["--entries"],
            &["--entries", "0"],
            &["fold"],
            &["law", "--write"],
        ] {
            assert!(read_arguments(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_ratio_says_how_many_times_the_floor_takes_less() {
        let time = Figure { what: "fold".to_owned(), found: 10.0, unit: "µs", floor: 0.5, floor_is: "bare", aim: "20" };
        let rate = Figure { what: "read".to_owned(), found: 50_000.0, unit: "/s", floor: 100_000.0, floor_is: "bare", aim: "" };
        let text = table(&[time, rate]);
        assert!(text.contains("| fold | 10.0 µs | ≤ 20 µs | 0.500 µs | bare | 20.0 |"), "{text}");
        assert!(text.contains("| read | 50,000 /s |  | 100,000 /s | bare | 2.00 |"), "{text}");
    }
}
