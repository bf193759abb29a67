//! A page of text: lines of toned words, wrapped to the width, cleaned of whatever could steer a terminal, and written out.
//!
//! INVARIANT: nothing reaches a terminal but through `clean` or, as JSON, `clean_json`; colour is added after it. Deliberately absent: what the words say.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::args::{Colour, Look};
use crate::failure::Failure;

/// No wider than this unless asked: longer lines are hard to read.
const WIDTH_MAX: usize = 110;
/// Where the width is not known.
const WIDTH_UNKNOWN: usize = 80;

/// How a word is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// By the way.
    Faint,
    /// In order.
    Good,
    /// In question.
    Doubt,
    /// Not in order.
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Tone::Plain => Style::new(),
            Tone::Strong => Style::new().bold(),
            Tone::Faint => Style::new().dimmed(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Doubt => AnsiColor::Yellow.on_default(),
            Tone::Bad => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// Words with their tones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text(Vec<(char, Tone)>);

impl Text {
    /// These words, with a tone.
    pub(crate) fn new(words: impl AsRef<str>, tone: Tone) -> Text {
        Text::default().and(words, tone)
    }

    /// And these words.
    pub(crate) fn and(mut self, words: impl AsRef<str>, tone: Tone) -> Text {
        self.0.extend(clean(words.as_ref()).chars().map(|letter| (letter, tone)));
        self
    }

    /// Runs of words that are meant alike.
    pub(crate) fn runs(&self) -> Vec<(String, Tone)> {
        let mut runs: Vec<(String, Tone)> = Vec::new();
        for (letter, tone) in &self.0 {
            match runs.last_mut() {
                Some((words, last)) if last == tone => words.push(*letter),
                _ => runs.push((letter.to_string(), *tone)),
            }
        }
        runs
    }

    /// The words alone.
    pub(crate) fn words(&self) -> String {
        self.0.iter().map(|(letter, _)| letter).collect()
    }

    /// And these plain words.
    pub(crate) fn then(self, words: impl AsRef<str>) -> Text {
        self.and(words, Tone::Plain)
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Text {
        Text::new(words, Tone::Plain)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Text {
        Text::new(words, Tone::Plain)
    }
}

/// Text made safe: what could steer a terminal, or is not seen on it, is shown as its number.
pub(crate) fn clean(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\t' | '\r' => safe.push(' '),
            _ if is_unseen(letter) => safe.extend(letter.escape_unicode()),
            _ => safe.push(letter),
        }
    }
    safe
}

/// Text of several lines made safe.
pub(crate) fn clean_lines(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

/// JSON made safe: the same letters in JSON's own escapes, so that it says the same. They stand only within strings.
fn clean_json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '\n' || !is_unseen(letter) {
            safe.push(letter);
        } else {
            letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| safe.push_str(&format!("\\u{unit:04x}")));
        }
    }
    safe
}

/// Control characters, those that turn the direction of writing, and those without a width or a picture, by which two texts that look
/// alike can differ. Selectors of a letter's shape may pass: names are written with them.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// What was put on a page, before it was wrapped: for those who set it otherwise than in lines.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// A heading.
    Heading(Text),
    /// A paragraph, and how far it is indented.
    Paragraph(usize, Text),
    /// A name, and what is said of it.
    Beside(String, Text),
}

/// Lines to be written.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    width: usize,
    ascii: bool,
    lines: Vec<Text>,
    blocks: Vec<Block>,
}

impl Page {
    /// An empty page of that width.
    pub(crate) fn new(width: usize, ascii: bool) -> Page {
        Page { width, ascii, lines: Vec::new(), blocks: Vec::new() }
    }

