//! The pages in a real browser, as a step of `cargo xtask test`: Debian's Chromium, Node, and what `e2e/package-lock.json` pins.
//!
//! What is missing is installed where that is possible (Debian's packages, as root); else the step fails and says what to do. Deliberately
//! absent: what is tested, which stands in `e2e/`.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::steps::{End, Steps};

/// Programs with the Debian packages that bring them.
const PROGRAMS: &[(&str, &[&str])] = &[("node", &["nodejs"]), ("npm", &["npm"]), ("chromium", &["chromium", "fonts-noto-core"])];

/// Builds the program and takes the tests of `e2e/`.
pub(crate) fn run(steps: &mut Steps) {
    if steps.cargo(&["build", "--package", "openward"], &[]) == End::Failed {
        return;
    }
    steps.step("pages in a real browser", |root| match ready(root).and_then(|()| tests(root)) {
        Ok(()) => End::Ok,
        Err(why) => {
            println!("{why}");
            End::Failed
        }
    });
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn call(command: &mut Command) -> Result<(), String> {
    let ran = command.stdin(Stdio::null()).status().map_err(|error| format!("{command:?}: {error}"))?;
    if ran.success() { Ok(()) } else { Err(format!("{command:?}: {ran}")) }
}

/// Makes ready whatever the tests need.
fn ready(root: &Path) -> Result<(), String> {
    let missing: Vec<_> = PROGRAMS.iter().filter(|(program, _)| !is_there(program)).collect();
    if !missing.is_empty() {
        let packages: Vec<&str> = missing.iter().flat_map(|(_, packages)| *packages).copied().collect();
        println!("installing {}", packages.join(", "));
        let install = |words: &[&str]| call(Command::new("apt-get").args(words).args(&packages).env("DEBIAN_FRONTEND", "noninteractive"));
        call(Command::new("apt-get").args(["update", "--quiet"]))
            .and_then(|()| install(&["install", "--yes", "--quiet", "--no-install-recommends"]))
            .map_err(|why| format!("the tests of the pages need {}: install them, or run this as root.\n{why}", packages.join(", ")))?;
    }
    call(Command::new("npm").args(["ci", "--silent"]).current_dir(root.join("e2e")))
}

fn tests(root: &Path) -> Result<(), String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), std::path::PathBuf::from);
    let mut node = Command::new("node");
    // One file after the other: each starts a register and a browser of its own.
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).current_dir(root.join("e2e"));
    call(node.env("OPENWARD", target.join("debug/openward")))
}
