"""A release as JSON."""

from collections.abc import Mapping
from typing import Any

from analytics.release_json import dumps
from analytics.renderers.layout import for_area


def render(release: Mapping[str, Any], area: str | None = None) -> bytes:
    """The release as UTF-8 JSON, or one area's figures beside Pan-Cheshire's.

    The pattern of hidden counts is that of the whole release either way.
    """
    return dumps(for_area(release, area) if area else release).encode()
