"""The nbconvert exporter of this package, found under the name ``fenghua``.

Answers: ``jupyter nbconvert --to fenghua``. Refuses: to make pages in a way of its own.
"""

from briefpress.exporter import PageExporter
from fenghua.house import PRESS


class BriefExporter(PageExporter):
    """Pages of this house."""

    press = PRESS
    export_from_notebook = "Fenghua brief"
