"""The nbconvert exporter of this package.

Answers: ``jupyter nbconvert --to fenghua``. Refuses: to make pages in a way of its own.
"""

from typing import Any

from nbconvert.exporters.exporter import Exporter

from fenghua.briefs import executed


class BriefExporter(Exporter):
    """The exporter that nbconvert finds under the name ``fenghua``."""

    output_mimetype = "text/html"
    export_from_notebook = "Fenghua brief"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return executed.render(nb), resources
