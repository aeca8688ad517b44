"""Write the keys of an installation, once, to an ignored ``.env``: ``python -m cdop.keys``.

Not a Django command, because the settings refuse to start without keys. Standard library only,
so that it runs before anything is installed. What is set already is never changed.
"""

import base64
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / ".env"


def random_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


MAKERS: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "MASTER_KEYS": random_key,
    "TOKEN_KEY": random_key,
    "AUDIT_KEY": random_key,
    "DEMONSTRATION": lambda: "true",
}


def complete(text: str) -> tuple[str, list[str]]:
    """The text of an environment file with what it lacks, and the names of what was added.

    A name without a value counts as lacking and is filled in where it stands.
    """
    lacking = [name for name in MAKERS if not _value(name, text)]
    for name in lacking:
        line = f"{name}={MAKERS[name]()}"
        text, filled = re.subn(rf"(?m)^{name}=[ \t]*$", line, text, count=1)
        if not filled:
            text = f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{line}\n"
    return text, lacking


def write(file: Path = FILE) -> list[str]:
    """Complete the file, readable to its owner alone; return the names of what was added.

    A kill leaves the file as it was before or as it is after, never half of it.
    """
    text, added = complete(file.read_text() if file.exists() else "")
    if added:
        new = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
    file.chmod(0o600)
    return added


def _value(name: str, text: str) -> str:
    found = re.search(rf"(?m)^(?:export )?{name}=[ \t]*(\S.*)$", text)
    return found[1] if found else ""


if __name__ == "__main__":
    made = write()
    sys.stdout.write(f"Wrote {', '.join(made)} to .env.\n" if made else "Every key is set.\n")
