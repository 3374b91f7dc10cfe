"""The parameters of notebooks: what each one declares, and what may be given.

Answers: which names and types a notebook takes. Refuses: names it does not declare.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TYPES = {"str": str, "int": int, "float": float, "bool": bool}
_ALLOWED = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false"}


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's parameters cell: ``name: type = default  # comment``."""

    name: str
    type: str
    default: Any


def declared(notebook: Mapping[str, Any]) -> dict[str, Parameter]:
    """Return the parameters that a notebook declares in its cell tagged ``parameters``.

    Parameters
    ----------
    notebook : mapping
        The notebook as JSON. The cell is parsed, never run.

    Raises
    ------
    ValueError
        When the cell holds anything but ``name: type = literal``.

    Examples
    --------
    >>> cell = {"metadata": {"tags": ["parameters"]}, "source": "town: str = '330213001'  # code"}
    >>> declared({"cells": [cell]})["town"]
    Parameter(name='town', type='str', default='330213001')
    """
    found: dict[str, Parameter] = {}
    for cell in notebook["cells"]:
        if "parameters" not in cell.get("metadata", {}).get("tags", ()):
            continue
        for line in ast.parse("".join(cell["source"])).body:
            parameter = _parameter(line)
            found[parameter.name] = parameter
    return found


def _parameter(line: ast.stmt) -> Parameter:
    target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
    value = getattr(line, "value", None)
    try:
        if not isinstance(target, ast.Name) or value is None:
            raise ValueError
        default = ast.literal_eval(value)
    except ValueError:
        text = ast.unparse(line)
        raise ValueError(
            f"a parameters cell may hold only `name: type = value`; found: {text}"
        ) from None
    annotation = ast.unparse(line.annotation) if isinstance(line, ast.AnnAssign) else ""
    named = annotation.split("|")[0].strip()
    return Parameter(target.id, named if named in TYPES else type(default).__name__, default)


def typed(parameter: Parameter, text: str) -> Any:
    """Return what was typed for a parameter as a value of its type.

    Raises
    ------
    ValueError
        When it cannot be one; says what is allowed.

    Examples
    --------
    >>> typed(Parameter("year", "int", 2023), "2025"), typed(Parameter("all", "bool", True), "no")
    (2025, False)
    """
    words = {"true": True, "yes": True, "false": False, "no": False}
    try:
        if parameter.type == "bool":
            return words[text.lower()]
        return TYPES.get(parameter.type, str)(text)
    except (KeyError, ValueError):
        raise _refusal(parameter, text) from None


def bind(parameters: Mapping[str, Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``given`` after checking its names and types against the notebook.

    Digits given as a number where text is declared are taken as that text: papermill's command
    line turns ``-p as_of 2023`` into a number, and 2023 means one thing only.

    Raises
    ------
    ValueError
        For a name that is not declared, or a value of another type; says what is allowed.

    Examples
    --------
    >>> bind({"year": Parameter("year", "int", 2023)}, {"year": 2025})
    {'year': 2025}
    >>> bind({"as_of": Parameter("as_of", "str", "auto")}, {"as_of": 2023})
    {'as_of': '2023'}
    >>> bind({"year": Parameter("year", "int", 2023)}, {"yaer": 2025})
    Traceback (most recent call last):
    ValueError: unknown parameter 'yaer'; allowed: year
    """
    bound = dict(given)
    for name, value in given.items():
        if name not in parameters:
            allowed = ", ".join(sorted(parameters)) or "none"
            raise ValueError(f"unknown parameter {name!r}; allowed: {allowed}")
        wanted = TYPES.get(parameters[name].type)
        if wanted is str and type(value) is int:
            value = bound[name] = str(value)
        fits = wanted is None or type(value) is wanted or (wanted is float and type(value) is int)
        if not fits and not (value is None and parameters[name].default is None):
            raise _refusal(parameters[name], value)
    return bound


def _refusal(parameter: Parameter, found: object) -> ValueError:
    allowed = _ALLOWED.get(parameter.type, f"a {parameter.type}")
    return ValueError(f"parameter {parameter.name} is {found!r}; allowed: {allowed}")
