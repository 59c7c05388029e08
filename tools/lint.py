"""Every fence, one after another: style, types, rings, templates, pages, schema, the shape of the house.

.venv/bin/python tools/lint.py [--fix]
"""

import argparse
import os
import sys
import time
from pathlib import Path

import audit
from bootstrap import BIN, FRONTEND, PYTHON, ROOT, node_folder
from steps import Outcome, call, report

PLACES = ["chuangwei", "tests", "tools", *(name for name in ("bench", "examples") if (ROOT / name).is_dir())]


def npm(*script: str) -> bool:
    folder = node_folder()
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"} if folder else {}
    return call(["npm", "run", "--silent", *script], cwd=FRONTEND, env=env)


def templates() -> list[Path]:
    return sorted(folder for folder in (ROOT / "chuangwei" / "web").glob("*/templates") if any(folder.rglob("*.html")))


def fix() -> int:
    call([BIN / "ruff", "check", "--fix", *PLACES])
    call([BIN / "ruff", "format", *PLACES])
    if templates():
        call([BIN / "djlint", "--reformat", "--quiet", *templates()])
    npm("format")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fix", action="store_true")
    if parser.parse_args().fix:
        return fix()
    steps: dict[str, list[str | Path]] = {
        "风格（ruff）": [BIN / "ruff", "check", *PLACES],
        "格式（ruff format）": [BIN / "ruff", "format", "--check", *PLACES],
        "类型（mypy）": [BIN / "mypy", "chuangwei", "tools"],
        "环与次序（import-linter）": [BIN / "lint-imports"],
        "迁移（makemigrations --check）": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "-v", "1"],
        "结构（tests/architecture）": [PYTHON, "-m", "pytest", "-q", "-n", "2", "tests/architecture"],
    }
    if templates():
        steps["模板（djlint）"] = [BIN / "djlint", "--check", "--lint", "--quiet", *templates()]
    outcomes = []
    for title, command in steps.items():
        print(f"\n=== {title} ===", flush=True)
        began = time.monotonic()
        outcomes.append(Outcome.of(title, call(command), time.monotonic() - began))
    print("\n=== 页面脚本与样式（biome、tsc） ===", flush=True)
    began = time.monotonic()
    outcomes.append(Outcome.of("页面脚本与样式（biome、tsc）", npm("check"), time.monotonic() - began))
    for title, ask in audit.PARTS.items():
        print(f"\n=== {title} ===", flush=True)
        began = time.monotonic()
        answer = audit.audit(ask)
        seconds = time.monotonic() - began
        if isinstance(answer, str):
            print(answer)
            outcomes.append(Outcome.unknown(title, answer, seconds))
        else:
            outcomes.append(Outcome.of(title, answer, seconds))
    return report(outcomes)


if __name__ == "__main__":
    sys.exit(main())
