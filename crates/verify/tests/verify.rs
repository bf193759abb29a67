//! The program as people run it: what it says and with which exit code, for good and for damaged things.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail loudly")]

use std::path::{Path, PathBuf};
use std::process::Command;

use openward_seal::chain::FileTag;
use openward_seal::checkpoint::Checkpoint;
use openward_seal::digest::{EntryHash, NodeHash};
use openward_seal::note::key::{SecretKey, WitnessKey};
use openward_seal::receipt::{Acknowledgement, Receipt};
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{Log, Source, Tile, Writer, bundle};
use openward_seal::witness::Request;

const ORIGIN: &str = "register.example/care";
const AT: u64 = 1_764_000_000;

/// A folder of its own for one test, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("openward-verify-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn key() -> SecretKey {
    SecretKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn witness() -> WitnessKey {
    WitnessKey::from_seed("witness.example/one", &[2; 32]).unwrap()
}

fn record(index: u64) -> EntryHash {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&index.to_be_bytes());
    EntryHash::from_bytes(bytes)
}

/// A public log of this size in a folder, with its head.
fn publish(place: &Place, name: &str, size: u64) -> (String, Head) {
    let mut writer = Writer::new();
    (0..size).for_each(|index| _ = writer.append(&record(index)));
    let head = Head { size, root: writer.root() };
    for (tile, bytes) in writer.take() {
        place.put(&format!("{name}/{}", tile.path()), bytes);
    }
    place.put(&format!("{name}/checkpoint"), checkpoint(head));
    (place.0.join(name).to_str().unwrap().to_owned(), head)
}

fn checkpoint(head: Head) -> String {
    let mut note = Checkpoint::new(ORIGIN, head).unwrap().sign(&key()).unwrap();
    let signature = note.cosignature(&witness(), AT + 60);
    note.add(signature);
    note.to_string()
}

fn acknowledgement(index: u64) -> Acknowledgement {
    Acknowledgement { origin: ORIGIN.to_owned(), file: FileTag::from_bytes([3; 16]), n: 4, entry: record(index), at: AT }
}

/// The tiles of a folder, for making proofs in tests.
struct Tiles<'a>(&'a str);

impl Source for Tiles<'_> {
    type Error = std::convert::Infallible;

    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(std::fs::read(Path::new(self.0).join(tile.path())).ok())
    }
}

fn receipt(folder: &str, head: Head, index: u64) -> String {
    let tiles = Tiles(folder);
    let (_, path) = Log::new(&tiles, head.size, head.root).inclusion(index).unwrap();
    let acknowledgement = acknowledgement(index).sign(&key()).unwrap();
    let checkpoint = openward_seal::note::Note::parse(checkpoint(head).as_bytes()).unwrap();
    Receipt { acknowledgement, index, path, checkpoint }.to_string()
}

/// Runs the program with the register's key.
fn run(words: &[&str]) -> (i32, String) {
    bare(&[words, &["--key", &key().public().to_string()]].concat())
}

fn bare(words: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_openward-verify")).args(words).output().unwrap();
    let code = output.status.code().unwrap();
    // What was not understood goes where no script mistakes it for a finding.
    let (said, silent) = if code == 2 { (output.stderr, output.stdout) } else { (output.stdout, output.stderr) };
    assert!(silent.is_empty(), "{}", String::from_utf8_lossy(&silent));
    (code, String::from_utf8(said).unwrap())
}

#[test]
fn a_receipt_of_the_second_stage_is_proved_and_the_limits_are_said() {
    let place = Place::new("second");
    let (folder, head) = publish(&place, "log", 300);
    let path = place.put("receipt", receipt(&folder, head, 5));
    let (code, text) = run(&["receipt", &path]);
    assert_eq!(code, 0, "{text}");
    let expected = format!(
        "Proved:\n\
         - The log `register.example/care` signed that it had entry 4 of the file {} at 2025-11-24 16:00:00 UTC.\n\
         - The hash of the entry is {}. Nobody can change the entry and keep this hash.\n\
         - The entry is in the log, as leaf 5 of 300.\n\
         Not proved by this:\n\
         - That others were shown the same log. Name a witness with `--witness`, or compare checkpoints with somebody.\n\
         - That the log was not written anew before this checkpoint. Give a checkpoint from another time with `--older`.\n\
         - What the entry says. A receipt holds its hash; the entry itself comes with a copy of your file.\n\
         - That what the entry says is true, or that everything that happened was put on the register.\n\
         - That the register's clock was right. The time in a receipt is the register's own word.\n",
        "03".repeat(16),
        record(5)
    );
    assert_eq!(text, expected);
    let (code, text) = run(&["receipt", &path, "--witness", &witness().public().to_string()]);
    assert_eq!(code, 0);
    assert!(text.contains("The witness `witness.example/one` says that it saw this log at 2025-11-24 16:01:00 UTC"), "{text}");
}

#[test]
fn a_receipt_of_the_first_stage_is_partly_proved() {
    let place = Place::new("first");
    let path = place.put("receipt", acknowledgement(5).sign(&key()).unwrap().to_string());
    let (code, text) = run(&["receipt", &path]);
    assert_eq!(code, 4);
    assert!(text.contains("Asked for, and not checked:\n- That the entry is in the log."), "{text}");
}

