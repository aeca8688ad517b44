"""Reading the letters that a demonstration holds, as whoever runs it does."""

import re

from tests.site import Site

LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


def link_in_the_last_letter(site: Site, address: str) -> str:
    """Where the link of the last letter to an address leads on this running system."""
    return site.address + LINK.search(site.manage("demo_letter", address))[1]
