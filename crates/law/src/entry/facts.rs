//! The registry of facts: every word that may stand in the field `fact` of an entry, the fields it may carry,
//! and what it does to a person's whereabouts.
//!
//! One table is the one source: the case-file reader, the published JSON Schema, the pack loader and the engine all read it.
//! A fact is a past participle (style 6). Deliberately absent: any country's form, period or office; packs say those.

use super::Field;

/// What a fact does to where a person is, before any law is asked.
///
/// `held` follows from whereabouts; authority never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// Nothing: the fact does not move the person.
    Unmoved,
    /// The person is in a facility. Whether held depends on the word in `under`.
    In,
    /// The person is in somebody's hands (place of safety, custody, a holding power).
    Held,
    /// A person free to leave is stopped from leaving.
    Stopped,
    /// A person free to leave asks to go; until the next fact the register cannot tell whether they are held.
    Asked,
    /// The person stays of their own choice.
    Stays,
    /// Away on leave that was granted.
    OnLeave,
    /// Away without leave.
    Absent,
    /// Back from leave or absence, in the state they left in.
    Back,
    /// Gone: out of the facility and out of anybody's hands.
    Gone,
}

macro_rules! facts {
    ($( $variant:ident $word:literal $where:ident [$($required:ident),*] [$($optional:ident),*] $meaning:literal; )*) => {
        /// The word of a fact. The order of the variants is the order in which facts of one and the same instant are read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum FactKind { $( #[doc = $meaning] $variant ),* }

        impl FactKind {
            /// Every fact there is, in reading order.
            pub const ALL: &'static [FactKind] = &[$(FactKind::$variant),*];

            /// The word as it stands in a case file.
            pub const fn word(self) -> &'static str { match self { $(FactKind::$variant => $word),* } }

            /// The fact a word names, if it names one.
            pub fn from_word(word: &str) -> Option<FactKind> { match word { $($word => Some(FactKind::$variant),)* _ => None } }

            /// What the fact means, in one sentence.
            pub const fn meaning(self) -> &'static str { match self { $(FactKind::$variant => $meaning),* } }

            /// What the fact does to the person's whereabouts.
            pub const fn whereabouts(self) -> Whereabouts { match self { $(FactKind::$variant => Whereabouts::$where),* } }

            /// The fields that must be present.
            pub const fn required(self) -> &'static [Field] { match self { $(FactKind::$variant => &[$(Field::$required),*]),* } }

            /// The fields that may be present beside the common ones ([`Field::COMMON`]).
            pub const fn optional(self) -> &'static [Field] { match self { $(FactKind::$variant => &[$(Field::$optional),*]),* } }
        }
    };
}

impl FactKind {
    /// Whether the fact acts on what is running: a paper, a decision, an end. Of such a fact only the date being known, it is read at
    /// the end of its day; any other is read at the beginning.
    pub const fn acts_on_what_runs(self) -> bool {
        use FactKind::{
            AppealDecided, CourtOrdered, Decided, Died, DischargeOrdered, Discharged, Furnished, Left, OrderEnded, Received, Rectified,
            Retained, Returned, Signed, Stayed, Transferred, Withdrawn,
        };
        matches!(
            self,
            Signed
                | CourtOrdered
                | Furnished
                | Received
                | Rectified
                | Retained
                | Stayed
                | Returned
                | Transferred
                | OrderEnded
                | Discharged
                | DischargeOrdered
                | Withdrawn
                | Decided
                | AppealDecided
                | Left
                | Died
        )
    }
}

