"""Write the schema of the interface for trusts' systems."""

from cdop.core.described import WritesPage
from notifications import api_schema


class Command(WritesPage):
    help = "Writes docs/api/openapi.json from the code of the interface."
    page = "docs/api/openapi.json"

    def text(self) -> str:
        return api_schema.text()
