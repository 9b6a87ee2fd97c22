//! Who may do what: one table of actions, each with its roles and the scope a machine client needs.

use serde::{Deserialize, Serialize};

/// Role of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Accounts, clients, reference data, configuration; no case data.
    Admin,
    /// Koordinator Dinsos: the city.
    Coordinator,
    /// Pekerja sosial: own kecamatan and assigned cases.
    SocialWorker,
    /// Operator kelurahan / Puskesos: own kelurahan.
    VillageOperator,
    /// Petugas OPD: own organization's programs and referrals.
    AgencyOfficer,
    /// Mitra yayasan / LKS: own foundation.
    Partner,
    /// Ombudsman / Inspektorat: de-identified.
    Auditor,
    /// Warga: own data.
    Citizen,
}

impl Role {
    /// Every role of a person.
    pub const ALL: &[Self] = &[
        Self::Admin,
        Self::Coordinator,
        Self::SocialWorker,
        Self::VillageOperator,
        Self::AgencyOfficer,
        Self::Partner,
        Self::Auditor,
        Self::Citizen,
    ];

    /// Slug as in the database and on the wire.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Coordinator => "coordinator",
            Self::SocialWorker => "social_worker",
            Self::VillageOperator => "village_operator",
            Self::AgencyOfficer => "agency_officer",
            Self::Partner => "partner",
            Self::Auditor => "auditor",
            Self::Citizen => "citizen",
        }
    }
    /// From its slug.
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.slug() == slug)
    }
}

/// Something a caller may do.
pub trait Action: 'static {
    /// `area.verb`, for audit and documents.
    const NAME: &'static str;
    /// Roles of which one must be granted.
    const ROLES: &'static [Role];
    /// Scope that lets a machine client do it, if any does.
    const CLIENT_SCOPE: Option<&'static str>;
    /// True where nobody needs to sign in.
    const PUBLIC: bool = false;
}

/// An action that may change something.
pub trait Mutating: Action {}

macro_rules! actions {
    ($($name:ident $slug:literal $mode:ident [$($role:ident)*] $(client $scope:literal)?;)*) => {
        $(
            #[doc = concat!("`", $slug, "`")]
            #[derive(Debug)]
            pub struct $name;
            impl Action for $name {
                const NAME: &'static str = $slug;
                const ROLES: &'static [Role] = &[$(Role::$role),*];
                const CLIENT_SCOPE: Option<&'static str> = actions!(@scope $($scope)?);
                const PUBLIC: bool = actions!(@public $mode);
            }
            actions!(@mutating $mode $name);
        )*
        /// Name, roles and client scope of every action, for documents and tests.
        pub static ACTIONS: &[(&str, &[Role], Option<&str>)] = &[$(($slug, $name::ROLES, $name::CLIENT_SCOPE)),*];
    };
    (@scope $scope:literal) => { Some($scope) };
    (@scope) => { None };
    (@public public) => { true };
    (@public $other:ident) => { false };
    (@mutating read $name:ident) => {};
    (@mutating $other:ident $name:ident) => { impl Mutating for $name {} };
}

