"""Write the data dictionary."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cdop.cases.conversations import ConversationRecord
from cdop.cases.families import FamilyRecord
from cdop.cases.family_questions import QuestionRecord
from cdop.cases.identity import IdentityRecord
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


class Command(BaseCommand):
    help = "Writes docs/data.md from the field catalogues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where the page is not current"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "data.md"
        text = data_dictionary(SEALED)
        if not check:
            page.write_text(text)
        elif not page.exists() or page.read_text() != text:
            raise CommandError("docs/data.md is not current. Run `manage.py describe_data`.")
