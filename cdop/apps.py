"""The case, from opening to learning, as a Django app."""

from django.apps import AppConfig

from cdop import editions
from cdop.core import secrets


class CaseConfig(AppConfig):
    """Checks keys and editions at the start: what is faulty stops the program, with the reason."""

    name = "cdop"

    def ready(self) -> None:
        secrets.check()
        for code in editions.codes():
            editions.get(code)
