"""What in docs/ is read off the program itself: the commands, the lives of things, who may what.

make docs      writes docs/reference/commands.md, docs/reference/states.md and docs/rights.md
"""

import importlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
from bootstrap import ROOT

REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- 由 make docs 生成，请勿手改。 -->\n"


def commands() -> str:
    """Every command with its usage, as `chuangwei help COMMAND` prints it."""
    cli = importlib.import_module("chuangwei.config.cli")
    management = importlib.import_module("django.core.management")
    parts = [NOTE, "# 命令\n"]
    for name, app in cli.our_commands().items():
        command = management.load_command_class(app, name.replace("-", "_"))
        usage = cli.parser_of(command, name).format_help()
        parts.append(f"## chuangwei {name}\n\n```text\n{usage.strip()}\n```\n")
    return "\n".join(parts)


def states() -> str:
    """A picture of every transition table, drawn from the table."""
    house = sorted(
        folder.name for folder in (ROOT / "chuangwei" / "domain").iterdir() if (folder / "states.py").is_file()
    )
    parts = [NOTE, "# 状态与流转\n"]
    for app in house:
        table = importlib.import_module(f"chuangwei.domain.{app}.states")
        moves = [thing for thing in vars(table).values() if type(thing).__name__ == "Transition"]
        labels = _labels(app)
        parts.append(f"## {app}\n\n```mermaid\nstateDiagram-v2")
        parts += [f"  {slug} : {label}" for slug, label in labels.items() if _is_used(slug, moves)]
        parts += [f"  {source} --> {move.target} : {move.name}" for move in moves for source in sorted(move.sources)]
        parts.append("```\n")
    return "\n".join(parts)


def _labels(app: str) -> dict[str, str]:
    """The name of every state as people say it."""
    if not find_spec(f"chuangwei.domain.{app}.enums"):
        return {}
    enums = vars(importlib.import_module(f"chuangwei.domain.{app}.enums")).values()
    choices = [enum.choices for enum in enums if hasattr(enum, "choices") and enum.__name__.endswith("State")]
    return {str(slug): str(label) for pairs in choices for slug, label in pairs}


def _is_used(slug: str, moves: list[Any]) -> bool:
    return any(slug == move.target or slug in move.sources for move in moves)


def main() -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwei.config.settings")
    # The width of whoever runs this must not change what is written.
    os.environ["COLUMNS"] = "100"
    django.setup()
    importlib.import_module("chuangwei.config.words").speak_chinese()
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in {"commands.md": commands(), "states.md": states()}.items():
        target = REFERENCE / name
        target.write_text(text.rstrip() + "\n", encoding="utf-8")
        print(target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target)
    rights = importlib.import_module("tools.rights")
    rights.TARGET.write_text(rights.text(), encoding="utf-8")
    print(rights.TARGET.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
