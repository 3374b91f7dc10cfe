"""Rules of an evaluation scheme: what a dated, cited YAML file must say before it is used.

Answers: what is wrong with a scheme, all of it at once. Refuses: to mend one.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import isfinite
from numbers import Real
from typing import Any, Final

from fenghua.analysis.efficiency import RATIOS
from fenghua.inputs.vocabulary import GRADES

Scheme = Mapping[str, Any]  # the rules of an evaluation, as read from YAML

SIZE_CLASSES: Final = ("above_scale", "below_scale")
GROUP_RATIO: Final = "group_ratio_of_sums"
GROUP_MEAN: Final = "group_mean_item_score"
INDUSTRY_RATIO: Final = "industry_ratio_of_sums"

_CLASS_KEYS: Final = ("weights", "benchmarks", "floors", "caps", "grades", "tenant_deduction")
_RULES: Final = ("missing", "groups", "min_group_size", "exclusions", "shared_parcels")
_VERDICTS: Final = ("vetoes", "grade_caps", "upgrades", "tenants_follow_owner", "register")
_TEXTS: Final = ("scheme_id", "title", "notice", "note", "notes", "borrowed", "area", "year")
_TOP_KEYS: Final = (*SIZE_CLASSES, *_RULES, *_VERDICTS, *_TEXTS, "source_ids", "is_official_here")


def blocks(scheme: Scheme) -> dict[str, Mapping[str, Any]]:
    """Return the rules of each size class that a scheme has."""
    return {size: scheme[size] for size in SIZE_CLASSES if size in scheme}


def chosen(schemes: Mapping[str, Scheme], name: str = "") -> str:
    """Return the scheme asked for, else the one named default, else the newest, else none.

    Examples
    --------
    >>> chosen({"county_2022": {"year": 2022}, "our_default": {}}), chosen({})
    ('our_default', '')
    >>> chosen({"a": {"year": 2021}, "b": {"year": 2022}})
    'b'
    """
    if name and name not in schemes:
        raise ValueError(f"scheme is {name!r}; allowed: {', '.join(schemes) or 'none in the data'}")
    defaults = [stem for stem in schemes if stem.endswith("default")] or list(schemes)
    newest = sorted(defaults, key=lambda stem: (schemes[stem].get("year", 0), stem))
    return name or next(reversed(newest), "")


def problems(scheme: Scheme) -> list[str]:
    """Return every fault of a scheme (评价方案), one plain sentence each; none means usable.

    Parameters
    ----------
    scheme : mapping
        As read from YAML. See ``data/raw/reference/schemes/`` for the shape.

    Examples
    --------
    >>> block = {"weights": {"tax_per_mu_wan": 90}, "benchmarks": {"tax_per_mu_wan": 5}}
    >>> problems({"above_scale": block})
    ['above_scale.weights: found a sum of 90, allowed 100; change the weights until they add up']
    """
    if not isinstance(scheme, Mapping):
        return [_say("scheme", type(scheme).__name__, "a mapping", "check the YAML file")]
    faults = list(_unknown("", scheme, _TOP_KEYS))
    if not blocks(scheme):
        found = "neither above_scale nor below_scale"
        faults.append(_say("scheme", found, "at least one of them", "add weights and benchmarks"))
    for size, block in blocks(scheme).items():
        faults += _class_faults(size, block)
    return faults + list(_rule_faults(scheme))


def check(scheme: Scheme, *, needs_grades: bool = False) -> None:
    """Raise one ValueError that lists all faults of a scheme."""
    faults = problems(scheme)
    if needs_grades and not faults:
        faults = [
            _say(f"{size}.grades", "nothing", "A, B, C cut-offs", "add the cumulative shares")
            for size, block in blocks(scheme).items()
            if "grades" not in block
        ]
    if faults:
        raise ValueError("the evaluation scheme cannot be used:\n" + "\n".join(faults))


def _say(path: str, found: object, allowed: str, remedy: str) -> str:
    return f"{path}: found {found}, allowed {allowed}; {remedy}"


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _unknown(path: str, block: Mapping[str, Any], allowed: tuple[str, ...]) -> Iterator[str]:
    for key in block:
        if key not in allowed:
            yield _say(f"{path}{key}", "this key", ", ".join(allowed), "correct or remove it")


def _ratio_numbers(path: str, block: Any, *, words: tuple[str, ...] = ()) -> Iterator[str]:
    if not isinstance(block, Mapping):
        yield _say(path, repr(block), "a list of ratio: number", "write one line a ratio")
        return
    yield from _unknown(f"{path}.", block, tuple(RATIOS))
    for ratio, value in block.items():
        if value not in words and not _is_number(value):
            allowed = " or ".join(["a number", *words])
            yield _say(f"{path}.{ratio}", repr(value), allowed, "enter the published figure")


def _class_faults(size: str, block: Any) -> list[str]:
    if not isinstance(block, Mapping):
        return [_say(size, repr(block), "weights and benchmarks", "add them")]
    faults = list(_unknown(f"{size}.", block, _CLASS_KEYS))
    weights, benchmarks = block.get("weights", {}), block.get("benchmarks", {})
    faults += _ratio_numbers(f"{size}.weights", weights)
    if benchmarks != GROUP_RATIO:
        faults += _ratio_numbers(f"{size}.benchmarks", benchmarks, words=(GROUP_RATIO,))
    for bound in ("floors", "caps"):
        faults += _ratio_numbers(f"{size}.{bound}", block.get(bound, {}))
    if faults:
        return faults
    total = sum(weights.values())
    if abs(total - 100) > 1e-9:
        remedy = "change the weights until they add up"
        faults.append(_say(f"{size}.weights", f"a sum of {total:g}", "100", remedy))
    for ratio, weight in weights.items():
        faults += _ratio_faults(size, ratio, weight, block)
    return faults + _grade_faults(size, block) + _deduction_faults(size, block)


def _ratio_faults(size: str, ratio: str, weight: float, block: Mapping[str, Any]) -> Iterator[str]:
    if weight < 0:
        yield _say(f"{size}.weights.{ratio}", weight, "0 or more", "correct the weight")
    benchmarks = block.get("benchmarks", {})
    value = benchmarks if benchmarks == GROUP_RATIO else benchmarks.get(ratio)
    if value is None:
        allowed = f"a number above 0 or {GROUP_RATIO}"
        yield _say(f"{size}.benchmarks.{ratio}", "no benchmark", allowed, "add one")
    elif value != GROUP_RATIO and value <= 0:
        yield _say(f"{size}.benchmarks.{ratio}", value, "a number above 0", "correct it")
    low = block.get("floors", {}).get(ratio, float("-inf"))
    if low > block.get("caps", {}).get(ratio, float("inf")):
        yield _say(f"{size}.floors.{ratio}", low, "at most the cap", "correct floor or cap")


def _grade_faults(size: str, block: Mapping[str, Any]) -> list[str]:
    if "grades" not in block:
        return []
    cuts, path = block["grades"], f"{size}.grades"
    wanted = list(GRADES[:-1])
    if not isinstance(cuts, Mapping) or set(cuts) != set(wanted):
        return [_say(path, cuts, f"{', '.join(wanted)}", "write the three shares")]
    values = [cuts[grade] for grade in wanted]
    is_in_range = all(_is_number(v) and 0 < v <= 1 for v in values)
    if not is_in_range or not all(a < b for a, b in pairwise(values)):
        return [_say(path, values, "shares that rise, above 0 to 1", "cumulate them from the top")]
    return []


def _deduction_faults(size: str, block: Mapping[str, Any]) -> list[str]:
    rule, keys = block.get("tenant_deduction"), ("free", "first", "further")
    if rule is None or (
        isinstance(rule, Mapping)
        and set(rule) == set(keys)
        and all(_is_number(v) and v >= 0 for v in rule.values())
    ):
        return []
    return [_say(f"{size}.tenant_deduction", rule, "free, first, further: 0 or more", "correct it")]


def _rule_faults(scheme: Scheme) -> Iterator[str]:
    missing = scheme.get("missing", {})
    for ratio, rule in missing.items():
        if ratio not in RATIOS or rule != GROUP_MEAN:
            yield _say(f"missing.{ratio}", rule, f"a known ratio: {GROUP_MEAN}", "correct it")
    groups = scheme.get("groups", "all")
    if groups != "all" and not (
        isinstance(groups, Mapping) and groups and all(_are_prefixes(v) for v in groups.values())
    ):
        allowed = "all, or group: [industry prefixes in quotes] with one group: rest"
        yield _say("groups", groups, allowed, "correct the groups")
    least = scheme.get("min_group_size", 1)
    if not _is_number(least) or least < 1:
        yield _say("min_group_size", least, "1 or more", "correct it")
    parcels = scheme.get("shared_parcels", "separate")
    if parcels not in ("merge", "separate"):
        yield _say("shared_parcels", parcels, "merge or separate", "choose one")
    yield from _list_faults(scheme)
    for column, grade in scheme.get("grade_caps", {}).items():
        if grade not in GRADES:
            yield _say(f"grade_caps.{column}", grade, ", ".join(GRADES), "correct the class")
    yield from _exclusion_faults(scheme.get("exclusions", {}))
    register = scheme.get("register", {})
    known = ("energy_per_value_added_tce_per_wan", "tax_per_mu_wan")
    yield from _unknown("register.", register, known)
    for key, value in register.items():
        if not _is_number(value) and (key, value) != (known[0], INDUSTRY_RATIO):
            yield _say(f"register.{key}", value, f"a number or {INDUSTRY_RATIO}", "correct it")


def _list_faults(scheme: Scheme) -> Iterator[str]:
    """One word in a list's place would be read as its letters, and do nothing."""
    sizes = ("tenants_follow_owner", SIZE_CLASSES)
    for key, allowed in (sizes, ("vetoes", ()), ("upgrades", ())):
        listed = scheme.get(key, [])
        if not isinstance(listed, list | tuple):
            yield _say(key, repr(listed), "a list", f"write [{listed}]")
        elif allowed:
            for odd in [word for word in listed if word not in allowed]:
                yield _say(key, odd, ", ".join(allowed), "correct it")


def _exclusion_faults(rules: Mapping[str, Any]) -> Iterator[str]:
    years, marks = "new_enterprise_years", ("unfinished", "utilities")
    yield from _unknown("exclusions.", rules, (years, *marks))
    if not _is_number(rules.get(years, 0)):
        yield _say(f"exclusions.{years}", repr(rules[years]), "a number", "correct it")
    for mark in marks:
        if not isinstance(rules.get(mark, False), bool):
            yield _say(f"exclusions.{mark}", repr(rules[mark]), "true or false", "correct it")


def _are_prefixes(value: object) -> bool:
    return value == "rest" or (
        isinstance(value, list | tuple) and all(isinstance(v, str) and v for v in value)
    )
