//! What any database must do for the register, in the register's words. All SQL lives below this module, in one folder for each database.
//!
//! [`sqlite`] is the embedded default; `conformance` is what every store must pass. Deliberately absent: what the boxes hold, who may
//! read them, and every word about people.

pub mod conformance;
pub mod sqlite;

use std::fmt;

use openward_seal::chain::FileTag;
use openward_seal::digest::{EntryHash, PartHash};
use openward_seal::tiles::Tile;

/// A file's keyed pseudonym.
pub type FileName = [u8; 16];

/// An act's id, made by the client.
pub type ActId = [u8; 16];

/// Microseconds since 1970.
pub type Micros = i64;

/// What kind of trouble a store has. The writer acts on the kind, people read the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No space is left. Nothing was written; it may be tried again once there is space.
    Full,
    /// Reading or writing failed below the database. What is on the disk is not known: nothing more may be acknowledged.
    Io,
    /// Somebody else holds the database.
    Busy,
    /// A rule of the tables would be broken.
    Rule,
    /// The database is not what it must be.
    Damaged,
    /// The database is of a newer program, or of something else.
    Version,
    /// Anything else.
    Other,
}

/// Trouble with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// The kind.
    pub trouble: Trouble,
    /// What the database says. It never holds values.
    pub text: String,
}

impl StoreError {
    /// Trouble of this kind.
    #[must_use]
    pub fn new(trouble: Trouble, text: impl Into<String>) -> Self {
        Self { trouble, text: text.into() }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.trouble {
            Trouble::Full => "OW-REG-020",
            Trouble::Io => "OW-REG-021",
            Trouble::Busy => "OW-REG-022",
            Trouble::Rule => "OW-REG-023",
            Trouble::Damaged => "OW-REG-024",
            Trouble::Version => "OW-REG-025",
            Trouble::Other => "OW-REG-026",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.trouble {
            Trouble::Full => "no space is left for the register",
            Trouble::Io => "reading or writing the register failed",
            Trouble::Busy => "another process holds the register",
            Trouble::Rule => "a rule of the register's tables would be broken",
            Trouble::Damaged => "the register's database is damaged",
            Trouble::Version => "this is no register that this program can open",
            Trouble::Other => "the register's database failed",
        };
        write!(f, "{} {what}: {}", self.code(), self.text)
    }
}

impl std::error::Error for StoreError {}

/// What a store answers.
pub type Answer<T> = Result<T, StoreError>;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// The store's own number.
    pub id: i64,
    /// Its pseudonym.
    pub name: FileName,
    /// Which kind of file, as a code.
    pub kind: u8,
    /// Whose keys open it, as a code.
    pub domain: u8,
    /// Its tag in the chain.
    pub tag: FileTag,
    /// How many entries it has.
    pub length: u64,
    /// The hash of the last.
    pub head: EntryHash,
}

/// One part as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRow {
    /// Its place in the entry.
    pub i: u32,
    /// Its hash.
    pub hash: PartHash,
    /// Salt and bytes, encrypted.
    pub boxed: Vec<u8>,
}

/// One entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number.
    pub n: u64,
    /// When it was recorded.
    pub recorded: Micros,
    /// The hash of the entry before it.
    pub prev: EntryHash,
    /// Its hash.
    pub hash: EntryHash,
    /// The act it came with.
    pub act: ActId,
    /// Its parts in order.
    pub parts: Vec<PartRow>,
}

/// An act that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActRow {
    /// The file.
    pub file: i64,
    /// Its first entry.
    pub first: u64,
    /// Its last.
    pub last: u64,
}

/// An entry that is not in the log yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The order in which it came.
    pub at: i64,
    /// The file.
    pub file: i64,
    /// The entry.
    pub n: u64,
    /// Its hash.
    pub hash: EntryHash,
}

/// A checkpoint that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRow {
    /// The size of the log.
    pub size: u64,
    /// The signed note.
    pub note: Vec<u8>,
}

/// A span of a forecast's timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanRow {
    /// Whether held, as a code.
    pub held: u8,
    /// The answer on authority, as a code.
    pub authority: u8,
    /// From.
    pub begins: Micros,
    /// The first instant after; none: on and on.
    pub until: Option<Micros>,
}

/// A duty of a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwedRow {
    /// Its state, as a code.
    pub state: u8,
    /// From when it is owed.
    pub since: Micros,
    /// By when; none: as soon as can be.
    pub due: Option<Micros>,
}