    /// All but drawings, in the order in which it was put.
    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.0.is_empty()) {
            self.lines.push(Text::default());
        }
    }

    /// A heading, with an empty line before it.
    pub(crate) fn heading(&mut self, words: impl AsRef<str>) {
        self.blank();
        let text = Text::new(words, Tone::Strong);
        self.blocks.push(Block::Heading(text.clone()));
        self.wrap(0, 2, text);
    }

    /// A paragraph, indented.
    pub(crate) fn put(&mut self, indent: usize, text: impl Into<Text>) {
        self.hang(indent, indent, text);
    }

    /// A paragraph whose lines after the first are indented by `rest`.
    pub(crate) fn hang(&mut self, first: usize, rest: usize, text: impl Into<Text>) {
        let text = text.into();
        self.blocks.push(Block::Paragraph(first, text.clone()));
        self.wrap(first, rest, text);
    }

    fn wrap(&mut self, first: usize, rest: usize, text: Text) {
        let letters = text.0;
        let mut indent = first;
        let mut start = 0;
        loop {
            let room = self.width.saturating_sub(indent).max(20);
            let left = letters.get(start..).unwrap_or_default();
            if left.len() <= room {
                self.line(indent, left);
                return;
            }
            let space = left.iter().take(room + 1).rposition(|(letter, _)| *letter == ' ').filter(|at| *at > 0);
            let take = space.unwrap_or(room);
            self.line(indent, left.get(..take).unwrap_or_default());
            start += take + usize::from(space.is_some());
            indent = rest;
        }
    }

    /// A name, and what is said of it in a column beside it.
    pub(crate) fn beside(&mut self, name: &str, column: usize, text: impl Into<Text>) {
        let before = self.lines.len();
        let text = text.into();
        self.blocks.push(Block::Beside(clean(name.trim()), text.clone()));
        self.wrap(column, column, text);
        let label: Vec<(char, Tone)> = clean(name).chars().take(column.saturating_sub(1)).map(|letter| (letter, Tone::Strong)).collect();
        if let Some(line) = self.lines.get_mut(before) {
            let old = std::mem::take(&mut line.0);
            let rest = old.into_iter().skip(label.len());
            line.0 = label.into_iter().chain(rest).collect();
        }
    }

    /// What is said of a drawing, which stands on no page without it.
    pub(crate) fn key(&mut self, indent: usize, text: impl Into<Text>) {
        self.wrap(indent, indent, text.into());
    }

    /// A line as it is, unwrapped: a drawing.
    pub(crate) fn drawn(&mut self, text: Text) {
        self.lines.push(text);
    }

    fn line(&mut self, indent: usize, letters: &[(char, Tone)]) {
        let mut line = vec![(' ', Tone::Plain); indent];
        line.extend_from_slice(letters);
        self.lines.push(Text(line));
    }

    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        for line in &self.lines {
            let end = line.0.iter().rposition(|(letter, _)| *letter != ' ').map_or(0, |at| at + 1);
            let mut rest = line.0.get(..end).unwrap_or_default();
            while let Some((_, tone)) = rest.first() {
                let run = rest.iter().take_while(|(_, other)| other == tone).count();
                let words: String = rest.iter().take(run).map(|(letter, _)| letter).collect();
                let style = tone.style();
                write!(to, "{style}{words}{style:#}")?;
                rest = rest.get(run..).unwrap_or_default();
            }
            writeln!(to)?;
        }
        Ok(())
    }
}

/// Where the pages go.
pub(crate) struct Console {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    width: usize,
    ascii: bool,
    terminal: bool,
}

impl Console {
    /// The console that the call asks for.
    pub(crate) fn new(look: &Look) -> Console {
        let choice = match look.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        let terminal = io::stdout().is_terminal();
        let seen = || {
            terminal
                .then(terminal_size::terminal_size)
                .flatten()
                .map(|(terminal_size::Width(columns), _)| usize::from(columns).clamp(40, WIDTH_MAX))
        };
        let width = look.width.map(usize::from).or_else(seen).unwrap_or(WIDTH_UNKNOWN);
        Console {
            out: AutoStream::new(io::stdout(), choice),
            err: AutoStream::new(io::stderr(), choice),
            width,
            ascii: look.ascii,
            terminal,
        }
    }

