//! The help text: commands, options, exit codes.

/// What `--help` shows.
pub(crate) const HELP: &str = "\
openward-verify: checks what a register signed, without the register.

  openward-verify receipt FILE     a receipt of either stage
  openward-verify checkpoint FILE  a checkpoint, as printed on papers
  openward-verify log FOLDER       a copy of the public log: `checkpoint` and `tile/...`
  openward-verify export FOLDER    what a register gave out of one file

Options
  --key TEXT            the public key of the register (name+id+base64); may be given more than once while keys change
  --key-file FILE       the same, from a file of one line
  --witness TEXT        the public key of a witness that you trust; may be given more than once
  --witness-file FILE   the same, from a file of one line
  --witnesses-min N     how many of them must have signed (all, if this is left out)
  --older FILE          a checkpoint from another time or another hand; may be given more than once
  --consistency FILE    a proof that leads from one checkpoint to another; may be given more than once
  --log FOLDER          a copy of the public log, from which such proofs are made
  --receipt FILE        with `log`: a receipt whose entry must be in it; may be given more than once

Take the key from a place that the register cannot change for you alone: a printed notice, a court, a newspaper, a second person.

Exit codes
  0  everything that was asked for is proved
  1  something is wrong: changed, wrongly signed, or two histories
  2  the command was not understood
  3  a file could not be read
  4  nothing is wrong, but not everything that was asked for could be checked; the text says what is missing
";
