"""Table of contents: every model of the case, stage by stage."""

from cdop.agency_reports.models import Invitation, PointOfContact, Reply, Request, Settled
from cdop.cases.confirmation import Confirmation
from cdop.cases.conversations import Conversation
from cdop.cases.families import Family, FamilyCase, FamilyToken
from cdop.cases.family_questions import FamilyQuestion, PanelQuestion
from cdop.cases.holds import Hold
from cdop.cases.linked import LinkedReview
from cdop.cases.links import Link
from cdop.cases.models import (
    Case,
    CaseAccess,
    CaseFacts,
    Clocks,
    Contact,
    Identity,
    IdentityToken,
    ReportedValue,
)
from cdop.cases.placement import Placement
from cdop.cases.signals import Signal, SignalCase
from cdop.cases.urgent import UrgentNotice
from cdop.core.audit import AuditEntry, AuditHead
from cdop.core.directory import PostcodePlace
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from cdop.core.limits import Limit
from cdop.core.messages import Message
from cdop.core.organisations import Area, Closure, Organisation
from cdop.core.sealing import DataKey
from cdop.core.users import RoleHolding, User
from cdop.learning.briefing_models import Briefing, BriefingPlace, PublishedBriefing
from cdop.learning.evidence import ActionEvidence
from cdop.learning.exchange import Exchange
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.progress import ProgressNote
from cdop.learning.responses import ResponseLetter
from cdop.learning.theme_models import ThematicReview, Theme, ThemeCase
from cdop.learning.training import Training
from cdop.panel.declarations import Declaration
from cdop.panel.minutes import Minutes
from cdop.panel.models import AgendaItem, Attendance, Meeting
from cdop.panel.paper_models import Paper, PaperDraft, PaperHit, Reading
from cdop.panel.terms import Cover, Term
from cdop.rapid_response.discussion_models import AgreedAction, Discussion
from cdop.rapid_response.evidence import Evidence
from cdop.rapid_response.letters import Letter
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.response_models import Response, ResponseFacts
from cdop.reviews.analysis_models import (
    Analysis,
    ChosenCategory,
    DomainGrade,
    Factor,
    Recommended,
)
from cdop.reviews.finding_models import Explained, NationalQuery, PreparedFinding
from cdop.reviews.models import DraftAnswer, DraftReading, Finding, Review
from cdop.reviews.vocabulary_models import FactorTerm, FoldedWords

__all__ = [
    "ActionEvidence",
    "ActionPoint",
    "AgreedAction",
    "AgendaItem",
    "Analysis",
    "Area",
    "Attendance",
    "AuditEntry",
    "AuditHead",
    "Briefing",
    "BriefingPlace",
    "Case",
    "CaseAccess",
    "CaseFacts",
    "ChecklistItem",
    "ChosenCategory",
    "Clocks",
    "Closure",
    "Confirmation",
    "Contact",
    "Conversation",
    "Cover",
    "DataKey",
    "Declaration",
    "Discussion",
    "Document",
    "DomainGrade",
    "Draft",
    "DraftAnswer",
    "DraftReading",
    "Evidence",
    "Exchange",
    "Explained",
    "Factor",
    "FactorTerm",
    "Family",
    "FamilyCase",
    "FamilyQuestion",
    "FamilyToken",
    "Finding",
    "FoldedWords",
    "Hold",
    "Identity",
    "IdentityToken",
    "LearningLetter",
    "Letter",
    "Limit",
    "Invitation",
    "Link",
    "LinkedReview",
    "Meeting",
    "Message",
    "Minutes",
    "NationalQuery",
    "Organisation",
    "PanelQuestion",
    "Paper",
    "PaperDraft",
    "PaperHit",
    "Placement",
    "PointOfContact",
    "PostcodePlace",
    "ProgressNote",
    "Recommendation",
    "PreparedFinding",
    "Reply",
    "PublishedBriefing",
    "Reading",
    "Recommended",
    "ReportedValue",
    "Request",
    "Response",
    "ResponseFacts",
    "ResponseLetter",
    "Review",
    "RoleHolding",
    "Settled",
    "Signal",
    "SignalCase",
    "Term",
    "ThematicReview",
    "Theme",
    "ThemeCase",
    "Training",
    "UrgentNotice",
    "User",
]
