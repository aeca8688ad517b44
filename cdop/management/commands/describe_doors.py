"""Write who sees which page."""

from cdop.core.described import WritesPage
from cdop.core.doors import who_sees_what


class Command(WritesPage):
    help = "Writes docs/who-sees-what.md from the doors of the pages and the table of roles."
    page = "docs/who-sees-what.md"

    def text(self) -> str:
        return who_sees_what()
