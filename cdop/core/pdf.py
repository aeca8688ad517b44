"""What every PDF shares: its colours, its embedded fonts, and how a style of text is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

BLUE, INK, GREY, PALE, BAND = map(HexColor, ("#005eb8", "#212b32", "#4c6272", "#d8dde0", "#f0f4f5"))
FONT, BOLD = "DejaVuSans", "DejaVuSans-Bold"


def _register_fonts() -> None:
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(fonts / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


_register_fonts()


def style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    """A style of text: its size and the height of its line in points."""
    given = {"fontName": FONT, "textColor": INK, **more}
    return ParagraphStyle(name, fontSize=size, leading=leading, **given)
