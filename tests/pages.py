"""Reading pages in tests as a person would: what they say, not how they are marked up."""

import re
from html import unescape


def text_of(response) -> str:
    """The words of a page, on one line, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def sign_in(client, user):
    """The client, signed in as a person."""
    client.force_login(user)
    return client


def date_parts(name: str, day: int, month: int, year: int) -> dict[str, str]:
    """A date as the three boxes post it."""
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}
