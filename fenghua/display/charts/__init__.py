"""Charts that a page draws itself: frames in, Axes out; no figure is computed here."""

from fenghua.display.charts.paths import trajectory

__all__ = ["trajectory"]
