"""The files of a release: made once, when it is published, and given out as they are."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.text import slugify

from analytics import readback
from analytics.models import Release, ReleaseFile
from analytics.renderers import csv, docx, layout, ods, pdf, xlsx
from analytics.renderers import json as release_text
from cdop.core.organisations import Area
from cdop.core.refusals import Refused


@dataclass(frozen=True)
class Format:
    """One kind of file: how it is made from a release, for an area or for Pan-Cheshire.

    called  what it is, on a page of links
    """

    called: str
    content_type: str
    render: Callable[[Mapping[str, Any], str | None], bytes]


def html(release: Mapping[str, Any], area: str | None = None) -> bytes:
    """One page that needs nothing beside it."""
    shown = layout.for_area(release, area) if area else release
    context = {
        "content": shown,
        "layout": layout,
        "place": layout.label(release, "area", area) if area else layout.WHOLE,
        "tables": layout.grids(shown),
    }
    return render_to_string("analytics/alone.jinja", context).encode()


OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "pdf": Format("report (PDF)", "application/pdf", pdf.report_pdf),
    "xlsx": Format(
        "figures as a spreadsheet (Excel)", f"{OFFICE}.spreadsheetml.sheet", xlsx.render
    ),
    "docx": Format("report to edit (Word)", f"{OFFICE}.wordprocessingml.document", docx.render),
    "ods": Format("figures as a spreadsheet (OpenDocument)", OPEN_DOCUMENT, ods.render),
    "csv": Format("figures as plain data (CSV)", "text/csv; charset=utf-8", csv.render),
    "json": Format("figures for programs (JSON)", "application/json", release_text.render),
    "html": Format("page (HTML)", "text/html; charset=utf-8", html),
}

# Reports go to each area; the data, which hold every area, go out once.
FOR_EACH_AREA = ("pdf", "docx")
ONCE = ("xlsx", "ods", "csv", "json")


def render(release: Release) -> list[ReleaseFile]:
    """Every file of a release, not saved yet.

    Raises Refused where a file, read back, says something else than the tables approved.
    """
    content = json.loads(release.content)
    areas = [None, *Area.objects.filter(code__in=content["release"]["areas"])]
    made = [_file(release, content, kind, area) for kind in FOR_EACH_AREA for area in areas]
    made += [_file(release, content, kind, None) for kind in ONCE]
    if [file.content for file in made if file.format == "json"] != [release.content.encode()]:
        raise Refused("The data file would differ from the tables that were approved.")
    for file in made:
        area = file.area.code if file.area else None
        if wrong := readback.differences(content, file.format, bytes(file.content), area):
            raise Refused(f"The file {file.name} was read back and is not right. {wrong[0]}")
    return made


def name(content: Mapping[str, Any], kind: str, area: Area | None = None, basis: str = "") -> str:
    """What a file is called: "halton-2014-15-v1.pdf", with "-reviewed" if that is all it has."""
    about = content["release"]
    place = slugify(area.name if area else layout.WHOLE)
    only = f"-{basis}" if basis else ""
    return f"{place}-{about['period']}-v{about['version']}{only}.{kind}"


def published(reference: str, kind: str, area: Area | None) -> ReleaseFile | None:
    """The file as it was published; None if there is none."""
    files = ReleaseFile.objects.filter(release__reference=reference, format=kind, area=area)
    return files.first()


def response(file: ReleaseFile) -> HttpResponse:
    """The file to be saved, never to be run or shown inside a page."""
    given = HttpResponse(bytes(file.content), content_type=FORMATS[file.format].content_type)
    given["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return given


def _file(
    release: Release, content: Mapping[str, Any], kind: str, area: Area | None
) -> ReleaseFile:
    made = FORMATS[kind].render(content, area.code if area else None)
    return ReleaseFile(
        release=release,
        area=area,
        format=kind,
        name=name(content, kind, area),
        size=len(made),
        sha256=hashlib.sha256(made).hexdigest(),
        content=made,
    )
