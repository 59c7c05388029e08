"""The house rules that no linter knows, as functions over a source tree: each returns the places that break them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What another package may import of a domain app (layout.md, Doors).
DOORS = frozenset({"enums", "models", "queries", "actions", "permissions", "registry", "facts"})
WRITING = frozenset({
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save",
})  # fmt: skip
# The rooms of an app that may write its rows.
WRITING_ROOMS = frozenset({"actions"})

MODULE_LINES = 500
FUNCTION_LINES = 60
TEMPLATE_LINES = 160
ISLAND_LINES = 200
# The formatter breaks code at 120; a sentence or a row of a table may stand whole a little beyond.
LINE_CHARACTERS = 140

NAMES_THAT_SAY_NOTHING = frozenset({
    "manager", "managers", "service", "services", "util", "utils", "helper", "helpers", "handler", "handlers",
    "process", "data", "info", "misc", "common",
})  # fmt: skip


def modules(root: Path) -> Iterator[Path]:
    """Every Python file of the product that a person wrote."""
    for file in sorted((root / "chuangwei").rglob("*.py")):
        if "migrations" not in file.parts:
            yield file


def dotted(file: Path, root: Path) -> str:
    """chuangwei/core/clock.py → chuangwei.core.clock."""
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module or name that is imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def app_of(module: str) -> str | None:
    """chuangwei.domain.places.models → places."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["chuangwei", "domain"] and len(parts) > 2 else None


def closed_doors(root: Path) -> list[str]:
    """Imports that reach past the doors of a domain app."""
    found = []
    for file in modules(root):
        here = dotted(file, root)
        for line, target in imports(ast.parse(file.read_text(encoding="utf-8"))):
            app = app_of(target)
            if app is None or app == app_of(here):
                continue
            room = target.split(".")[3] if len(target.split(".")) > 3 else ""
            if room not in DOORS:
                found.append(f"{file.relative_to(root)}:{line} {target}")
    return found


def writes_elsewhere(root: Path) -> list[str]:
    """Rows of a domain app written outside its actions: `Model.objects….create()` and the like."""
    found = []
    for file in modules(root):
        here = dotted(file, root)
        rooms = here.split(".")[3:4]
        if app_of(here) and rooms and rooms[0] in WRITING_ROOMS:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        models = {
            name.rsplit(".", 1)[-1] for _, name in imports(tree) if re.match(r"chuangwei\.domain\.\w+\.models\.", name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING):
                continue
            if _model_asked(node.func.value) in models:
                found.append(f"{file.relative_to(root)}:{node.lineno} .{node.func.attr}()")
    return found


def _model_asked(node: ast.expr) -> str | None:
    """The model at the root of `Model.objects.filter(…).exclude(…)`; None for anything else."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            if node.attr in {"objects", "_default_manager", "_base_manager"} and isinstance(node.value, ast.Name):
                return node.value.id
            node = node.value
        else:
            return None


def too_large(root: Path) -> list[str]:
    """Modules, functions, templates, islands and lines beyond their limit."""
    found = []
    for file in [*modules(root), *sorted((root / "tests").rglob("*.py")), *sorted((root / "tools").rglob("*.py"))]:
        text = file.read_text(encoding="utf-8")
        lines = text.splitlines()
        if len(lines) > MODULE_LINES:
            found.append(f"{file.relative_to(root)}: {len(lines)} lines")
        if "tests" not in file.relative_to(root).parts:
            # In a test a row of a table of cases stays one row, however wide.
            found += _long_lines(file, lines, root)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(f"{file.relative_to(root)}:{node.lineno} {node.name}: {length} lines")
    for pattern, limit in (("chuangwei/**/*.html", TEMPLATE_LINES), ("frontend/src/**/*.ts", ISLAND_LINES)):
        for file in sorted(root.glob(pattern)):
            lines = file.read_text(encoding="utf-8").splitlines()
            if len(lines) > limit:
                found.append(f"{file.relative_to(root)}: {len(lines)} lines")
            found += _long_lines(file, lines, root) if file.suffix == ".ts" else []
    return found


def _long_lines(file: Path, lines: list[str], root: Path) -> list[str]:
    return [
        f"{file.relative_to(root)}:{number} {len(line)} characters"
        for number, line in enumerate(lines, 1)
        if len(line) > LINE_CHARACTERS
    ]


def empty_names(root: Path) -> list[str]:
    """Files and classes named with a word that says nothing."""
    found = []
    for file in modules(root):
        if file.stem in NAMES_THAT_SAY_NOTHING:
            found.append(str(file.relative_to(root)))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                last = re.findall(r"[A-Z][a-z]*", node.name)[-1:] or [""]
                if last[0].lower() in NAMES_THAT_SAY_NOTHING and not any(
                    isinstance(base, ast.Attribute | ast.Name | ast.Subscript) and "Manager" in ast.dump(base)
                    for base in node.bases
                ):
                    found.append(f"{file.relative_to(root)}:{node.lineno} {node.name}")
    return found


def foreign_addresses(root: Path) -> list[str]:
    """Anything a page or a style sheet would fetch from another machine."""
    fetches = re.compile(
        r"""(?:src|href|action|data|poster|srcset|hx-\w+)\s*=\s*["']?\s*(?:https?:)?//"""
        r"""|url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//|fetch\(\s*["'`]https?:"""
    )
    files = [*root.glob("chuangwei/**/*.html"), *root.glob("frontend/src/**/*.css"), *root.glob("frontend/src/**/*.ts")]
    return [
        f"{file.relative_to(root)}:{number}"
        for file in sorted(files)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if fetches.search(line)
    ]


def inline_code(root: Path) -> list[str]:
    """Inline styles and scripts, which the content security policy would refuse."""
    inline = re.compile(
        r"""\sstyle\s*=|\son\w+\s*=\s*["']|<style\b|<script(?![^>]*\b(?:src|type="application/json"))"""
    )
    return [
        f"{file.relative_to(root)}:{number}"
        for file in sorted(root.glob("chuangwei/**/*.html"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(line)
    ]


def domain_apps(root: Path) -> list[str]:
    return sorted(folder.parent.name for folder in (root / "chuangwei" / "domain").glob("*/__init__.py"))