/// What one law makes of one file if nothing more happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForecastRow {
    /// The pack's id.
    pub law: String,
    /// The pack's digest.
    pub digest: [u8; 32],
    /// How long the file was.
    pub length: u64,
    /// A digest over the heads of the files it relied on.
    pub context: [u8; 32],
    /// When it next changes by time alone.
    pub next_change: Option<Micros>,
    /// Whether a file that it relied on has changed since. It may be marked for longer than it is out of date: its context says.
    pub stale: bool,
    /// What is not clear: names of orders and duties.
    pub boxed: Vec<u8>,
    /// Its spans.
    pub spans: Vec<SpanRow>,
    /// Its duties.
    pub owed: Vec<OwedRow>,
}

/// Where something that is to be sent stands: the file, the entry that its act began with, and which of that act's it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutboxPlace {
    /// The file it concerns.
    pub file: i64,
    /// The first entry of its act.
    pub n: u64,
    /// Its number within the act, from 0.
    pub i: u32,
}

/// A file that changed, and files that rely on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The file that changed; [`EVERYBODY`] where it concerns all.
    pub other: FileName,
    /// Files that rely on it and are not done yet: the next few.
    pub files: Vec<i64>,
}

/// What stands in place of a file where a mark concerns all forecasts.
pub const EVERYBODY: FileName = [0; 16];

/// Somebody's tie to a person's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TieRow {
    /// Whose: the pseudonym of their own file.
    pub who: FileName,
    /// As what, as a code.
    pub tie: u8,
    /// From.
    pub since: Micros,
    /// The first instant after; none: on and on.
    pub until: Option<Micros>,
}

/// Something that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Where it stands.
    pub place: OutboxPlace,
    /// From when it may go.
    pub due: Micros,
    /// 0 waits, 1 is done.
    pub state: u8,
    /// What is to be sent.
    pub boxed: Vec<u8>,
}

/// Whether the boxes of parts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boxes {
    /// With the parts.
    Read,
    /// Left where they are; each part comes with an empty one.
    Left,
}

/// Files, acts, entries.
pub trait Entries {
    /// A value about the register itself.
    ///
    /// # Errors
    /// Trouble of the database, as of every method here.
    fn meta(&self, name: &str) -> Answer<Option<Vec<u8>>>;
    /// Sets it.
    fn set_meta(&mut self, name: &str, value: &[u8]) -> Answer<()>;
    /// One file.
    fn file(&self, name: &FileName) -> Answer<Option<FileRow>>;
    /// One file by its number.
    fn file_by_id(&self, id: i64) -> Answer<Option<FileRow>>;
    /// Files after a number, in the order of their numbers.
    fn files_after(&self, id: i64, most: usize) -> Answer<Vec<FileRow>>;
    /// The files of a kind.
    fn files_of_kind(&self, kind: u8) -> Answer<Vec<FileName>>;
    /// Makes a file without entries and gives its number.
    fn add_file(&mut self, file: &FileRow) -> Answer<i64>;
    /// Sets length and head, if the length is still the one expected; says whether it was.
    fn grow_file(&mut self, id: i64, expected: u64, length: u64, head: &EntryHash) -> Answer<bool>;
    /// Appends an entry and has it wait for the log.
    fn add_entry(&mut self, file: i64, entry: &EntryRow) -> Answer<()>;
    /// Entries of a file from one number to another, both included, in order.
    fn entries(&self, file: i64, from: u64, to: u64) -> Answer<Vec<EntryRow>>;
    /// The first entries of a file from this number on, at most so many, in order.
    fn entries_from(&self, file: i64, from: u64, most: usize, boxes: Boxes) -> Answer<Vec<EntryRow>>;
    /// The number of the last entry recorded at or before an instant; 0 where there is none.
    fn length_at(&self, file: i64, at: Micros) -> Answer<u64>;
    /// Entries that parts are kept of and that are not there themselves: file and number.
    fn orphans(&self) -> Answer<Vec<(i64, u64)>>;
    /// An act.
    fn act(&self, id: &ActId) -> Answer<Option<ActRow>>;
    /// Every act, in any order. Gives how many there are.
    fn acts(&self, each: &mut dyn FnMut(&ActId, &ActRow)) -> Answer<u64>;
    /// Keeps an act.
    fn add_act(&mut self, id: &ActId, act: &ActRow) -> Answer<()>;
    /// When the last entry of all was recorded.
    fn last_recorded(&self) -> Answer<Option<Micros>>;
}

