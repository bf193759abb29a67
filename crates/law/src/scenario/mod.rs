//! Scenarios: given, when, then, with the section cited and the date worked by hand.
//!
//! A scenario is run through the same reader, fold and view as any case file; nothing here knows the law. Deliberately absent:
//! any way to take an expectation from the engine's own output.

mod parse;
mod run;

pub use parse::{FactLine, Scenario, ScenarioError, Then, parse};
pub use run::{Failure, Laws, Ready, run};
