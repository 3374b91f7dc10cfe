"""A setting of the notebook ``explore``, kept as parameters and as a page (情景存档).

Answers: where the page of a what-if lies, and how it is made again. Refuses: to keep internal
views beside public pages.
"""

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
from IPython.display import display

from briefpress import manifest, worker
from briefpress.notebooks import NAME
from fenghua import ending, house, issue
from fenghua.inputs import places

if TYPE_CHECKING:
    from fenghua.explore import View

TIME_LIMIT_SECONDS: Final = 300.0


def button(it: "View") -> None:
    """Show a button that writes the present setting as parameters and makes a page of it.

    The page and its parameters stand in ``views`` in the root of their audience's pages, beside
    the data's folder; the notebook runs through papermill in a process of its own.
    """
    words = it.brief.words
    name = widgets.Text(value="view", description=words("explore.name"))
    save = widgets.Button(description=words("explore.save"), layout={"width": "16em"})
    said = widgets.HTML()
    said.add_class("explore-saved")

    def pressed(_: Any) -> None:
        said.value = escape(words("explore.saving"))
        save.disabled = True
        try:
            said.value = escape(write(it, name.value))
        except (OSError, ValueError) as error:
            said.value = escape(ending.refusal(error))
        finally:
            save.disabled = False

    save.on_click(pressed)
    display(widgets.HBox([name, save, said]))


def write(it: "View", name: str) -> str:
    """Write the setting as ``NAME.json`` and its page as ``NAME.html``; say where, or why not.

    What the public may have tells no folder of this machine.
    """
    brief = it.brief
    if not NAME.fullmatch(name):
        raise ValueError(brief.words("explore.bad_name", name=name))
    given = {
        **it.state(),
        "lang": brief.words.lang,
        "audience": brief.audience,
        "data": str(brief.ds.data_dir.resolve()),
        "actuals": str(brief.ds.actuals_dir.resolve()),
    }
    job = {
        "press": house.NAME,
        "notebook": "explore.ipynb",
        "parameters": given,
        "engine": "fenghua",
    }
    done = worker.run(job, TIME_LIMIT_SECONDS)
    if done["error"]:
        raise ValueError(brief.words("explore.failed", error=done["error"]))
    left = issue.FOLDERS if brief.audience.is_public else ()
    kept = {name: value for name, value in given.items() if name not in left}
    folder = brief.ds.data_dir.resolve().parents[1] / places.PAGES[brief.audience] / "views"
    with manifest.workplace(folder) as place:
        manifest.write_whole(
            folder / f"{name}.json", json.dumps(kept, ensure_ascii=False, indent=1) + "\n", place
        )
        manifest.write_whole(folder / f"{name}.html", done["page"], place)
    return brief.words("explore.saved", path=str(folder / f"{name}.html"))
