"""The papers as a PDF for one reader, with their name and the time on every page, and tagged.

ReportLab writes no tags. Each paragraph is wrapped in marked content as it is drawn, and the tree
of headings and paragraphs that a screen reader walks is put in afterwards. What stands at the
margins, and the watermark, is marked as no part of the text. There is no picture in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Any, NamedTuple

import pikepdf
from django.conf import settings
from pikepdf import Array, Dictionary, Name, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

from cdop.core.jinja import moment
from cdop.core.marks import PANEL, SYNTHETIC
from cdop.core.pdf import BLUE, BOLD, FONT, GREY, INK, MARGIN, style
from cdop.panel.paper_reading import Opened, Part, Version
from cdop.panel.paper_text import ANSWER, HEADING, TERMS, WARNING, Block

MARKING = "OFFICIAL-SENSITIVE"
PADDING = 6
"""Points between a frame and its text, in ReportLab's own pages."""
FAINT = HexColor("#e3e8ec")
RED = HexColor("#b10d22")


TITLE = style("H1", 18, 24, fontName=BOLD, spaceAfter=6)
VERSION = style("H2", 14, 19, fontName=BOLD, spaceBefore=14, spaceAfter=4, textColor=BLUE)
PART = style("H3", 12, 17, fontName=BOLD, spaceBefore=12, spaceAfter=4, keepWithNext=1)
SUBHEADING = style("H4", 10, 14, fontName=BOLD, spaceBefore=8, spaceAfter=3, keepWithNext=1)
BODY = style("P", 9.5, 14, spaceAfter=6)
ROW = style("P", 9.5, 14, spaceAfter=3)
WARNED_TEXT = style("P", 9.5, 14, spaceAfter=6, leftIndent=12)
SMALL = style("P", 8, 11.5, textColor=GREY, spaceAfter=4)
WARNED = style("P", 9.5, 14, fontName=BOLD, textColor=RED, spaceBefore=6, spaceAfter=3)
"""A style is called as the tag of its paragraphs."""
OUTLINE = {"H2": 0, "H3": 1}


class Mark(NamedTuple):
    """One stretch of marked content: on which page, which number there, under which tag.

    said  its words: a line that is broken leaves no space behind, where they would run together
    """

    page: int
    number: int
    tag: str
    said: str


class TaggedCanvas(Canvas):
    """A canvas that remembers what was drawn as which part of the text."""

    def __init__(self, *args: Any, marks: list[Mark], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks = marks

    def begin(self, tag: str, said: str) -> None:
        """From here to ``end`` is one part of the text."""
        page = self.getPageNumber()
        number = sum(mark.page == page for mark in self.marks)
        self.marks.append(Mark(page, number, tag, said))
        self._code.append(f"/{tag} <</MCID {number}>> BDC")

    def begin_artifact(self) -> None:
        """From here to ``end`` is no part of the text."""
        self._code.append("/Artifact BMC")

    def end(self) -> None:
        self._code.append("EMC")


class TaggedParagraph(Paragraph):
    """A paragraph under the tag that its style is called by; headings go to the outline."""

    def draw(self) -> None:
        canvas, tag, said = self.canv, self.style.name, _said(self)
        if tag in OUTLINE:
            key = f"part-{len(canvas.marks)}"
            canvas.bookmarkPage(key)
            canvas.addOutlineEntry(said, key, OUTLINE[tag])
        canvas.begin(tag, said)
        super().draw()
        canvas.end()


def _said(paragraph: Paragraph) -> str:
    """The words of a paragraph, or of the piece of it that stands on this page, as it was broken.

    ReportLab keeps a line as its words, or, where its type changes, as runs of one type.
    """
    laid_out = paragraph.blPara
    if laid_out.kind == 0:
        return " ".join(" ".join(words) for _, words in laid_out.lines)
    said = ""
    for line in laid_out.lines:
        words = "".join(run.text for run in line.words).strip()
        said += words + ("\n" if getattr(line, "lineBreak", False) else " ")
    return said.strip()


def papers_pdf(read: Opened) -> bytes:
    """The papers that a person opened, as a PDF that says who opened them and when."""
    file, marks = io.BytesIO(), list[Mark]()
    title = f"Papers of {read.item.serial}"
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=title,
        author=PANEL,
        subject=f"{MARKING}, opened by {read.reader} on {moment(read.at)}",
        creator=PANEL,
        lang="en-GB",
        initialFontName=FONT,
    )
    frame = partial(_frame, read=read)
    story = [_paragraph(title, TITLE), *_story(read)]
    canvas = partial(TaggedCanvas, marks=marks)
    document.build(story, onFirstPage=frame, onLaterPages=frame, canvasmaker=canvas)
    return _with_tags(file.getvalue(), marks)


