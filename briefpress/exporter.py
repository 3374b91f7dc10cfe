"""An nbconvert exporter that makes pages, for a house to name and to register.

Answers: ``jupyter nbconvert --to HOUSE``. Refuses: to make pages in a way of its own.
"""

from typing import Any, ClassVar

from nbconvert.exporters.exporter import Exporter

from briefpress import executed
from briefpress.press import PLAIN, Press


class PageExporter(Exporter):
    """Pages of a house: a subclass names its ``press`` and is registered with nbconvert."""

    press: ClassVar[Press] = PLAIN
    output_mimetype = "text/html"
    export_from_notebook = "Brief"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return executed.render(nb, self.press), resources