#[test]
fn a_changed_receipt_and_a_wrong_key_are_wrong() {
    let place = Place::new("changed");
    let (folder, head) = publish(&place, "log", 300);
    let good = receipt(&folder, head, 5);
    let changed = place.put("changed", good.replace("index 5", "index 6"));
    let (code, text) = run(&["receipt", &changed]);
    assert_eq!((code, text.as_str()), (1, "WRONG: OW-SEAL-043 the path does not lead to the root of the log\n"));
    // The time that the witness signed lies after its key's id, in the bytes that are written as `AAAAAGkk`.
    let spoilt = place.put("spoilt", good.replace("AAAABpJI", "AAAABpJJ"));
    assert_ne!(std::fs::read_to_string(&spoilt).unwrap(), good);
    let path = place.put("good", good);
    let other = SecretKey::from_seed(ORIGIN, &[9; 32]).unwrap().public().to_string();
    let (code, text) = bare(&["receipt", &path, "--key", &other]);
    assert_eq!((code, text.contains("OW-SEAL-033")), (1, true), "{text}");
    let unknown = WitnessKey::from_seed("witness.example/two", &[5; 32]).unwrap().public().to_string();
    let (code, text) = run(&["receipt", &path, "--witness", &unknown]);
    assert_eq!((code, text.contains("0 of your witnesses signed; 1 are asked for")), (4, true), "{text}");
    assert_eq!(run(&["receipt", &path, "--witness", &unknown, "--witnesses-min", "0"]).0, 0);
    // A signature that says it is of the witness and is not is another matter.
    let (code, text) = run(&["receipt", &spoilt, "--witness", &witness().public().to_string()]);
    assert_eq!((code, text.contains("OW-SEAL-032")), (1, true), "{text}");
}

#[test]
fn an_older_checkpoint_is_compared_through_a_proof_or_a_copy_of_the_log() {
    let place = Place::new("older");
    let (small, old) = publish(&place, "small", 100);
    let (folder, head) = publish(&place, "log", 300);
    let path = place.put("receipt", receipt(&folder, head, 5));
    let older = format!("{small}/checkpoint");
    let (code, text) = run(&["receipt", &path, "--older", &older]);
    assert_eq!((code, text.contains("no proof from 100 to 300 entries was given")), (4, true), "{text}");

    let tiles = Tiles(&folder);
    let proof = Log::new(&tiles, 300, head.root).consistency(100, &old.root).unwrap();
    let checkpoint = openward_seal::note::Note::parse(checkpoint(head).as_bytes()).unwrap();
    let proof = place.put("proof", Request { old: 100, proof, checkpoint }.to_string());
    let agrees = "The log only grew from 100 to 300 entries";
    for how in [["--consistency", &proof], ["--log", &folder]] {
        let (code, text) = run(&[&["receipt", &path, "--older", &older], &how[..]].concat());
        assert_eq!((code, text.contains(agrees)), (0, true), "{text}");
        let (code, text) = run(&[&["checkpoint", &format!("{folder}/checkpoint"), "--older", &older], &how[..]].concat());
        assert_eq!((code, text.contains(agrees)), (0, true), "{text}");
    }
    // A receipt is an older checkpoint too, and the order in which the two are named does not matter.
    assert_eq!(run(&["checkpoint", &older, "--older", &path, "--log", &folder]).0, 0);

    // A log that was written anew by whoever holds the key.
    let forged = place.put("forged", self::checkpoint(Head { size: 100, root: NodeHash::from_bytes([5; 32]) }));
    for how in [["--consistency", &proof], ["--log", &folder]] {
        let (code, text) = run(&[&["receipt", &path, "--older", &forged], &how[..]].concat());
        assert_eq!((code, text.contains("OW-SEAL-044")), (1, true), "{text}");
    }
    let split = place.put("split", self::checkpoint(Head { size: 300, root: old.root }));
    let (code, text) = run(&["receipt", &path, "--older", &split]);
    assert_eq!((code, text.contains("OW-SEAL-079 the log signed two different roots for 300 leaves")), (1, true), "{text}");
}

