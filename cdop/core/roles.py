"""The one table of roles and permissions: who may do what, in words and in code."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One thing that a person may do. Pages and actions ask for these and for nothing else."""

    NOTIFICATIONS_TRIAGE = "triage notifications"
    CASES_MANAGE = "see and manage every case"
    CASES_RESPOND = "see and work on the cases one was given"
    IDENTITY_READ = "read who a child was, with a purpose"
    CHECKLIST_COMPLETE = "complete tasks of the first days"
    MEETINGS_ARRANGE = "arrange panel meetings and their papers"
    MEETINGS_RUN = "open and close a panel meeting, decide on declared interests"
    CASES_DEFER = "put a case off to a later meeting"
    PACKS_READ = "read the anonymised papers of one's meetings"
    REVIEWS_WRITE = "review a case before the meeting"
    FINDINGS_RECORD = "record the panel's finding"
    FINDINGS_SIGN_OFF = "sign off the panel's finding"
    LEARNING_READ = "read themes, their counts, thematic reviews and exchange with other panels"
    LEARNING_MANAGE = "keep themes, thematic reviews, briefings, training and exchange"
    THEMATIC_REVIEWS_APPROVE = "approve a thematic review"
    BRIEFINGS_PUBLISH = "check and publish a briefing that somebody else wrote"
    TRAINING_READ = "see what training and campaigns there were"
    STATISTICS_INTERNAL = "see exact counts, marked official-sensitive"
    RELEASES_DRAFT = "draft and publish a release of statistics"
    RELEASES_APPROVE = "approve a release that somebody else drafted"
    RELEASES_READ = "read published releases"
    RECOMMENDATIONS_MANAGE = "keep recommendations, their actions and letters"
    RECOMMENDATIONS_READ = "read every recommendation and what became of it"
    RECOMMENDATIONS_READ_AREA = "read the recommendations about one's area"
    AUDIT_READ = "see who did and read what"
    ROLES_GRANT = "give and end accounts and roles, with a second person"
    ROLES_APPROVE = "approve accounts and roles that somebody else gave"


class Role(StrEnum):
    """What a person is to the panel. One person may hold several; each is a hat."""

    COORDINATOR = "coordinator"
    DEPUTY_COORDINATOR = "deputy_coordinator"
    CDOP_NURSE = "cdop_nurse"
    DESIGNATED_DOCTOR = "designated_doctor"
    RESPONDER = "responder"
    MEMBER = "member"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    AREA_READER = "area_reader"
    BOARD_MANAGER = "board_manager"
    GOVERNANCE_LEAD = "governance_lead"


@dataclass(frozen=True)
class RoleRule:
    """What one role is called, is for, and may do.

    second_lock  whether it is worn only by those who opened the second lock of their account
    of_one_area  whether it is held for one area; every other is for all
    """

    label: str
    description: str
    permissions: frozenset[Permission]
    second_lock: bool = True
    of_one_area: bool = False

    @property
    def identified(self) -> bool:
        """Whether the role reaches pages that say who a child was."""
        return Permission.IDENTITY_READ in self.permissions


P = Permission

_TEAM = frozenset(
    {
        P.NOTIFICATIONS_TRIAGE,
        P.CASES_MANAGE,
        P.IDENTITY_READ,
        P.CHECKLIST_COMPLETE,
        P.MEETINGS_ARRANGE,
        P.CASES_DEFER,
        P.LEARNING_READ,
        P.LEARNING_MANAGE,
        P.BRIEFINGS_PUBLISH,
        P.TRAINING_READ,
        P.STATISTICS_INTERNAL,
        P.RELEASES_DRAFT,
        P.RELEASES_READ,
        P.RECOMMENDATIONS_MANAGE,
    }
)
_RESPONSE = frozenset({P.CASES_RESPOND, P.IDENTITY_READ, P.CHECKLIST_COMPLETE})
_PANEL = frozenset(
    {P.PACKS_READ, P.REVIEWS_WRITE, P.RECOMMENDATIONS_READ, P.LEARNING_READ, P.TRAINING_READ}
)
_CHAIR = _PANEL | {
    P.MEETINGS_RUN,
    P.CASES_DEFER,
    P.FINDINGS_RECORD,
    P.FINDINGS_SIGN_OFF,
    P.THEMATIC_REVIEWS_APPROVE,
    P.RELEASES_APPROVE,
    P.RELEASES_READ,
    P.ROLES_APPROVE,
}
_AREA = frozenset({P.RELEASES_READ, P.RECOMMENDATIONS_READ_AREA, P.TRAINING_READ})

ROLES: Mapping[Role, RoleRule] = MappingProxyType(
    {
        Role.COORDINATOR: RoleRule(
            "Coordinator",
            "Receives notifications, keeps the cases, prepares the panel and its statistics.",
            _TEAM | {P.ROLES_GRANT},
        ),
        Role.DEPUTY_COORDINATOR: RoleRule(
            "Deputy coordinator",
            "Does the coordinator's work beside or instead of them.",
            _TEAM | {P.ROLES_GRANT},
        ),
        Role.CDOP_NURSE: RoleRule(
            "CDOP nurse", "Keeps cases and checklists with the coordinator.", _TEAM
        ),
        Role.DESIGNATED_DOCTOR: RoleRule(
            "Designated doctor",
            "Leads the response to unexpected deaths; sees the cases they were given.",
            _RESPONSE,
        ),
        Role.RESPONDER: RoleRule(
            "Rapid response professional",
            "Police, social care, ambulance or health; sees the cases they were given.",
            _RESPONSE,
        ),
        Role.MEMBER: RoleRule(
            "Panel member",
            "Reads anonymised papers, reviews alone, decides with the panel.",
            _PANEL,
        ),
        Role.CHAIR: RoleRule(
            "Chair", "Runs the meeting, records the finding and signs it off.", _CHAIR
        ),
        Role.VICE_CHAIR: RoleRule("Vice-chair", "Chairs when the chair does not.", _CHAIR),
        Role.AREA_READER: RoleRule(
            "Area reader",
            "Receives the statistics of one area and of Pan-Cheshire.",
            _AREA,
            second_lock=False,
            of_one_area=True,
        ),
        Role.BOARD_MANAGER: RoleRule(
            "Board manager",
            "Receives the statistics for the safeguarding board of one area.",
            _AREA,
            second_lock=False,
            of_one_area=True,
        ),
        Role.GOVERNANCE_LEAD: RoleRule(
            "Information governance lead",
            "Sees who did and read what; cannot change a case.",
            frozenset({P.AUDIT_READ, P.ROLES_APPROVE}),
        ),
    }
)
