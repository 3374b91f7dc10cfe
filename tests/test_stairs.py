"""The house keeps its stairs: no module imports from a floor above, and none in a circle."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("fenghua", "briefpress", "tidysheets", "fenghua_demo")
VOCABULARY = {f"fenghua.inputs.{name}" for name in ("vocabulary", "periods", "records")}
FLOORS = {
    "fenghua.inputs": {"fenghua.inputs", "tidysheets"},
    "fenghua.analysis": {"fenghua.analysis"},
    "fenghua.display": {"fenghua.display"},
    "fenghua.pages": {"fenghua.pages", "fenghua.analysis", "fenghua.display", "fenghua.inputs"},
    "fenghua": set(PACKAGES),
    "briefpress": {"briefpress"},
    "tidysheets": {"tidysheets"},
    "fenghua_demo": {"fenghua_demo", "fenghua.inputs"},
}


def paths() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def modules() -> dict[str, ast.Module]:
    return {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths()}


def imports(tree: ast.AST, names: set[str]) -> set[str]:
    """Return our own modules that a tree imports, each by its longest name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.split(".")[0] in PACKAGES}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
            for alias in node.names:
                longer = f"{node.module}.{alias.name}"
                found.add(longer if longer in names else str(node.module))
    return found


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def test_imports_only_go_down_the_stairs() -> None:
    trees = modules()
    wrong = []
    for name, tree in trees.items():
        floor = next(floor for floor in FLOORS if is_in(name, floor))
        for target in imports(tree, set(trees)):
            allowed = any(is_in(target, base) for base in FLOORS[floor])
            known = floor.startswith("fenghua") and target in VOCABULARY
            if not allowed and not known:
                wrong.append(f"{name} imports {target}")
    assert wrong == []


def test_no_imports_in_a_circle() -> None:
    trees = modules()
    graph = {name: imports(tree, set(trees)) & set(trees) for name, tree in trees.items()}
    for package in PACKAGES:  # what a package shows at its top comes from its modules
        graph.pop(package, None)

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        for target in graph.get(name, ()):
            visit(target, (*trail, name))

    for name in graph:
        visit(name, ())


def test_no_star_imports_and_no_catch_all_modules() -> None:
    for name, tree in modules().items():
        assert not name.endswith((".utils", ".helpers", ".misc", ".common")), name
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert all(alias.name != "*" for alias in node.names), name


def test_analysis_touches_no_files_and_no_clock() -> None:
    banned = {"open", "read_csv", "now", "today", "read_text", "write_text", "to_csv"}
    for name, tree in modules().items():
        if name.startswith("fenghua.analysis"):
            called = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
            used = {f.attr for f in called if isinstance(f, ast.Attribute)}
            used |= {f.id for f in called if isinstance(f, ast.Name)}
            assert not used & banned, (name, used & banned)
            imported = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert "pathlib" not in {getattr(n, "module", None) for n in imported}, name
            assert "pathlib" not in {a.name for n in imported for a in n.names}, name


def test_display_counts_and_sums_nothing() -> None:
    """What a page states is computed one floor below; charts may place what they draw."""
    banned = {"sum", "mean", "median", "value_counts", "nunique", "cumsum", "agg", "crosstab"}
    for name, tree in modules().items():
        if name.startswith("fenghua.display") and ".charts" not in name:
            called = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
            used = {f.attr for f in called if isinstance(f, ast.Attribute)}
            assert not used & banned, (name, used & banned)


def test_modules_and_functions_stay_small() -> None:
    for path in paths():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                body = node.body
                if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                    body = body[1:]
                if body:
                    lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
                    assert lines <= 40, f"{name}.{node.name}: {lines} lines"
