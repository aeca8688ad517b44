"""The mistakes of a field."""

import pytest
from django.core.exceptions import ValidationError


def mistakes(field, typed):
    """The sentences of the mistakes, each with the boxes that it names."""
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return [
        (error.messages[0], (error.params or {}).get("parts", ()))
        for error in caught.value.error_list
    ]
