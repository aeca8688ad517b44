"""How the drills are started: each on the database that it says."""

import os
import subprocess
import sys

from django.conf import settings

LOOK = "import os, tests.drills.__main__; print('DATABASE_URL' in os.environ)"


def test_who_starts_the_drills_chooses_no_database_for_them():
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=settings.BASE_DIR,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False\n"
