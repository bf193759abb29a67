//! Which facts tie somebody to a person's file: as counsel, as the one they nominated, as interpreter, as who sat, as who acts, as the place of
//! the stay.
//!
//! A tie says that somebody has to do with a file, and from which fact that follows. It comes from the facts alone: no country's office or paper
//! makes one. Deliberately absent: what a tie entitles to, which is a question of access, and the tie's dates.

use super::{Details, FactKind, Whereabouts};

/// How somebody is tied to a person's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tie {
    /// Counsel whom the person chose.
    ChosenCounsel,
    /// Counsel who was assigned.
    AssignedCounsel,
    /// Whom the person nominated, to be informed or to represent them.
    Nominee,
    /// Interpreter.
    Interpreter,
    /// Who sat at a hearing, or decided.
    Member,
    /// Who signed, examined or did another act on the file.
    Actor,
    /// The facility of the stay.
    Facility,
}

impl Tie {
    /// Every tie with its word.
    pub const ALL: &'static [(Tie, &'static str)] = &[
        (Tie::ChosenCounsel, "chosen-counsel"),
        (Tie::AssignedCounsel, "assigned-counsel"),
        (Tie::Nominee, "nominee"),
        (Tie::Interpreter, "interpreter"),
        (Tie::Member, "member"),
        (Tie::Actor, "actor"),
        (Tie::Facility, "facility"),
    ];

    /// The ties that a new one of this kind takes the place of, whoever had them.
    ///
    /// Counsel whom the person chooses takes the place of all counsel before, for it is the person's choice. Whoever chooses several names them
    /// in one entry.
    pub const fn replaces(self) -> &'static [Tie] {
        match self {
            Tie::ChosenCounsel => &[Tie::ChosenCounsel, Tie::AssignedCounsel],
            Tie::AssignedCounsel => &[Tie::AssignedCounsel],
            Tie::Interpreter => &[Tie::Interpreter],
            Tie::Facility => &[Tie::Facility],
            Tie::Nominee | Tie::Member | Tie::Actor => &[],
        }
    }

    /// Whether the tie is over when the person leaves: it hangs on the stay.
    pub const fn ends_with_stay(self) -> bool {
        match self {
            Tie::Facility | Tie::Actor => true,
            Tie::ChosenCounsel | Tie::AssignedCounsel | Tie::Nominee | Tie::Interpreter | Tie::Member => false,
        }
    }
}

impl FactKind {
    /// The ties that an entry of this fact makes, each with whom: file ids, and words where no file is named.
    pub fn ties(self, details: &Details) -> Vec<(Tie, &str)> {
        let to = |tie: Tie| details.to.iter().map(move |who| (tie, who.as_str()));
        let mut ties: Vec<(Tie, &str)> = match self {
            FactKind::CounselChosen => to(Tie::ChosenCounsel).collect(),
            FactKind::CounselAssigned => to(Tie::AssignedCounsel).collect(),
            FactKind::Nominated => to(Tie::Nominee).collect(),
            FactKind::InterpreterAssigned => to(Tie::Interpreter).collect(),
            FactKind::HearingHeld | FactKind::Decided => details.members.iter().map(|who| (Tie::Member, who.as_str())).collect(),
            // A move ties the place that the person is moved to.
            FactKind::Transferred => to(Tie::Facility).collect(),
            _ => Vec::new(),
        };
        let place = details.place.iter().map(|place| (Tie::Facility, place.as_str()));
        match self.whereabouts() {
            Whereabouts::In | Whereabouts::Held | Whereabouts::Stopped | Whereabouts::Asked | Whereabouts::Stays | Whereabouts::Back => {
                ties.extend(place);
            }
            Whereabouts::Unmoved | Whereabouts::OnLeave | Whereabouts::Absent | Whereabouts::Gone => {}
        }
        ties.extend(details.by.iter().map(|who| (Tie::Actor, who.as_str())));
        ties
    }
}
