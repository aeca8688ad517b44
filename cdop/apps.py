"""The case, from opening to learning, as a Django app."""

from django.apps import AppConfig

from cdop import editions


class CaseConfig(AppConfig):
    """Reads every edition when the program starts: a faulty file stops it there, with its line."""

    name = "cdop"

    def ready(self) -> None:
        for code in editions.codes():
            editions.get(code)
