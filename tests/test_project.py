"""The project as a whole: what no file may say, and how every page is made."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from django.conf import settings
from jinja2 import nodes

TEMPLATES = Path(settings.BASE_DIR, "templates")

# Vendored, or written by a machine.
NOT_OURS = ("static/nhsuk/", "requirements.txt", "requirements-dev.txt")
HERE = "tests/test_project.py"

# A file that names one of these would work on one machine only, or ask somebody else at run time.
PLACES = {
    "a folder of one machine": re.compile(r"(?<![\w.<])/(?:home|Users|root|work|mnt|opt)/\w"),
    "a registry of packages": re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.org|ghcr\.io"),
    "a content network": re.compile(r"googleapis\.com|gstatic\.com|jsdelivr\.net|unpkg\.com"),
}
# Words that hurt or judge, and words that promise what is not there.
WORDS = {
    "passed away": re.compile(r"passed away|passing of", re.I),
    "suicide as a crime": re.compile(r"commit(?:s|ted|ting)? suicide", re.I),
    "victim": re.compile(r"\bvictims?\b", re.I),
    "successfully": re.compile(r"\bsuccessful(?:ly)?\b", re.I),
    "unfinished": re.compile(r"\b(?:TODO|FIXME|XXX|TBD|lorem ipsum)\b"),
}
# Templates that neither stand in the frame of every page nor consist of macros, and why.
FRAMES = {
    "page.jinja": "the frame itself",
    "analytics/alone.jinja": "a page that is read without the system, as a file",
    "allauth/layouts/base.html": "brings the pages of the library into the frame",
    "errors/500.html": "must come up where nothing else does",
}
# Parts of forms and of the pages of the library; letters, which are no pages.
PARTS = ("forms/", "allauth/elements/", "mail/", "mfa/webauthn/snippets/")


def our_files() -> Iterator[tuple[str, str]]:
    """Path and text of every file of the project that people write; a checkout by git is needed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\0"):
        path = Path(settings.BASE_DIR, name)
        if name and name != HERE and not name.startswith(NOT_OURS) and path.is_file():
            try:
                yield name, path.read_text()
            except UnicodeDecodeError:
                continue


def named(patterns: dict[str, re.Pattern[str]]) -> list[str]:
    """Every line that holds what one of the patterns looks for."""
    return [
        f"{name}:{number}: {what}: {line.strip()[:120]}"
        for name, text in our_files()
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in patterns.items()
        if pattern.search(line)
    ]


def test_no_file_depends_on_one_machine_or_on_somebody_else():
    assert named(PLACES) == []


def test_no_file_says_what_hurts_or_is_unfinished():
    assert named(WORDS) == []


@pytest.mark.parametrize(
    "line",
    [
        "DATABASE = '/home/somebody/cdop.sqlite3'",
        "--index-url https://pypi.org/simple",
        "<script src='https://cdn.jsdelivr.net/x.js'>",
        "The child passed away.",
        "They committed suicide.",
        "The victim was two.",
        "The case was successfully closed.",
        "# TODO",
    ],
)
def test_such_a_line_would_be_found(line):
    assert any(pattern.search(line) for pattern in (PLACES | WORDS).values())


def test_every_page_stands_in_the_one_frame():
    loose = [name for name in templates() if not stands_in_the_frame(name) and name not in FRAMES]

    assert loose == []


def templates() -> list[str]:
    """Every template by its name, parts of forms and of the library's pages left out."""
    paths = (path for path in TEMPLATES.rglob("*.*") if path.suffix in {".jinja", ".html"})
    names = (path.relative_to(TEMPLATES).as_posix() for path in paths)
    return sorted(name for name in names if not name.startswith(PARTS))


def stands_in_the_frame(name: str) -> bool:
    """Whether a template extends the frame, on however many steps, or only makes macros."""
    text = (TEMPLATES / name).read_text()
    if name.endswith(".html"):
        above = re.search(r'{% extends "(.+?)" %}', text)
        return bool(above) and (above[1] in FRAMES or stands_in_the_frame(above[1]))
    tree = jinja2.Environment(autoescape=True).parse(text)
    if above := tree.find(nodes.Extends):
        return above.template.value in FRAMES or stands_in_the_frame(above.template.value)
    return all(isinstance(node, MACROS_ONLY) or _blank(node) for node in tree.body)


MACROS_ONLY = (nodes.Macro, nodes.FromImport, nodes.Import, nodes.Assign)


def _blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )
