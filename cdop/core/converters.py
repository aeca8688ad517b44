"""What may stand in the gaps of an address. Anything else is no address, and answers 404.

The bounds keep from the database what it cannot compare: a zero byte on PostgreSQL, a number of
more than 64 bits on SQLite. ``cdop.urls`` registers them all.
"""

from django.urls.converters import IntConverter, StringConverter


class ReferenceConverter(StringConverter):
    """The reference of a case, a notification or a release, or a panel serial."""

    regex = "[0-9A-Za-z-]{1,20}"


class NumberConverter(IntConverter):
    """The number of a row."""

    regex = "[0-9]{1,9}"


class NameConverter(StringConverter):
    """The name of a file, a task, a page of questions or an edition."""

    regex = "[0-9a-z_.-]{1,120}"


class AccountConverter(StringConverter):
    """The number of an account in base 36; 12 digits of it have fewer than 64 bits."""

    regex = "[0-9A-Za-z]{1,12}"


class KeyConverter(StringConverter):
    """The key of a link that was sent: to set a new password, or to come back."""

    regex = "[0-9A-Za-z_-]{1,100}"


CONVERTERS: dict[str, type[StringConverter | IntConverter]] = {
    "reference": ReferenceConverter,
    "number": NumberConverter,
    "name": NameConverter,
    "account": AccountConverter,
    "key": KeyConverter,
}
