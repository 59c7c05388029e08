"""The program `chuangwei`: our own commands, in Chinese, over Django's command machinery.

Exit codes: 0 done, 1 refused with a message, 2 wrong usage. No traceback reaches a user.
"""

import argparse
import ast
import difflib
import io
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import django
from django.conf import settings
from django.core.management import load_command_class
from django.core.management.base import BaseCommand, SystemCheckError

from chuangwei import __version__
from chuangwei.config import words
from chuangwei.config.failures import sentence_of
from chuangwei.core.errors import new_event_id

log = logging.getLogger("chuangwei.command")

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
HELP_WORDS = frozenset({"help", "-h", "--help", "帮助"})
# Every Django command takes these; none is for a user.
DJANGO_OPTIONS = frozenset({
    "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks",
})  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character shows a question mark, not an error.
            stream.reconfigure(errors="replace")
    words.speak_chinese()
    return _guarded(lambda: _run(arguments))


def _guarded(work: Callable[[], int]) -> int:
    """The exit code of the work, with every error turned into a sentence."""
    try:
        return work()
    except SystemExit as stop:
        if isinstance(stop.code, str):
            _say(stop.code)
            return REFUSED
        return stop.code or DONE
    except BrokenPipeError:
        # Whoever read our output stopped reading (`| head`); nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except SystemCheckError as error:
        _say(str(error))
        return REFUSED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (the last door: no traceback goes through it)
        sentence = sentence_of(error)
        _say(sentence if sentence is not None else _log(error))
        for mistake in getattr(error, "mistakes", ()):
            _say(_line_of(mistake))
        return REFUSED


def _run(arguments: list[str]) -> int:
    if arguments[:1] in (["--version"], ["version"]):
        print(f"chuangwei {__version__}")  # noqa: T201  (a command's answer is what it prints)
        return DONE
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwei.config.settings")
    commands = our_commands()
    if not arguments or (arguments[0] in HELP_WORDS and len(arguments) == 1):
        _print_help(commands)
        return DONE
    name, rest = arguments[0], arguments[1:]
    if name in HELP_WORDS:
        name, rest = rest[0], ["--help"]
    if name not in commands:
        close = difflib.get_close_matches(name, commands, n=1)
        _say(f"没有“{name}”这条命令。" + (f"是不是 {close[0]}？" if close else "运行 chuangwei help 可看全部命令。"))
        return WRONG_USAGE
    django.setup()
    command = load_command_class(commands[name], name.replace("-", "_"))
    options = vars(parser_of(command, name).parse_args(rest))
    positional = options.pop("args", ())
    began = time.perf_counter()
    try:
        command.execute(*positional, **options | {"skip_checks": True})
    except BaseException as error:
        log.info("command", extra=_told(name, rest, began, type(error).__name__))
        raise
    log.info("command", extra=_told(name, rest, began, ""))
    return DONE


def _told(name: str, rest: list[str], began: float, ended_by: str) -> dict[str, object]:
    """What of a command may be kept: its name and which options, never what was given with them."""
    options = [word.split("=")[0] for word in rest if word.startswith("-")]
    seconds = time.perf_counter() - began
    return {"command": name, "options": options, "ended_by": ended_by, "ms": round(seconds * 1000)}


def our_commands() -> dict[str, str]:
    """Every command of ours, as people type it, with the app that holds it.

    Found by its file: nothing is imported, so that `help` need not wait for the whole program.
    """
    found = {}
    for app in settings.INSTALLED_APPS:
        if app.startswith("chuangwei."):
            for file in _folder(app).glob("[a-z]*.py"):
                found[file.stem.replace("_", "-")] = app
    return dict(sorted(found.items()))


def _folder(app: str) -> Path:
    spec = find_spec(app)
    home = Path(spec.origin).parent if spec and spec.origin else Path()
    return home / "management" / "commands"


def _about(app: str, name: str) -> str:
    """The first line of a command's own help, read off its source."""
    source = (_folder(app) / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Assign(targets=[ast.Name(id="help")], value=ast.Constant(value=str(text))):
                return text.strip().split("\n")[0]
    return ""


def parser_of(command: BaseCommand, name: str) -> argparse.ArgumentParser:
    """The command's own parser, with Django's options out of sight; a wrong usage exits with 2."""
    # Django's own switch between exiting with a usage line and raising.
    setattr(command, "_called_from_command_line", True)  # noqa: B010  (Django's types do not know it)
    parser = command.create_parser("chuangwei", name)
    for action in parser._actions:  # noqa: SLF001  (argparse has no public list of its options)
        if action.dest in DJANGO_OPTIONS:
            action.help = argparse.SUPPRESS
    return parser


def _print_help(commands: dict[str, str]) -> None:
    print("创卫：国家卫生城镇创建与巩固\n\n用法：chuangwei <命令> [参数]\n\n命令：")  # noqa: T201
    width = max(map(len, commands), default=0)
    for name, app in commands.items():
        print(f"  {name.ljust(width)}  {_about(app, name)}")  # noqa: T201
    print("\nchuangwei help <命令> 可看该命令的全部参数。")  # noqa: T201


def _line_of(mistake: object) -> str:
    """文件 · 表 · 第 n 行 · 列：what is wrong."""
    row = getattr(mistake, "row", None)
    places = [
        getattr(mistake, "file", ""),
        f"“{sheet}”表" if (sheet := getattr(mistake, "sheet", "")) else "",
        f"第 {row} 行" if row else "",
        f"“{column}”列" if (column := getattr(mistake, "column", None)) else "",
    ]
    return f"  {' · '.join(place for place in places if place)}：{getattr(mistake, 'message', mistake)}"


def _log(error: BaseException) -> str:
    """Keep the whole traceback for whoever mends the program, and say where it is."""
    event_id = new_event_id()
    if not settings.configured:
        return f"程序出错，未能完成。（{type(error).__name__}）"
    log.error("程序出错", exc_info=error, extra={"event_id": event_id})
    return f"程序出错，未能完成（事件编号 {event_id}）。详情已记入 {settings.CHUANGWEI_LOGS}，请交给维护人员。"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