    /// An empty page for this console.
    pub(crate) fn page(&self) -> Page {
        Page::new(self.width, self.ascii)
    }

    /// Whether somebody is looking.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes a page.
    pub(crate) fn show(&mut self, page: &Page) -> Result<(), Failure> {
        let mut buffer = Vec::new();
        let written = page.write(&mut buffer).and_then(|()| self.out.write_all(&buffer)).and_then(|()| self.out.flush());
        quietly(written)
    }

    /// Writes JSON for programs.
    pub(crate) fn print_json(&mut self, text: &str) -> Result<(), Failure> {
        quietly(self.out.write_all(clean_json(text).as_bytes()).and_then(|()| self.out.flush()))
    }

    /// Writes lines as they are, neither wrapped nor toned: a text that another program reads. Only a terminal gets it made safe.
    pub(crate) fn print_lines(&mut self, text: &str) -> Result<(), Failure> {
        let text = if self.terminal { clean_lines(text) } else { text.to_owned() };
        quietly(self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()))
    }

    /// Says something beside the answer, on the standard error.
    pub(crate) fn note(&mut self, text: &str) {
        let mut page = Page::new(self.width, self.ascii);
        page.hang(0, 2, Text::new("openward: ", Tone::Doubt).then(text));
        // There is nowhere left to say that it could not be said.
        let _ = page.write(&mut self.err);
    }

    /// Says why the program ends early.
    pub(crate) fn complain(&mut self, failure: &Failure) {
        let mut page = Page::new(self.width, self.ascii);
        for message in failure.messages() {
            for (at, line) in message.lines().enumerate() {
                let indent = line.len() - line.trim_start().len();
                let label = if at == 0 { Text::new("openward: ", Tone::Bad) } else { Text::default() };
                page.hang(indent, indent + 2, label.then(line.trim_start()));
            }
        }
        if let Failure::Content(problems) | Failure::Found(problems) = failure {
            let count = if problems.len() == 1 { "One problem".to_owned() } else { format!("{} problems", problems.len()) };
            page.put(0, Text::new("openward: ", Tone::Bad).then(format!("{count}.")));
        }
        // There is nowhere left to say that the complaint could not be made.
        let _ = page.write(&mut self.err);
    }
}

/// A reader that went away is no failure.
fn quietly(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Machine(format!("the output could not be written: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_json, is_unseen};

    /// Each end of every span that must not pass, and what lies just outside.
    const UNSEEN: &str = "\u{0}\u{1b}\u{7f}\u{80}\u{9b}\u{9f}\u{ad}\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\
        \u{2060}\u{2064}\u{2066}\u{2069}\u{feff}\u{e0000}\u{e0001}\u{e007f}";

    #[test]
    fn what_is_not_seen_is_shown_as_its_number() {
        for letter in UNSEEN.chars() {
            assert!(is_unseen(letter), "{letter:?}");
            assert_eq!(clean(&format!("a{letter}b")), format!("a{}b", letter.escape_unicode()));
        }
    }

    #[test]
    fn letters_of_every_script_are_left_alone() {
        let plain = "a£é ñ ß ж ש ع ह 中 🙂 \u{a0}\u{2010}\u{2014}\u{2027}\u{202f}\u{205f}\u{2070}";
        assert_eq!(clean(plain), plain);
        assert_eq!(clean_json(plain), plain);
    }

    #[test]
    fn json_that_is_made_safe_says_the_same() {
        let value = serde_json::json!({ "note": UNSEEN, "plain": "é 中 🙂" });
        let text = serde_json::to_string_pretty(&value).unwrap_or_default();
        let safe = clean_json(&text);
        assert!(!safe.chars().any(|letter| letter != '\n' && is_unseen(letter)), "{safe:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).ok(), Some(value));
    }
}
