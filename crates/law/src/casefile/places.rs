//! Which facts belong in which kind of file.
//!
//! One act writes one file: that of whom or what the fact is about. A person's admission in a facility's file would be
//! a person's secret in the wrong hands, so it is refused by its form. Deliberately absent: who may write which file.

use crate::entry::{FactKind, FileKind};

/// The kinds of file in which a fact may stand.
pub const fn file_kinds(fact: FactKind) -> &'static [FileKind] {
    use FactKind::*;
    use FileKind::{Facility, Law, Organisation, Person, Professional};
    match fact {
        FacilityDesignated | DesignationEnded => &[Facility],
        ProfessionalAuthorised | AuthorisationEnded => &[Professional, Organisation],
        Employed | EmploymentEnded => &[Professional],
        // Relations count between patient, relative, professional and firm alike: independence is asked of all of them.
        Related => &[Person, Professional, Organisation],
        EmergencyDeclared | PackAdopted => &[Law],
        Described | AlternativesTried | SawPerson | Consulted | Objected | Examined | CapacityAssessed | Signed | Furnished | Received
        | Scrutinised | Rectified | Arrived | Taken | Held | Recalled | Admitted | Retained | AskedToLeave | Kept | Stayed
        | LeaveGranted | LeaveRevoked | Absent | Returned | Transferred | Imprisoned | CourtOrdered | OrderEnded | Discharged
        | DischargeOrdered | DischargeBarred | RightsExplained | NoticeGiven | Notified | SentCopy | NoticeObjected | Nominated
        | CounselChosen | CounselAssigned | InterpreterAssigned | Referred | Applied | Withdrawn | ReportRequested | ReportFiled
        | EvidenceFiled | Disclosed | Withheld | HearingListed | Adjourned | AttendanceRequested | AttendanceDecided | PublicityDecided
        | HearingHeld | Decided | Appealed | AppealDecided | Treated | TreatmentConsented | RestrictionImposed | RestrictionEnded
        | SeclusionStarted | Observed | SeclusionEnded | AccessRequested | AccessGiven | CommentInserted | ComplaintMade | WorkAgreed
        | WorkDone | WorkPaid | Informed | FileJoined | Left | Died => &[Person],
    }
}

/// What a kind of file is called in a message.
pub(super) const fn name(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Person => "a person's file",
        FileKind::Facility => "a facility's file",
        FileKind::Professional => "a professional's file",
        FileKind::Organisation => "an organisation's file",
        FileKind::Law => "the law file",
    }
}