/// The log over all entries.
pub trait Log {
    /// Entries that are not in the log, in the order in which they came.
    fn waiting(&self, most: usize) -> Answer<Vec<Waiting>>;
    /// Puts entries into the log from this place on; they wait no more.
    fn add_to_log(&mut self, from: u64, entries: &[Waiting]) -> Answer<()>;
    /// The places of a file's entries in the log: number and place.
    fn places_of(&self, file: i64) -> Answer<Vec<(u64, u64)>>;
    /// The place of one entry.
    fn place_of(&self, file: i64, n: u64) -> Answer<Option<u64>>;
    /// The entry at a place: file and number.
    fn at_place(&self, place: u64) -> Answer<Option<(i64, u64)>>;
    /// How many places are taken, how many tiles there are, and how many bundles of names.
    fn log_rows(&self) -> Answer<[u64; 3]>;
    /// A tile of hashes.
    fn tile(&self, tile: Tile) -> Answer<Option<Vec<u8>>>;
    /// Keeps a tile; narrower ones of the same place go.
    fn put_tile(&mut self, tile: Tile, bytes: &[u8]) -> Answer<()>;
    /// Which entries stand in 256 places of the log, encrypted: width and box.
    fn names(&self, place: u64) -> Answer<Option<(u16, Vec<u8>)>>;
    /// Keeps them.
    fn put_names(&mut self, place: u64, width: u16, boxed: &[u8]) -> Answer<()>;
    /// The newest checkpoint.
    fn newest_checkpoint(&self) -> Answer<Option<CheckpointRow>>;
    /// Every checkpoint, the smallest first.
    fn checkpoints(&self) -> Answer<Vec<CheckpointRow>>;
    /// Keeps a checkpoint, or one with more signatures in its place.
    fn put_checkpoint(&mut self, checkpoint: &CheckpointRow) -> Answer<()>;
    /// Lets go of one.
    fn drop_checkpoint(&mut self, size: u64) -> Answer<()>;
    /// Takes a lease or keeps it; says whether it is now this holder's. One that ends later than any taken now could is void: the clock
    /// was set back, or somebody wrote it there.
    fn take_lease(&mut self, name: &str, holder: &ActId, now: Micros, until: Micros) -> Answer<bool>;
    /// Until when somebody has it.
    fn lease_end(&self, name: &str) -> Answer<Option<Micros>>;
}

/// What can be computed again.
pub trait Derived {
    /// The forecasts of a file, by law.
    fn forecasts(&self, file: i64) -> Answer<Vec<ForecastRow>>;
    /// Puts the forecasts of a file in the place of those it had. Here and below `had` is what it had, where the caller knows that: then it
    /// is not read again.
    fn put_forecasts(&mut self, file: i64, forecasts: &[ForecastRow], had: Option<&[ForecastRow]>) -> Answer<()>;
    /// What a file's forecasts rely on.
    fn relies_on(&self, file: i64) -> Answer<Vec<FileName>>;
    /// Sets it.
    fn put_relies_on(&mut self, file: i64, others: &[FileName], had: Option<&[FileName]>) -> Answer<()>;
    /// Who is tied to a file, in the order of the rows.
    fn ties(&self, file: i64) -> Answer<Vec<TieRow>>;
    /// Sets it.
    fn put_ties(&mut self, file: i64, ties: &[TieRow], had: Option<&[TieRow]>) -> Answer<()>;
    /// The ties of somebody that hold at an instant, of at most so many files after a file's number: each with its file.
    fn ties_of(&self, who: &FileName, at: Micros, after: i64, most: usize) -> Answer<Vec<(i64, TieRow)>>;
    /// Marks the forecasts of every file that relies on this one, if there are any. It is one row however many they are.
    fn mark_dependents(&mut self, other: &FileName) -> Answer<()>;
    /// Marks every forecast.
    fn mark_all(&mut self) -> Answer<()>;
    /// Some mark, with the next files under it in the order of their numbers.
    fn next_marked(&self, most: usize) -> Answer<Option<Marked>>;
    /// Whether a mark says that a file's forecasts are to be made anew, those that it has and those that it lacks.
    fn is_marked(&self, file: i64) -> Answer<bool>;
    /// The files of a mark up to a number are done; none: all of them.
    fn unmark(&mut self, other: &FileName, done: Option<i64>) -> Answer<()>;
    /// Files with a forecast that is marked, or that changes at or before an instant.
    fn files_to_look_at(&self, at: Micros, most: usize) -> Answer<Vec<i64>>;
    /// Takes away all that was computed of a file, what is to be sent of it, and the drafts of whoever has this pseudonym.
    fn forget(&mut self, file: i64, name: &FileName) -> Answer<()>;
    /// Adds something to be sent.
    fn add_outbox(&mut self, row: &OutboxRow) -> Answer<()>;
    /// What waits and may go.
    fn outbox_due(&self, at: Micros, most: usize) -> Answer<Vec<OutboxRow>>;
    /// What is to be sent of a file, and what was.
    fn outbox_of(&self, file: i64) -> Answer<Vec<OutboxRow>>;
    /// One that waits.
    fn outbox_at(&self, place: OutboxPlace) -> Answer<Option<OutboxRow>>;
    /// Says that it went; the box is closed anew, for it holds the state too.
    fn outbox_done(&mut self, place: OutboxPlace, boxed: &[u8]) -> Answer<()>;
    /// Rows of what is computed that belong to no file of this kind, to no forecast, or are not numbered on: the file and what is wrong.
    fn strays(&self, kind: u8) -> Answer<Vec<(i64, &'static str)>>;
    /// Keeps a draft, or one in its place.
    fn put_draft(&mut self, id: &ActId, who: &FileName, until: Micros, boxed: &[u8]) -> Answer<()>;
    /// A draft of this writer that has not run out: until when it lives, and its box.
    fn draft(&self, id: &ActId, who: &FileName, now: Micros) -> Answer<Option<(Micros, Vec<u8>)>>;
    /// Throws a draft of this writer away, and every one that has run out.
    fn drop_draft(&mut self, id: &ActId, who: &FileName, now: Micros) -> Answer<()>;
}

/// Who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Random.
    pub id: ActId,
    /// The pseudonym of the name that is typed at the door.
    pub login: FileName,
    /// All else, encrypted.
    pub boxed: Vec<u8>,
}

