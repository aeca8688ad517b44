"""Write the data dictionary."""

from cdop.cases.conversations import ConversationRecord
from cdop.cases.families import FamilyRecord
from cdop.cases.family_questions import QuestionRecord
from cdop.cases.identity import IdentityRecord
from cdop.core.described import WritesPage
from cdop.core.describing import data_dictionary
from cdop.learning.letter_models import Addressee
from cdop.panel.paper_models import PaperSection, PlaceFound
from cdop.rapid_response.discussion_models import Agreed, Decided

# What is stored sealed, as one value, and so has fields that no model has.
SEALED = (
    IdentityRecord,
    FamilyRecord,
    ConversationRecord,
    QuestionRecord,
    Decided,
    Agreed,
    PaperSection,
    PlaceFound,
    Addressee,
)


class Command(WritesPage):
    help = "Writes docs/data.md from the field catalogues."
    page = "docs/data.md"

    def text(self) -> str:
        return data_dictionary(SEALED)
