"""The settings: without a key the program stops and says what to set; with them all it is safe."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from cdop.keys import MAKERS
from tests.databases import manage

PRODUCTION = {
    "DEMONSTRATION": "false",
    "HTTPS": "true",
    "HASHED_STATIC": "true",
    "CONTACT": "01632 960000",
    "SITE_ADDRESS": "https://cdop.example.org",
}
WHAT = {
    "SECRET_KEY": "50 random characters",
    "MASTER_KEYS": "32 random bytes in base64, newest first",
    "TOKEN_KEY": "32 random bytes in base64",
    "AUDIT_KEY": "32 random bytes in base64",
}


def read_settings(**changes: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own; "" stands for a variable that is not set."""
    return subprocess.run(
        [sys.executable, "-c", "from cdop import settings; print(settings.SECURE_SSL_REDIRECT)"],
        cwd=settings.BASE_DIR,
        env=os.environ | PRODUCTION | changes,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", WHAT)
def test_each_missing_key_stops_the_program_with_what_to_set(name):
    stopped = read_settings(**{name: ""})

    assert stopped.returncode != 0
    assert stopped.stderr.splitlines()[-1].endswith(
        f"{name} is not set. Set it to {WHAT[name]}, or run `make keys`, which writes it to .env."
    )


def test_nobody_is_left_without_somebody_to_ring():
    stopped = read_settings(CONTACT="")

    assert stopped.returncode != 0
    assert "CONTACT is not set. Set it to a name and a telephone number" in stopped.stderr


def test_links_in_messages_lead_somewhere():
    stopped = read_settings(SITE_ADDRESS="")

    assert stopped.returncode != 0
    assert "SITE_ADDRESS is not set. Set it to the address by which people" in stopped.stderr


def test_no_demonstration_is_the_default_and_means_https():
    assert read_settings(DEMONSTRATION="false", HTTPS="true").stdout == "True\n"
    assert read_settings(DEMONSTRATION="true", HTTPS="false").stdout == "False\n"


@pytest.mark.database
def test_a_production_system_has_nothing_to_be_checked_for():
    """``check --deploy``, every remark counted as a failure, with a key as ``make keys`` writes."""
    environment = PRODUCTION | {"SECRET_KEY": MAKERS["SECRET_KEY"]()}
    checked = ("check", "--deploy", "--fail-level", "INFO")
    done = manage(*checked, url=os.environ["DATABASE_URL"], **environment)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


def test_every_model_is_as_the_migrations_say(db, capsys):
    call_command("makemigrations", check=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"


def test_a_demonstration_can_send_nothing_out():
    sent = [
        subprocess.run(
            [sys.executable, "-c", "from cdop import settings; print(settings.EMAIL_BACKEND)"],
            cwd=settings.BASE_DIR,
            env=os.environ | PRODUCTION | {"DEMONSTRATION": demonstration},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split(".")[-2]
        for demonstration in ("true", "false")
    ]

    assert sent == ["dummy", "smtp"]


def test_every_variable_of_the_example_is_read_and_every_variable_read_is_in_it():
    source = (settings.BASE_DIR / "cdop" / "settings.py").read_text()
    example = (settings.BASE_DIR / ".env.example").read_text()
    named = {line.strip("# ").split("=")[0] for line in example.splitlines() if "=" in line}

    assert [name for name in sorted(named) if f'"{name}"' not in source] == []
    assert set(WHAT) <= named
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', source))
    assert sorted(read - named) == []


@pytest.mark.parametrize(
    ("environment", "proxies"),
    [
        ({"BEHIND_PROXY": "false"}, "0"),
        ({"BEHIND_PROXY": "true"}, "1"),
        ({"BEHIND_PROXY": "true", "TRUSTED_PROXIES": "2"}, "2"),
    ],
)
def test_behind_a_proxy_people_are_told_apart_and_without_one_nobody_is_believed(
    environment, proxies
):
    """Who is reached directly could write any address into X-Forwarded-For."""
    code = (
        "import django; django.setup(); from allauth import app_settings as library;"
        "print(library.TRUSTED_PROXY_COUNT)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=os.environ | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "cdop.settings"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == proxies


def test_files_that_are_the_same_for_everybody_are_answered_before_pages_become_private():
    order = settings.MIDDLEWARE.index

    assert order("whitenoise.middleware.WhiteNoiseMiddleware") < order(
        "cdop.core.middleware.NotKeptMiddleware"
    )