actions! {
    PublicRead "public.read" read [];
    SignIn "auth.sign_in" public [];
    OwnAccount "account.own" write [Admin Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor Citizen];
    ReferenceRead "reference.read" read [Admin Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor Citizen] client "reference:read";
    CodeListEdit "code_list.edit" write [Admin];
    CalendarEdit "calendar.edit" write [Admin Coordinator];
    MandateEdit "mandate.edit" write [Admin Coordinator];
    OrganizationRead "organization.read" read [Admin Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor] client "reference:read";
    OrganizationEdit "organization.edit" write [Admin Coordinator];
    OrganizationVerify "organization.verify" write [Coordinator];
    AccountRead "account.read" read [Admin Coordinator];
    AccountEdit "account.edit" write [Admin];
    GrantApprove "grant.approve" write [Coordinator];
    ClientRead "client.read" read [Admin];
    ClientEdit "client.edit" write [Admin];
    OperationRead "operation.read" write [Admin Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor] client "imports:read";
    ViewOwn "view.own" write [Admin Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor];
    HouseholdRead "household.read" write [Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor Citizen] client "households:read";
    HouseholdSearch "household.search" read [Coordinator SocialWorker VillageOperator AgencyOfficer Partner] client "households:read";
    HouseholdCreate "household.create" write [Coordinator SocialWorker VillageOperator];
    HouseholdEdit "household.edit" write [Coordinator SocialWorker VillageOperator];
    HouseholdExport "household.export" write [Coordinator SocialWorker VillageOperator Auditor];
    IndividualReveal "individual.reveal" write [Coordinator SocialWorker VillageOperator AgencyOfficer Partner Citizen];
    AccessLogRead "access_log.read" read [Coordinator Auditor Citizen];
    ImportRead "import.read" write [Coordinator VillageOperator Partner] client "imports:read";
    ImportCreate "import.create" write [Coordinator VillageOperator Partner] client "imports:write";
    ImportApply "import.apply" write [Coordinator];
    ImportProfileRead "import_profile.read" read [Admin Coordinator VillageOperator Partner] client "imports:read";
    ImportProfileEdit "import_profile.edit" write [Admin];
    ImportProfileActivate "import_profile.activate" write [Coordinator];
    SourceTrustRead "source_trust.read" read [Admin Coordinator Auditor];
    SourceTrustPropose "source_trust.propose" write [Admin];
    SourceTrustConfirm "source_trust.confirm" write [Coordinator];
    QualityRead "quality.read" read [Coordinator SocialWorker VillageOperator Auditor];
    QualityRows "quality.rows" read [Coordinator SocialWorker VillageOperator];
    ProblemRead "problem.read" read [Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor Citizen] client "problems:read";
    ProblemReport "problem.report" write [Coordinator SocialWorker VillageOperator AgencyOfficer Citizen];
    ProblemVerify "problem.verify" write [Coordinator SocialWorker VillageOperator];
    ProblemDetect "problem.detect" write [Coordinator];
    CorrectionRead "correction.read" read [Coordinator SocialWorker VillageOperator Citizen];
    CorrectionSubmit "correction.submit" write [Coordinator SocialWorker VillageOperator Citizen];
    CorrectionExamine "correction.examine" write [Coordinator SocialWorker VillageOperator];
    DuplicateRead "duplicate.read" read [Coordinator SocialWorker VillageOperator];
    DuplicateFind "duplicate.find" write [Coordinator];
    DuplicateDecide "duplicate.decide" write [Coordinator SocialWorker VillageOperator];
    DuplicateConfirm "duplicate.confirm" write [Coordinator SocialWorker];
    DuplicateUndo "duplicate.undo" write [Coordinator];
    RetentionRead "retention.read" read [Admin Coordinator Auditor];
    RetentionEdit "retention.edit" write [Admin];
    RetentionRequest "retention.request" write [Admin Coordinator];
    RetentionConfirm "retention.confirm" write [Admin Coordinator];
    LegalHoldRead "legal_hold.read" read [Coordinator Auditor];
    LegalHoldPlace "legal_hold.place" write [Coordinator];
    DecisionRead "decision.read" read [Coordinator SocialWorker VillageOperator AgencyOfficer Auditor Citizen];
    DecisionNoticeRead "decision.notice" read [Coordinator SocialWorker VillageOperator AgencyOfficer Citizen];
    DecisionPropose "decision.propose" write [Coordinator SocialWorker VillageOperator AgencyOfficer];
    DecisionAnswer "decision.answer" write [Coordinator SocialWorker VillageOperator Citizen];
    DecisionConfirm "decision.confirm" write [Coordinator SocialWorker];
    BreakGlassRead "break_glass.read" read [Coordinator SocialWorker Auditor];
    BreakGlassOpen "break_glass.open" write [Coordinator SocialWorker];
    BreakGlassReview "break_glass.review" write [Coordinator Auditor];
    EvidenceRead "evidence.read" write [Coordinator SocialWorker VillageOperator AgencyOfficer Partner Citizen];
    EvidenceAdd "evidence.add" write [Coordinator SocialWorker VillageOperator AgencyOfficer Citizen];
    InstrumentRead "instrument.read" read [Admin Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor] client "reference:read";
    InstrumentEdit "instrument.edit" write [Admin];
    InstrumentActivate "instrument.activate" write [Coordinator];
    AssessmentRead "assessment.read" read [Coordinator SocialWorker VillageOperator Auditor];
    AssessmentWrite "assessment.write" write [SocialWorker VillageOperator];
    AssessmentCountersign "assessment.countersign" write [Coordinator SocialWorker];
    CaseRead "case.read" read [Coordinator SocialWorker Auditor];
    CaseWork "case.work" write [Coordinator SocialWorker];
    WorkloadRead "workload.read" read [Coordinator SocialWorker];
    TaskRead "task.read" read [Coordinator SocialWorker VillageOperator];
    ProgramRead "program.read" read [Admin Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor Citizen] client "programs:read";
    ProgramDraft "program.draft" write [Coordinator AgencyOfficer Partner] client "programs:write";
    ProgramPublish "program.publish" write [Coordinator];
    RuleCheckRead "rule.check" read [Coordinator SocialWorker VillageOperator AgencyOfficer Partner] client "programs:write";
    RulePreviewRead "rule.preview" read [Coordinator AgencyOfficer Partner] client "programs:write";
    MatchRead "match.read" read [Coordinator SocialWorker VillageOperator Auditor];
    ProgramMatchRead "match.count" read [Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor] client "programs:read";
    AllocationRead "allocation.read" read [Coordinator Auditor];
    AllocationRun "allocation.run" write [Coordinator];
    AllocationApprove "allocation.approve" write [Coordinator];
    MatchRun "match.run" write [Coordinator];
    FundingRead "funding.read" read [Coordinator AgencyOfficer Partner Auditor] client "funding:read";
    FundingCreate "funding.create" write [Coordinator Partner];
    FundingPledge "funding.pledge" write [Coordinator Partner];
    FundingApprove "funding.approve" write [Coordinator];
    ServiceRead "service.read" read [Coordinator SocialWorker VillageOperator Auditor Citizen];
    ServiceHandle "service.handle" write [Coordinator SocialWorker VillageOperator];
    ServiceApprove "service.approve" write [Coordinator SocialWorker VillageOperator];
    LetterRead "letter.read" read [Coordinator SocialWorker VillageOperator Citizen];
    LetterVerify "letter.verify" public [];
    TemplateRead "letter_template.read" read [Admin Coordinator SocialWorker VillageOperator];
    TemplateEdit "letter_template.edit" write [Admin Coordinator];
    TemplateActivate "letter_template.activate" write [Coordinator];
    ReferralRead "referral.read" read [Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor Citizen] client "referrals:read";
    ReferralSend "referral.send" write [Coordinator SocialWorker AgencyOfficer];
    ReferralAnswer "referral.answer" write [Coordinator AgencyOfficer Partner] client "referrals:write";
    ReferralReach "referral.reach" write [Coordinator SocialWorker AgencyOfficer];
    ReferralRecord "referral.record_answer" write [Coordinator SocialWorker AgencyOfficer];
    ReferralLinkAnswer "referral.answer_by_link" public [];
    ReferralContact "referral.contact" write [AgencyOfficer Partner] client "referrals:read";
    BenefitRead "benefit.read" read [Coordinator SocialWorker VillageOperator Auditor Citizen];
    BenefitReport "benefit.report" write [Coordinator SocialWorker VillageOperator];
    BenefitList "benefit.list" write [Coordinator];
    DisclosureRead "disclosure.read" read [Coordinator AgencyOfficer Partner Auditor Citizen];
    OverrideRead "overlap.read" read [Coordinator Auditor];
    OverrideReview "overlap.review" write [Coordinator];
    DeliveryRead "delivery.read" read [Coordinator SocialWorker VillageOperator AgencyOfficer Partner Auditor Citizen] client "referrals:read";
    DeliveryPlan "delivery.plan" write [Coordinator AgencyOfficer Partner] client "referrals:write";
    DeliveryApprove "delivery.approve" write [Coordinator AgencyOfficer Partner];
    DeliveryAttest "delivery.attest" write [Coordinator SocialWorker VillageOperator AgencyOfficer Partner] client "referrals:write";
    DeliveryConfirm "delivery.confirm" write [Citizen];
}
