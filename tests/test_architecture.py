"""The layers of the house: who may import whom, and how long a module may be. Read from the source, not run."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import reviewkit

PACKAGE = Path(reviewkit.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations/versions" not in path.as_posix())

# errors <- model <- {protocol, formats, store} <- {workspace, sources} <- steps <- {cli, web, frames}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "protocol": {"errors", "model"},
    "formats": {"errors", "model"},
    "store": {"errors", "model"},
    "workspace": {"errors", "model", "protocol", "formats", "store"},
    "sources": {"errors", "model", "protocol", "formats", "store"},
    "steps": {"errors", "model", "protocol", "formats", "store", "workspace", "sources"},
    "web": {"errors", "model", "protocol", "formats", "store", "workspace", "sources", "steps"},
    "frames": {"errors", "model", "protocol", "formats", "store", "workspace", "sources", "steps"},
    "cli": {"errors", "model", "protocol", "formats", "store", "workspace", "sources", "steps", "web"},
}


def layer(module: str) -> str:
    """The layer of `reviewkit.model.flow` is `model`; `reviewkit` itself (its version) belongs to none."""
    return module.split(".")[1] if module.startswith("reviewkit.") else ""


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions and for type checkers too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def name_of(path: Path) -> str:
    return ".".join(("reviewkit", *path.relative_to(PACKAGE).with_suffix("").parts))


def test_nothing_imports_to_the_right() -> None:
    wrong = [
        f"{name_of(path)} imports {target}"
        for path in MODULES
        for target in imports(path)
        if (here := layer(name_of(path))) in MAY_IMPORT
        and layer(target) in MAY_IMPORT.keys() - MAY_IMPORT[here] - {here}
    ]
    assert not wrong


def test_every_module_is_in_a_layer() -> None:
    loose = {name_of(path) for path in MODULES if layer(name_of(path)) not in MAY_IMPORT}
    assert loose == {"reviewkit.__init__", "reviewkit.__main__"}


def test_only_the_store_knows_sql() -> None:
    wrong = [
        f"{name_of(path)} imports {target}"
        for path in MODULES
        for target in imports(path)
        if target.split(".")[0] in ("sqlalchemy", "alembic", "sqlite3", "psycopg") and layer(name_of(path)) != "store"
    ]
    assert not wrong


def test_steps_and_everything_below_them_neither_print_nor_ask_nor_read_the_clock() -> None:
    forbidden = {"print", "input", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
    wrong = [
        f"{name_of(path)}:{node.lineno} calls {called}"
        for path in MODULES
        if layer(name_of(path)) in MAY_IMPORT["cli"] - {"web", "sources"}  # sources keep to a server's pace
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and (called := ast.unparse(node.func)) in forbidden
    ]
    assert not wrong


def test_modules_are_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 500} == {}
    assert median(lengths.values()) < 200


def test_every_module_says_what_it_owns() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent


def test_no_module_is_a_dumping_ground() -> None:
    names = {"utils", "util", "helpers", "helper", "manager", "base", "misc", "common_utils"}
    assert not [name_of(path) for path in MODULES if path.stem in names]
