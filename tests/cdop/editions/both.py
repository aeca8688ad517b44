"""Both editions, and the codes of what stands in them."""

import pytest

BOTH = pytest.mark.parametrize("code", ["lscb-2015", "cdr-2018"])


def codes(items):
    return [item.code for item in items]
