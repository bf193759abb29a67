//! Where a master key comes from: a file that only its owner can read, the environment, or the output of a program.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::text::BEGINNING;
use super::{Master, MasterError};

/// How much is read from a file or a program: a master key with room for spaces and line ends. More is something else.
pub const SOURCE_BYTES_MAX: usize = 1024;

/// How long a program may take. A person may have to touch a token or type a number first.
const COMMAND_SECONDS: u64 = 120;

impl Master {
    /// Reads the text from a file. On Unix it must be one that only its owner can read or write.
    ///
    /// # Errors
    /// A file that is not there, that others may read, or that holds something else.
    pub fn from_file(path: &Path) -> Result<Self, MasterError> {
        // The key typed in the place of its path must not be said again: what is said here goes into logs.
        if path.to_str().is_some_and(is_key) {
            return Err(MasterError::Typed);
        }
        let failed = |error| MasterError::File { path: path.to_owned(), error };
        // The kind is asked first: opening a pipe would wait for a writer. The mode is asked of the open file, which nobody can exchange.
        if !std::fs::metadata(path).map_err(failed)?.is_file() {
            return Err(MasterError::NotAFile(path.to_owned()));
        }
        let file = File::open(path).map_err(failed)?;
        check_mode(&file, path)?;
        Self::from_bytes(&read(file).map_err(failed)?)
    }

    /// Reads the text from an environment variable. Whoever may look at the process may read it there.
    ///
    /// # Errors
    /// A variable that is not set, or holds something else.
    pub fn from_env(variable: &str) -> Result<Self, MasterError> {
        let value = std::env::var(variable).map_err(|_| MasterError::Variable(variable.to_owned()))?;
        Self::from_bytes(Zeroizing::new(value).as_bytes())
    }

    /// Reads the text from what a program writes. Its messages go where ours go; its input is closed.
    ///
    /// # Errors
    /// A program that cannot be run, fails, takes too long, or writes something else.
    pub fn from_command<A: AsRef<OsStr>>(program: &str, arguments: &[A]) -> Result<Self, MasterError> {
        Self::from_command_within(program, arguments, Duration::from_secs(COMMAND_SECONDS))
    }

    pub(super) fn from_command_within<A: AsRef<OsStr>>(program: &str, arguments: &[A], patience: Duration) -> Result<Self, MasterError> {
        let failed = |error| MasterError::Command { program: program.to_owned(), error };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(failed)?;
        let output = match output(&mut child, patience) {
            Ok(output) => output,
            Err(fault) => {
                // It may be gone already; there is nothing else to do about it then.
                let _ = child.kill();
                let _ = child.wait();
                return Err(match fault {
                    Some(error) => failed(error),
                    None => MasterError::CommandSlow { program: program.to_owned(), seconds: patience.as_secs() },
                });
            }
        };
        if output.len() > SOURCE_BYTES_MAX {
            // It may still be writing, and would wait for ever for somebody to read.
            let _ = child.kill();
            let _ = child.wait();
            return Err(MasterError::TooLong);
        }
        let status = child.wait().map_err(failed)?;
        if !status.success() {
            return Err(MasterError::CommandFailed { program: program.to_owned(), code: status.code() });
        }
        Self::from_bytes(&output)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, MasterError> {
        if bytes.len() > SOURCE_BYTES_MAX {
            return Err(MasterError::TooLong);
        }
        Self::parse(std::str::from_utf8(bytes).map_err(|_| MasterError::Format)?)
    }
}

/// What the child wrote; none as the fault where it took too long.
fn output(child: &mut Child, patience: Duration) -> Result<Zeroizing<Vec<u8>>, Option<io::Error>> {
    let pipe = child.stdout.take().ok_or_else(|| Some(io::Error::other("it has no output")))?;
    let (send, receive) = mpsc::channel();
    // The thread ends with the child, because the pipe does.
    thread::spawn(move || send.send(read(pipe)));
    match receive.recv_timeout(patience) {
        Ok(read) => read.map_err(Some),
        Err(_) => Err(None),
    }
}

/// Reads at most one byte more than allowed. The room is asked for at once, so that no copy stays where the bytes were before.
fn read(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * SOURCE_BYTES_MAX));
    from.take(SOURCE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a text begins as a master key does.
fn is_key(text: &str) -> bool {
    let begins = text.trim_start().split_at_checked(BEGINNING.len());
    begins.is_some_and(|(beginning, _)| beginning.eq_ignore_ascii_case(BEGINNING))
}

#[cfg(unix)]
fn check_mode(file: &File, path: &Path) -> Result<(), MasterError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().map_err(|error| MasterError::File { path: path.to_owned(), error })?.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(MasterError::Mode { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_: &File, _: &Path) -> Result<(), MasterError> {
    Ok(())
}
