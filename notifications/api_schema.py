"""The schema of the interface as it stands in the repository: written, compared and served."""

import json
from pathlib import Path

from django.conf import settings

from notifications.api import interface

SCHEMA = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.json"
CLIENT_CREDENTIALS = {
    "ClientCredentials": {
        "type": "http",
        "scheme": "basic",
        "description": "Client id and secret, at /token alone",
    }
}


def text() -> str:
    """The schema, written by the program as it is now."""
    schema = dict(interface.get_openapi_schema())
    schema["components"]["securitySchemes"] |= CLIENT_CREDENTIALS
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
