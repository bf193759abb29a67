//! The master key: its text, and where it comes from.

use std::fs;

use openward_register::keys::{Master, MasterError};

use super::master;

/// Base32 by hand. Thirty-two zero bytes are 256 zero bits, fifty-one letters `0` and one bit more, which the checksum follows:
/// SHA-256 of "openward master text 1" and the zeros. So the text begins with fifty-one zeros.
#[test]
fn the_text_is_the_key_in_groups_of_four_with_a_checksum() {
    let zeros = Master::generate(&openward_register::keys::Chance::from_source(|bytes| {
        bytes.fill(0);
        Ok(())
    }))
    .unwrap();
    let text = zeros.text();
    let groups: Vec<&str> = text.strip_prefix("OPENWARD-MASTER-1-").unwrap().split('-').collect();
    assert_eq!(groups.len(), 14);
    assert!(groups.iter().all(|group| group.len() == 4) && groups[..12].iter().all(|group| *group == "0000"));
    assert!(groups[12].starts_with("000") && groups[12..] != ["0000", "0000"]);
}

#[test]
fn a_text_is_read_back_however_it_was_copied() {
    for seed in 0..200 {
        let master = master(seed);
        let text = master.text();
        let copies = [
            text.to_string(),
            text.to_lowercase(),
            format!("\n  {}\r\n", *text),
            text.replace('0', "O")
                .replace("OPENWARD-MASTER-1-", "openward-master-1-")
                .replace('1', "l")
                .replacen("master-l", "master-1", 1),
            format!("OPENWARD-MASTER-1-{}", text["OPENWARD-MASTER-1-".len()..].replace('-', " ")),
        ];
        for copy in copies {
            assert_eq!(Master::parse(&copy).unwrap().id(), master.id(), "{seed}");
        }
    }
}

#[test]
fn every_slip_in_one_letter_and_every_exchange_of_two_is_found() {
    let text = master(3).text();
    let start = "OPENWARD-MASTER-1-".len();
    let letters: Vec<usize> = (start..text.len()).filter(|at| text.as_bytes()[*at] != b'-').collect();
    for at in &letters {
        for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".bytes().filter(|letter| *letter != text.as_bytes()[*at]) {
            let mut changed = text.as_bytes().to_vec();
            changed[*at] = letter;
            assert!(matches!(Master::parse(std::str::from_utf8(&changed).unwrap()), Err(MasterError::Checksum)), "{at}");
        }
    }
    for pair in letters.windows(2).filter(|pair| text.as_bytes()[pair[0]] != text.as_bytes()[pair[1]]) {
        let mut changed = text.as_bytes().to_vec();
        changed.swap(pair[0], pair[1]);
        assert!(matches!(Master::parse(std::str::from_utf8(&changed).unwrap()), Err(MasterError::Checksum)));
    }
}

#[test]
fn a_text_that_is_no_master_says_why_and_never_repeats_itself() {
    let text = master(3).text();
    let said = |given: &str| Master::parse(given).map(|_| ()).unwrap_err().to_string();
    assert!(said("").starts_with("OW-KEYS-048"));
    assert!(said("hunter2").starts_with("OW-KEYS-048"));
    assert!(said(&text.replace("MASTER", "MUSTER")).starts_with("OW-KEYS-048"));
    assert!(said(&text[..text.len() - 1]).starts_with("OW-KEYS-049 the master key has 55 letters after its beginning where 56 are needed"));
    assert!(said(&format!("{}0", *text)).contains("has 57 letters"));
    assert!(said(&format!("{}!", *text)).starts_with("OW-KEYS-048"));
    for given in [&text[..text.len() - 1], &text.replace('-', "+"), &format!("{}Ω", *text)] {
        for error in [said(given), format!("{:?}", Master::parse(given).map(|_| ()).unwrap_err())] {
            assert!(!error.contains(&text[20..24]), "{error}");
        }
    }
}

#[test]
fn the_environment_is_read_by_name() {
    assert!(
        matches!(Master::from_env("OPENWARD_NO_SUCH_VARIABLE"), Err(MasterError::Variable(name)) if name == "OPENWARD_NO_SUCH_VARIABLE")
    );
    // Every test run by cargo has this one, and it is no master key.
    assert!(matches!(Master::from_env("CARGO_PKG_NAME"), Err(MasterError::Format)));
}

#[test]
fn a_file_gives_its_master() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master");
    fs::write(&path, format!("{}\n", *master(4).text())).unwrap();
    private(&path, 0o600);
    assert_eq!(Master::from_file(&path).unwrap().id(), master(4).id());
    fs::write(&path, "x".repeat(5000)).unwrap();
    assert!(matches!(Master::from_file(&path), Err(MasterError::TooLong)));
    assert!(matches!(Master::from_file(folder.path()), Err(MasterError::NotAFile(_))));
    assert!(matches!(Master::from_file(&folder.path().join("none")), Err(MasterError::File { .. })));
    fs::write(&path, [0xFF, 0xFE]).unwrap();
    assert!(matches!(Master::from_file(&path), Err(MasterError::Format)));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_or_write_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master");
    fs::write(&path, master(4).text().as_bytes()).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o660, 0o777] {
        private(&path, mode);
        let error = Master::from_file(&path).map(|_| ()).unwrap_err();
        assert!(matches!(error, MasterError::Mode { mode: found, .. } if found == mode), "{mode:o}");
        assert!(error.to_string().contains("chmod 600"));
    }
    for mode in [0o600, 0o400] {
        private(&path, mode);
        assert!(Master::from_file(&path).is_ok());
    }
}

#[cfg(unix)]
#[test]
fn a_program_gives_its_master_or_a_clear_error() {
    let text = master(6).text();
    let sh = |script: &str| Master::from_command("sh", &["-c", script]);
    assert_eq!(sh(&format!("echo {}", *text)).unwrap().id(), master(6).id());
    assert!(matches!(sh("exit 3"), Err(MasterError::CommandFailed { code: Some(3), .. })));
    // A program that writes a key and then fails is not believed.
    assert!(matches!(sh(&format!("echo {}; exit 1", *text)), Err(MasterError::CommandFailed { code: Some(1), .. })));
    assert!(matches!(sh("kill -9 $$"), Err(MasterError::CommandFailed { code: None, .. })));
    assert!(matches!(sh("while true; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done"), Err(MasterError::TooLong)));
    assert!(matches!(sh("true"), Err(MasterError::Format)));
    assert!(matches!(Master::from_command("no-such-program-anywhere", &[""; 0]), Err(MasterError::Command { .. })));
    let error = sh("exit 3; secret-argument").map(|_| ()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret-argument"));
}

#[cfg(unix)]
fn private(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &std::path::Path, _: u32) {}
