"""Starts a measurement: first the environment, then Django, then what needs both."""

import os
from importlib import import_module

import django

from tests import environment


def main() -> None:
    environment.prepare()
    os.environ["DJANGO_SETTINGS_MODULE"] = "cdop.settings"
    django.setup()
    import_module("tests.bench.measure").main()


if __name__ == "__main__":
    main()