#[test]
fn a_whole_log_is_checked_with_older_heads_and_receipts() {
    let place = Place::new("whole");
    let (small, old) = publish(&place, "small", 100);
    let (folder, _) = publish(&place, "log", 66_000);
    let inside = place.put("inside", acknowledgement(65_999).sign(&key()).unwrap().to_string());
    let second = place.put("second", receipt(&small, old, 7));
    let older = format!("{small}/checkpoint");
    let (code, text) = run(&["log", &folder, "--older", &older, "--receipt", &inside, "--receipt", &second]);
    assert_eq!(code, 0, "{text}");
    for line in [
        "signed 66000 entries, and every leaf and tile in the folder fits",
        "when it had 100 entries",
        "inside is in the log, as leaf 65999",
        "second is in the log, as leaf 7",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let outside = place.put("outside", acknowledgement(66_000).sign(&key()).unwrap().to_string());
    let (code, text) = run(&["log", &folder, "--receipt", &outside]);
    assert_eq!((code, text.contains("outside is in the log. It is not in this copy")), (4, true), "{text}");
}

#[test]
fn a_damaged_log_is_wrong_and_says_where() {
    let place = Place::new("damaged");
    let (folder, head) = publish(&place, "log", 600);
    let tile = Path::new(&folder).join("tile/0/001");
    let good = std::fs::read(&tile).unwrap();
    let mut bad = good.clone();
    bad[100] ^= 1;
    std::fs::write(&tile, &bad).unwrap();
    let (code, text) = run(&["log", &folder]);
    let expected = "WRONG: OW-SEAL-053 leaves 256 to 511 and tile/1/000.p/2 do not agree: one of them was changed\n";
    assert_eq!((code, text.as_str()), (1, expected));
    std::fs::write(&tile, &good[..8191]).unwrap();
    assert_eq!(run(&["log", &folder]), (1, "WRONG: OW-SEAL-052 tile/0/001 has 8191 bytes, which does not fit its name\n".to_owned()));
    std::fs::remove_file(&tile).unwrap();
    assert_eq!(run(&["log", &folder]), (1, "WRONG: OW-SEAL-051 tile/0/001 is missing\n".to_owned()));
    std::fs::write(&tile, &good).unwrap();
    assert_eq!(run(&["log", &folder]).0, 0);

    // Records beside the hashes are checked where they are published.
    let records: Vec<EntryHash> = (0..600).map(record).collect();
    for (index, records) in records.chunks(256).enumerate() {
        let tile = Tile::entries(index as u64, records.len() as u16).unwrap();
        place.put(&format!("log/{}", tile.path()), bundle(records));
    }
    assert!(run(&["log", &folder]).1.contains("The records published beside the hashes are those of the leaves."));
    place.put("log/tile/entries/000", bundle(&records[1..257]));
    assert_eq!(run(&["log", &folder]), (1, "WRONG: OW-SEAL-057 tile/entries/000 holds another record than leaf 0 is of\n".to_owned()));

    // A log that lost its newest entries against a checkpoint that somebody kept.
    let (shorter, _) = publish(&place, "shorter", 599);
    let kept = place.put("kept", checkpoint(head));
    let (code, text) = run(&["log", &shorter, "--older", &kept]);
    assert_eq!((code, text.contains("OW-SEAL-056 a log of 600 leaves was vouched for, and this one has 599")), (1, true), "{text}");
}

#[test]
fn a_command_that_is_not_understood_is_not_run() {
    let place = Place::new("usage");
    let path = place.put("receipt", acknowledgement(5).sign(&key()).unwrap().to_string());
    let public = key().public().to_string();
    for words in [
        vec!["receipt", &path],
        vec!["receipt", "--key", &public],
        vec!["receipt", &path, &path, "--key", &public],
        vec!["receipt", &path, "--key"],
        vec!["receipt", &path, "--key", "x"],
        vec!["receipt", &path, "--key", &public, "--fast", "x"],
        vec!["receipt", &path, "--key", &public, "--receipt", &path],
        vec!["receipt", &path, "--key", &public, "--consistency", &path],
        vec!["log", &path, "--key", &public, "--log", &path],
        vec!["prove", &path, "--key", &public],
        vec!["receipt", &path, "--key", &public, "--witness", &public],
        vec!["receipt", &path, "--key", &public, "--witnesses-min", "1"],
    ] {
        assert_eq!(bare(&words).0, 2, "{words:?}");
    }
    let (code, text) = bare(&["receipt", &path, "--key", &key().text()]);
    assert_eq!(code, 2);
    assert!(text.contains("This is a secret key.") && !text.contains("PRIVATE"), "{text}");
    assert_eq!(bare(&["--help"]).0, 0);
    assert_eq!(run(&["receipt", &format!("{path}.none")]).0, 3);
    assert_eq!(run(&["log", &path]).0, 3);
    let file = place.put("key", format!("{public}\n"));
    assert_eq!(bare(&["receipt", &path, "--key-file", &file]).0, 4);
    let large = place.put("large", vec![b'x'; 1024 * 1024 + 1]);
    assert_eq!(run(&["receipt", &large]).0, 3);
}

#[test]
fn files_that_cannot_be_read_are_all_named_and_end_with_3() {
    let place = Place::new("unreadable");
    let there = place.put("receipt", "no receipt");
    let (code, text) = bare(&["receipt", "no-receipt", "--key-file", "no-key", "--older", "no-older", "--receipt-of", &there]);
    assert_eq!(code, 2, "an option that there is not comes first: {text}");
    let (code, text) = bare(&["receipt", "no-receipt", "--key-file", "no-key", "--older", "no-older"]);
    assert_eq!(code, 3, "{text}");
    assert!(["no-receipt", "no-key", "no-older"].iter().all(|name| text.contains(name)), "{text}");
    let (code, text) = bare(&["log", "no-log", "--key-file", "no-key"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("no-log") && text.contains("no-key"), "{text}");
}
