"""Copy the NHS page assets out of an unpacked ``nhsuk-frontend`` npm package.

For developers, when the version changes: ``make vendor`` calls it. Takes the folder of the
unpacked package; writes ``static/nhsuk``. Nothing on a page may be asked from elsewhere, so
three things are taken out or turned on the way:

- the two ``@font-face`` rules, whose files lie on a server of the NHS (pages use Arial then);
- the ``sourceMappingURL`` comments, which name files that are not copied;
- the path ``/assets/``, which becomes relative, so that the hashed storage finds the icons.
"""

import json
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent / "nhsuk"
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
SOURCE_MAP = re.compile(r"(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*)\s*$")


def vendor(package: Path) -> str:
    """Write the assets and return their version."""
    built = package / "dist" / "nhsuk"
    css = (built / "nhsuk-frontend.min.css").read_text(encoding="utf-8")
    js = (built / "nhsuk-frontend.min.js").read_text(encoding="utf-8")
    css = FONT_FACE.sub("", SOURCE_MAP.sub("", css)).replace("url(/assets/", "url(")
    (HERE / "nhsuk-frontend.min.css").write_text(css.rstrip() + "\n", encoding="utf-8")
    js = SOURCE_MAP.sub("", js).rstrip() + "\n"
    (HERE / "nhsuk-frontend.min.js").write_text(js, encoding="utf-8")
    shutil.rmtree(HERE / "images", ignore_errors=True)
    (HERE / "images").mkdir(parents=True)
    for name in sorted(set(re.findall(r"url\(images/([^)]+)\)", css))):
        shutil.copyfile(built / "assets" / "images" / name, HERE / "images" / name)
    version: str = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    (HERE / "VERSION").write_text(version + "\n", encoding="utf-8")
    return version


if __name__ == "__main__":
    sys.stdout.write(f"nhsuk-frontend {vendor(Path(sys.argv[1]))} in {HERE.name}/\n")