def _paragraph(text: str, style: ParagraphStyle) -> Flowable:
    return TaggedParagraph(escape(text).replace("\n", "<br/>"), style)


def _story(read: Opened) -> Iterator[Flowable]:
    yield _paragraph(str(read.item.meeting), BODY)
    yield _paragraph(
        f"Opened by {read.reader} on {moment(read.at)}, which is recorded. These papers are about "
        "a child who died. Do not share them outside the panel, and destroy this copy after the "
        "meeting.",
        BODY,
    )
    for version in read.versions:
        yield from _version(version)


def _version(version: Version) -> Iterator[Flowable]:
    new = ", new since you last opened these papers" if version.is_new else ""
    yield _paragraph(f"{version.title}{new}", VERSION)
    paper = version.paper
    said = f"Released on {moment(paper.released_at)}. Digest {paper.digest[:16]}."
    yield _paragraph(said, SMALL)
    for part in version.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[Flowable]:
    yield _paragraph(part.heading, PART)
    warned = False
    for block in part.blocks:
        if block.warned and not warned:
            yield _paragraph(f"Warning. {WARNING}", WARNED)
        warned = block.warned
        yield from _block(block)


def _block(block: Block) -> Iterator[Flowable]:
    body = WARNED_TEXT if block.warned else BODY
    if block.kind == HEADING:
        yield _paragraph(block.text, SUBHEADING)
    elif block.kind == TERMS:
        for term, words in block.rows:
            yield TaggedParagraph(f"<b>{escape(term)}:</b> {escape(words)}", ROW)
    elif block.kind == ANSWER:
        answers = escape(block.answers).replace("\n", "<br/>")
        yield TaggedParagraph(f"<b>{escape(block.question)}</b><br/>{answers}", body)
    else:
        yield _paragraph(block.text, body)


def _frame(canvas: TaggedCanvas, _: Any, *, read: Opened) -> None:
    """The watermark and what stands at the margins of every page: no part of the text."""
    canvas.begin_artifact()
    _watermark(canvas, f"{read.reader} \N{MIDDLE DOT} {moment(read.at)}")
    canvas.setFont(BOLD, 8)
    canvas.setFillColor(INK)
    marks = [MARKING, *([SYNTHETIC] if settings.DEMONSTRATION else [])]
    canvas.drawString(MARGIN + PADDING, A4[1] - 12 * mm, " \N{MIDDLE DOT} ".join(marks))
    canvas.drawString(MARGIN + PADDING, 12 * mm, f"For {read.reader} alone, {moment(read.at)}")
    canvas.setFont(FONT, 8)
    canvas.setFillColor(GREY)
    number = f"Papers of {read.item.serial}, page {canvas.getPageNumber()}"
    canvas.drawRightString(A4[0] - MARGIN - PADDING, 12 * mm, number)
    canvas.end()


def _watermark(canvas: Canvas, words: str) -> None:
    canvas.saveState()
    canvas.setFont(BOLD, 15)
    canvas.setFillColor(FAINT)
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(38)
    for line in range(-4, 5):
        canvas.drawCentredString(0, line * 34 * mm, words)
    canvas.restoreState()


def _with_tags(content: bytes, marks: list[Mark]) -> bytes:
    """The same file with the tree of its text, in the order in which it was drawn."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        whole = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=root, Lang=String("en-GB"))
        )
        by_page: dict[int, list[Any]] = {}
        for mark in marks:
            page = pdf.pages[mark.page - 1].obj
            element = Dictionary(
                Type=Name.StructElem,
                S=Name(f"/{mark.tag}"),
                P=whole,
                Pg=page,
                K=mark.number,
                ActualText=String(mark.said),
            )
            by_page.setdefault(mark.page, []).append(pdf.make_indirect(element))
        whole.K = Array([element for found in by_page.values() for element in found])
        numbered: list[Any] = []
        for place, (number, found) in enumerate(by_page.items()):
            pdf.pages[number - 1].obj.StructParents = place
            pdf.pages[number - 1].obj.Tabs = Name.S
            numbered += [place, pdf.make_indirect(Array(found))]
        root.K, root.ParentTree = whole, pdf.make_indirect(Dictionary(Nums=Array(numbered)))
        root.ParentTreeNextKey = len(by_page)
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.save(file)
    return file.getvalue()
