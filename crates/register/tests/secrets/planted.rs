//! Planted words: a thief of the disk finds none of them, in no writing, in the key store, its log, its backup or the documents.

use std::fs;

use openward_register::documents::Documents;
use openward_register::keys::{Chance, Domain, Place};

use super::{all_bytes, at, created, master};

const NAME: &str = "Zephyrine Quillfeather-Åström";
const ID: &str = "PER-QUILLFEATHER-1949";
const TEXT: &str = "Says that Voices named HORTENSIUS tell her to walk home";

/// A word in every writing that it might be left in.
fn writings(word: &str) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for (case, word) in [("as it is", word.to_owned()), ("lower", word.to_lowercase()), ("upper", word.to_uppercase())] {
        let utf8 = word.clone().into_bytes();
        let little: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
        all.push((format!("{case} hex"), hex(&utf8).into_bytes()));
        all.push((format!("{case} HEX"), hex(&utf8).to_uppercase().into_bytes()));
        for (place, bytes) in base64_inner(&utf8).into_iter().enumerate() {
            all.push((format!("{case} base64 at {place}"), bytes));
        }
        all.push((format!("{case} utf-8"), utf8));
        all.push((format!("{case} utf-16le"), little));
        all.push((format!("{case} utf-16be"), big));
    }
    all
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What base64 makes of the word wherever it begins in a longer text: the letters that only the word decides.
fn base64_inner(bytes: &[u8]) -> Vec<Vec<u8>> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..3)
        .map(|before| {
            let all: Vec<u8> = std::iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
            let whole = all.len() / 3 * 3;
            let letters: Vec<u8> = all[..whole]
                .chunks(3)
                .flat_map(|three| {
                    let joined = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
                    [18, 12, 6, 0].map(|shift| LETTERS[(joined >> shift & 63) as usize])
                })
                .collect();
            letters[if before == 0 { 0 } else { 4 }..].to_vec()
        })
        .collect()
}

#[test]
fn no_planted_word_and_no_key_is_on_the_disk_in_any_writing() {
    let folder = tempfile::tempdir().unwrap();
    let mut keys = created(folder.path());
    let documents = Documents::open(&folder.path().join("documents"), Chance::system()).unwrap();
    let file = keys.pseudonym(ID);
    let _ = keys.pseudonym_of("health-number", ID);
    let key = keys.file_key(Domain::Care, file).unwrap();
    let place = Place { table: "part", file, n: 1, i: 1, extra: b"" };
    fs::write(folder.path().join("box"), key.seal(&place, format!("{NAME} {TEXT}").as_bytes()).unwrap()).unwrap();
    // Small, large, and large enough to be sent in parts; and one that a crash leaves unfinished.
    let mut secrets = Vec::new();
    for times in [1, 3_000, 90_000] {
        let page = format!("{NAME} {ID} {TEXT}\n").repeat(times);
        let reference = documents.put(page.as_bytes(), 64 << 20).unwrap();
        secrets.push(reference.to_bytes()[33..65].to_vec());
    }
    let mut writer = documents.write(64 << 20).unwrap();
    std::io::Write::write_all(&mut writer, format!("{NAME} {TEXT}").repeat(110_000).as_bytes()).unwrap();
    std::mem::forget(writer);
    keys.backup(&folder.path().join("backup.db")).unwrap();
    keys.file_key(Domain::Counsel, file).unwrap();
    let before = all_bytes(folder.path());
    keys.rotate_master(&master(2)).unwrap();
    keys.new_epoch(Domain::Care).unwrap();
    keys.destroy(file, at(9)).unwrap();
    fs::write(folder.path().join("list"), keys.destroyed_text().unwrap()).unwrap();

    let disk: Vec<_> = before.into_iter().chain(all_bytes(folder.path())).collect();
    assert!(disk.iter().any(|(path, bytes)| path.to_string_lossy().ends_with("-wal") && !bytes.is_empty()), "the log is looked through");
    let mut wanted: Vec<(String, Vec<u8>)> = Vec::new();
    for word in [NAME, ID, TEXT, "Quillfeather", "HORTENSIUS"] {
        wanted.extend(writings(word).into_iter().map(|(how, bytes)| (format!("{word} {how}"), bytes)));
    }
    for number in [1, 2] {
        let text = master(number).text();
        wanted.push(("master".into(), text.as_bytes().to_vec()));
        wanted.push(("a group of the master".into(), text.as_bytes()[18..37].to_vec()));
    }
    for secret in secrets {
        wanted.push(("hex of a document's key".into(), hex(&secret).into_bytes()));
        wanted.push(("a document's key".into(), secret));
    }
    let search = Search::new(&wanted);
    // The search itself finds what is there.
    for (what, bytes) in &wanted {
        assert!(search.finds(&[b"xx", &bytes[..], b"yy"].concat()).is_some(), "{what}");
    }
    for (path, bytes) in &disk {
        assert_eq!(search.finds(bytes), None, "in {}", path.display());
        let name = path.to_string_lossy().to_lowercase();
        assert!(!name.contains("quillfeather") && !name.contains("hortensius"), "{name}");
    }
}

/// Looks for many words in one pass, because the disk holds many megabytes.
struct Search<'a> {
    /// The words by their first two bytes.
    by_start: Vec<Vec<&'a (String, Vec<u8>)>>,
}

impl<'a> Search<'a> {
    fn new(wanted: &'a [(String, Vec<u8>)]) -> Self {
        let mut by_start = vec![Vec::new(); 1 << 16];
        for word in wanted {
            by_start[start(&word.1)].push(word);
        }
        Self { by_start }
    }

    fn finds(&self, bytes: &[u8]) -> Option<&'a str> {
        (0..bytes.len().saturating_sub(1)).find_map(|at| {
            let words = &self.by_start[start(&bytes[at..])];
            words.iter().find(|(_, word)| bytes[at..].starts_with(word)).map(|(what, _)| what.as_str())
        })
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}