facts! {
    // Facts of facilities, professionals and the law come first: they are the ground the others stand on.
    FacilityDesignated "facility-designated" Unmoved [Kind] [Name, Law, Region, Zone, From, Until]
        "A facility is designated for a purpose by a competent authority, from the day of the entry.";
    DesignationEnded "designation-ended" Unmoved [Kind] [] "A designation of a facility ends.";
    ProfessionalAuthorised "professional-authorised" Unmoved [Kind] [Name, Law, From, Until]
        "A professional is authorised for a kind of act, from the day of the entry.";
    AuthorisationEnded "authorisation-ended" Unmoved [Kind] [] "An authorisation of a professional ends.";
    Employed "employed" Unmoved [With] [Kind, From, Until] "A professional works for a facility or organisation.";
    EmploymentEnded "employment-ended" Unmoved [With] [] "An employment ends.";
    Related "related" Unmoved [With, Kind] [From, Until] "Two people stand in a relation that the law may ask about.";
    EmergencyDeclared "emergency-declared" Unmoved [Kind] [Region, Until] "A public emergency that changes the law is declared.";
    // The person.
    Described "described" Unmoved [] [Name, Born, Sex, Language, Region]
        "What is known of the person: the name, and what the law may ask about: date of birth, sex, language, region.";
    // Before and around admission.
    AlternativesTried "alternatives-tried" Unmoved [] [How, Kind] "Less restrictive alternatives were tried or considered.";
    SawPerson "saw-person" Unmoved [By] [] "Somebody personally saw the person, as an applicant must.";
    Consulted "consulted" Unmoved [By] [To, How, Kind, Outcome] "Somebody was consulted, as the law asks before an act.";
    Objected "objected" Unmoved [] [To, Kind] "Somebody objected to an act before it was done.";
    Examined "examined" Unmoved [By] [How, States] "A practitioner examined the person.";
    CapacityAssessed "capacity-assessed" Unmoved [By, Outcome] [Kind] "Capacity for one decision was assessed.";
    Signed "signed" Unmoved [Instrument] [States, Length, Until, Under, Examined, Outcome, To, Kind]
        "An instrument (application, recommendation, certificate, order, report) was signed.";
    Furnished "furnished" Unmoved [] [Instrument, To] "A signed instrument was handed to the one who must have it.";
    Received "received" Unmoved [] [Instrument, To] "A signed instrument, application or notice came into the hands of the one it is for.";
    Scrutinised "scrutinised" Unmoved [] [Outcome] "Papers were scrutinised.";
    Rectified "rectified" Unmoved [Of] [Kind, Consent] "A defect in an instrument was mended as the law allows.";
    // Where the person is.
    Arrived "arrived" Unmoved [] [Kind] "Somebody (a doctor, the person) arrived where the law makes arrival count.";
    Taken "taken" Held [Under] [How] "The person was taken into custody or to a place of safety.";
    Held "held" Held [Under] [How] "The person is held under a named power.";
    Recalled "recalled" Held [Under] [] "The person is held in hospital by virtue of a recall.";
    Admitted "admitted" In [Under] [Kind, Language] "The person was admitted, under the named order or of their own choice.";
    Retained "retained" In [Under] [] "A person already in the facility is kept on under the named order.";
    AskedToLeave "asked-to-leave" Asked [] [How] "A person free to leave said that they want to go.";
    Kept "kept" Stopped [] [How] "A person free to leave was stopped from leaving.";
    Stayed "stayed" Stays [] [] "A person free to leave chose to stay.";
    LeaveGranted "leave-granted" OnLeave [] [Until, Length, Kind] "Leave of absence began.";
    LeaveRevoked "leave-revoked" Unmoved [] [How] "Leave of absence was revoked.";
    Absent "absent" Absent [] [Kind] "The person went, or stayed, away without leave.";
    Returned "returned" Back [] [Kind] "The person came or was brought back.";
    Transferred "transferred" Unmoved [] [To, Under, Kind] "The person was moved to another facility or into other hands.";
    Imprisoned "imprisoned" Absent [] [Kind] "The person is in prison or other custody outside mental health law.";
    // Acts of authorities on the order.
    CourtOrdered "court-ordered" Unmoved [Instrument] [States, Length, Until, Under, Outcome, Kind] "A court made an order.";
    OrderEnded "order-ended" Unmoved [] [Under, Kind] "An order was ended by the one who may end it.";
    Discharged "discharged" Unmoved [] [Under, Kind] "The person was discharged from the order; leaving the building is another fact.";
    DischargeOrdered "discharge-ordered" Unmoved [] [Under, Kind] "Somebody entitled to do so gave notice or order that the person be discharged.";
    DischargeBarred "discharge-barred" Unmoved [] [Kind] "A discharge was barred by a report or certificate.";
    // Rights, notices, representation.
    RightsExplained "rights-explained" Unmoved [] [To, How, Contents, Language, Understood] "Rights were explained.";
    NoticeGiven "given" Unmoved [] [To, How, Contents, Language, Kind, Instrument] "A notice or paper was given into the hands of the one it is for.";
    Notified "notified" Unmoved [] [To, How, Contents, Kind] "A person or body was told.";
    SentCopy "sent-copy" Unmoved [] [To, Instrument, Kind] "A copy was sent.";
    NoticeObjected "family-notice-objected" Unmoved [] [To] "The person objects to the family being told.";
    Nominated "nominated" Unmoved [To] [Kind] "The person named somebody to be informed or to represent them.";
    CounselChosen "counsel-chosen" Unmoved [] [To] "The person chose counsel.";
    CounselAssigned "counsel-assigned" Unmoved [] [To] "Counsel was assigned.";
    InterpreterAssigned "interpreter-assigned" Unmoved [] [To, Language] "An interpreter was assigned.";
    // Review.
    Referred "referred" Unmoved [] [To, Under] "The case was referred to the review body.";
    Applied "applied" Unmoved [Under] [To] "Somebody applied, under the named paragraph.";
    Withdrawn "withdrawn" Unmoved [Of] [] "An application or reference was withdrawn.";
    ReportRequested "report-requested" Unmoved [] [To, Kind] "A report was asked for.";
    ReportFiled "report-filed" Unmoved [] [To, Kind, Outcome] "A report was filed.";
    EvidenceFiled "evidence-filed" Unmoved [] [Kind] "Evidence was filed.";
    Disclosed "disclosed" Unmoved [] [To, Contents] "Papers were disclosed.";
    Withheld "withheld" Unmoved [] [To, Contents, Kind] "Part of the papers, or a letter, was withheld.";
    HearingListed "hearing-listed" Unmoved [] [To, On] "A hearing was listed.";
    Adjourned "adjourned" Unmoved [] [Until, Kind] "A hearing was put off.";
    AttendanceRequested "attendance-requested" Unmoved [To] [] "The presence of a person at a hearing was asked for.";
    AttendanceDecided "attendance-decided" Unmoved [Outcome] [To] "Whether a person may be present was decided.";
    PublicityDecided "publicity-decided" Unmoved [Outcome] [] "Whether a hearing is public or private was decided.";
    HearingHeld "hearing-held" Unmoved [] [Members, Contents, Kind] "A hearing was held.";
    Decided "decided" Unmoved [Outcome] [Answers, Until, Length, Members, Kind] "A body decided.";
    Appealed "appealed" Unmoved [] [To, Under] "An appeal was lodged.";
    AppealDecided "appeal-decided" Unmoved [Outcome] [Answers] "An appeal was decided.";
    // Treatment, restriction, records.
    Treated "treated" Unmoved [Kind] [Under, How] "Treatment of a kind that the law regulates was given.";
    TreatmentConsented "treatment-consented" Unmoved [Kind] [Outcome] "The person consented to, or refused, a treatment.";
    RestrictionImposed "restriction-imposed" Unmoved [Kind] [Under, Until, Contents] "A restriction was imposed.";
    RestrictionEnded "restriction-ended" Unmoved [] [Kind] "A restriction ended.";
    SeclusionStarted "seclusion-started" Unmoved [] [Kind, Under] "Seclusion or restraint started.";
    Observed "observed" Unmoved [] [Kind] "An observation during seclusion or restraint was made.";
    SeclusionEnded "seclusion-ended" Unmoved [] [Kind] "Seclusion or restraint ended.";
    AccessRequested "access-requested" Unmoved [] [Kind] "Access to records was asked for.";
    AccessGiven "access-given" Unmoved [] [Kind, Contents] "Access to records was given.";
    CommentInserted "comment-inserted" Unmoved [] [] "A written comment was inserted in the file.";
    ComplaintMade "complaint-made" Unmoved [] [To, Kind] "A complaint was made.";
    WorkAgreed "work-agreed" Unmoved [] [Kind] "The person agreed to work of their choice.";
    WorkDone "work-done" Unmoved [] [Kind] "The person worked.";
    WorkPaid "work-paid" Unmoved [] [Kind] "Work was paid.";
    // Leaving.
    Informed "informed" Unmoved [] [Kind, By] "Somebody came to know of something from which a period starts.";
    FileJoined "joined" Unmoved [With] [] "Two files are of one person.";
    PackAdopted "pack-adopted" Unmoved [Law] [] "The register adopted a law pack.";
    Left "left" Gone [] [How] "The person left.";
    Died "died" Gone [] [] "The person died.";
}
