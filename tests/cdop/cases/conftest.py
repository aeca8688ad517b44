"""A case as it was opened."""

import pytest

from tests.makers import opened_case


@pytest.fixture
def case(db):
    return opened_case()
