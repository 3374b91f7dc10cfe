"""Type for charts: Chinese stays real text, and only its widths are known here.

Answers: how wide a label will be. Refuses: to ship or to draw a Chinese font.
"""

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

FAMILY = "Fenghua Han Widths"
_EM = 1000
# CJK punctuation, kana, unified ideographs, compatibility forms, full-width forms.
_RANGES = (
    (0x3000, 0x30FF),
    (0x3200, 0x33FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFF60),
)


# Sans before serif; matplotlib knows a collection of fonts (.ttc) by its first face alone.
OF_SYSTEMS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti TC",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "Songti SC",
    "SimSun",
)


def of_system() -> str:
    """Return the first Chinese font that this system has, empty where it has none on record."""
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    return next((name for name in OF_SYSTEMS if name in installed), "")


def width_of(text: str) -> float:
    """Return the width of a text in character widths; Latin counts half."""
    return sum(1.0 if ord(char) >= 0x2E80 else 0.5 for char in text)


def _write_font(path: Path) -> None:
    """Write a font whose one blank glyph, one em wide, stands for every Han character."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "han"])
    cmap = {code: "han" for low, high in _RANGES for code in range(low, high + 1)}
    builder.setupCharacterMap(cmap)
    builder.setupGlyf({".notdef": Glyph(), "han": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (_EM, 0), "han": (_EM, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".ttf")
    os.close(handle)
    builder.font.recalcTimestamp = False
    builder.save(temporary)
    Path(temporary).replace(path)


def use_widths() -> None:
    """Register the width-only font once, and name it behind the Latin default."""
    import matplotlib as mpl  # a list of pages measures texts and draws nothing
    from matplotlib import font_manager

    if FAMILY not in font_manager.get_font_names():
        path = Path(mpl.get_cachedir()) / "fenghua-han-widths-1.ttf"
        if not path.exists():
            _write_font(path)
        fonts = font_manager.fontManager
        fonts.addfont(path)
        # The widths are the same in bold: naming it so spares a warning for each bold label.
        fonts.ttflist.append(replace(fonts.ttflist[-1], weight=700))
