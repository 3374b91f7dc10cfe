"""From notebook to page: typed parameters, warm processes, one offline HTML file a brief.

Answers: how a folder of pages is made, whole, and again only where something changed. Refuses: to
know what the pages are about; a house hands that in as a `Press`.
"""

from briefpress.press import PLAIN, Press

__all__ = ["PLAIN", "Press"]
