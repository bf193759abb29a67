//! `openward schema`: the published forms.

use crate::args::Schema;
use crate::failure::Failure;
use crate::page::Console;

/// Prints one.
pub(crate) fn run(what: Schema, console: &mut Console) -> Result<(), Failure> {
    let schema = match what {
        Schema::Entry => openward_law::casefile::schema(),
        Schema::Pack => openward_law::pack::schema(),
        Schema::Standing => openward_law::standing::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|error| Failure::Machine(format!("the schema cannot be written: {error}")))?;
    console.print_json(&format!("{text}\n"))
}