/// Somebody at the door, or in the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The pseudonym of a secret that only the other side has.
    pub token: FileName,
    /// Whose it is.
    pub account: ActId,
    /// How far the sign-in has come, as a code.
    pub stage: u8,
    /// When it began.
    pub since: Micros,
    /// When it was last used, to the minute.
    pub seen: Micros,
    /// What only the holder of the keys can have written for this secret, account, stage and beginning.
    pub proof: FileName,
}

/// Wrong guesses of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuessRow {
    /// When the first of them was made.
    pub since: Micros,
    /// How many there were.
    pub count: u32,
}

/// Who may sign in and who is signed in. None of it is of the record.
pub trait Accounts {
    /// One account.
    fn account(&self, id: &ActId) -> Answer<Option<AccountRow>>;
    /// The account of a name that was typed.
    fn account_of(&self, login: &FileName) -> Answer<Option<AccountRow>>;
    /// Accounts in the order of their ids, after one.
    fn accounts(&self, after: &ActId, at_most: usize) -> Answer<Vec<AccountRow>>;
    /// Keeps an account, or one in its place; false where another account has that name.
    fn put_account(&mut self, row: &AccountRow) -> Answer<bool>;
    /// A session.
    fn session(&self, token: &FileName) -> Answer<Option<SessionRow>>;
    /// Keeps a session; of one that is there only when it was last used.
    fn put_session(&mut self, row: &SessionRow) -> Answer<()>;
    /// Ends a session.
    fn drop_session(&mut self, token: &FileName) -> Answer<()>;
    /// Ends every session of an account.
    fn drop_sessions_of(&mut self, account: &ActId) -> Answer<()>;
    /// Ends the sessions that began at or before one instant, or were last used at or before another.
    fn drop_sessions(&mut self, begun: Micros, seen: Micros) -> Answer<()>;
    /// The wrong guesses of one kind.
    fn guesses(&self, who: &FileName) -> Answer<Option<GuessRow>>;
    /// Keeps them.
    fn put_guesses(&mut self, who: &FileName, row: GuessRow) -> Answer<()>;
    /// Forgets those of one kind, and all that began at or before an instant.
    fn drop_guesses(&mut self, who: Option<&FileName>, since: Micros) -> Answer<()>;
}

/// A connection to a register's database.
pub trait Store: Entries + Log + Derived + Accounts + Send + Sized {
    /// Another connection to the same database, which only reads.
    ///
    /// # Errors
    /// Trouble of the database.
    fn reader(&self) -> Answer<Self>;
    /// What the database itself finds wrong: tables that are not those of this program, pages and indexes that do not fit, rows that point
    /// to nothing. Texts hold no values.
    fn damage(&self) -> Answer<Vec<String>>;
    /// A number that changes when another connection has written. It is asked within a transaction.
    fn version(&self) -> Answer<i64>;
    /// Begins a transaction that writes.
    fn begin(&mut self) -> Answer<()>;
    /// Begins a transaction that reads: everything read until its end is of one moment.
    fn begin_reading(&self) -> Answer<()>;
    /// Ends it.
    fn end_reading(&self) -> Answer<()>;
    /// Reads within one moment of the register, though others write meanwhile. Not within another transaction.
    ///
    /// # Errors
    /// What the reading says, or trouble of the database.
    fn at_once<T, E: From<StoreError>>(&self, read: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        self.begin_reading()?;
        let read = read(self);
        self.end_reading()?;
        read
    }
    /// Makes the transaction durable. When it returns, the disk has it.
    fn commit(&mut self) -> Answer<()>;
    /// Undoes the transaction. It does nothing where none is open.
    fn rollback(&mut self) -> Answer<()>;
    /// Housekeeping between transactions. An error other than `Full` or `Busy` is as bad as one of a commit.
    fn housekeeping(&mut self) -> Answer<()>;
}
