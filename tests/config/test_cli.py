"""`chuangwei`: Chinese help, exit codes 0, 1 and 2, and never a traceback."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import BaseCommand, CommandError

from chuangwei.config import cli
from chuangwei.core.errors import DomainError, Refused
from chuangwei.core.mistakes import Mistake

OURS = {
    "appraise",
    "backup",
    "restore",
    "draw",
    "duties",
    "export",
    "import",
    "init",
    "preset",
    "serve",
    "tick",
    "verify",
    "verify-draw",
}


def test_help_lists_our_commands_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help"]) == cli.DONE
    listed = {
        line.split()[0]: line.split(maxsplit=1)[1:] for line in capsys.readouterr().out.splitlines() if line[:2] == "  "
    }
    assert set(listed) >= OURS
    assert all(about for about in listed.values())
    assert not {"migrate", "shell", "runserver", "qcluster", "createcachetable"} & set(listed)


def test_help_is_read_off_the_sources_and_is_what_the_commands_say(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["help"])
    said = capsys.readouterr().out
    for name, app in cli.our_commands().items():
        assert load_command_class(app, name.replace("-", "_")).help.strip().split("\n")[0] in said, name


def test_no_command_at_all_is_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == cli.DONE
    assert "用法：chuangwei" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["help", "serve"], ["serve", "--help"]])
def test_help_of_a_command_is_chinese_and_hides_what_is_not_ours(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert cli.main(arguments) == cli.DONE
    text = capsys.readouterr().out
    assert "用法：chuangwei serve" in text
    assert "选项" in text
    assert not any(word in text for word in ("--settings", "--traceback", "show this help", "optional"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["servee"], "是不是 serve"),
        (["migrate"], "没有“migrate”这条命令"),
        (["serve", "--port"], "后面须跟一个值"),
        (["serve", "--port", "八千"], "不合要求"),
        (["serve", "--nonsense"], "不认识的参数：--nonsense"),
    ],
)
def test_wrong_usage_exits_with_two(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert cli.main(arguments) == cli.WRONG_USAGE
    assert words in capsys.readouterr().err


class Planted(BaseCommand):
    help = "仅供测试"
    raises: BaseException | None = None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--reason")
        parser.add_argument("what", nargs="?")

    def handle(self, **_options: object) -> None:
        if self.raises:
            raise self.raises


def run_planted(monkeypatch: pytest.MonkeyPatch, error: BaseException | None) -> int:
    monkeypatch.setattr(Planted, "raises", error)
    # It would set up the log anew, without the handler of the test.
    monkeypatch.setattr(cli.django, "setup", lambda: None)
    monkeypatch.setattr(cli, "our_commands", lambda: {"planted": "chuangwei.config"})
    monkeypatch.setattr(cli, "load_command_class", lambda _app, _name: Planted())
    return cli.main(["planted"])


def test_a_command_that_ends_well_exits_with_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_planted(monkeypatch, None) == cli.DONE


@pytest.mark.parametrize(
    "error", [DomainError("这一期已经公布。"), CommandError("没有这个系列。"), SystemExit("到此为止。")]
)
def test_a_refusal_exits_with_one_and_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    assert run_planted(monkeypatch, error) == cli.REFUSED
    assert str(error) in capsys.readouterr().err


def test_a_refused_file_tells_every_mistake_by_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mistakes = [
        Mistake(file="责任.xlsx", sheet="点位", row=3, column="编码", message="重复。"),
        Mistake(file="责任.xlsx", sheet="", row=None, column=None, message="不是工作簿。"),
    ]
    assert run_planted(monkeypatch, Refused("2 处不合要求。", mistakes)) == cli.REFUSED
    assert capsys.readouterr().err.splitlines() == [
        "2 处不合要求。",
        "  责任.xlsx · “点位”表 · 第 3 行 · “编码”列：重复。",
        "  责任.xlsx：不是工作簿。",
    ]


def test_a_fault_of_ours_goes_to_the_log_and_not_to_the_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert run_planted(monkeypatch, ZeroDivisionError("planted")) == cli.REFUSED
    said = capsys.readouterr().err
    assert "程序出错" in said
    assert "Traceback" not in said
    (record,) = [record for record in caplog.records if record.exc_info]
    assert f"事件编号 {record.event_id}" in said
    assert "ZeroDivisionError: planted" in caplog.text


def test_a_command_is_a_line_of_the_log_without_what_was_given(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        run_planted(monkeypatch, CommandError("没有。"))
        monkeypatch.setattr(Planted, "raises", None)
        cli.main(["planted", "--reason=张三 13800000000", "13800000000"])
    lines = [
        (record.command, record.options, record.ended_by) for record in caplog.records if hasattr(record, "command")
    ]
    assert lines == [("planted", [], "CommandError"), ("planted", ["--reason"], "")]


def program(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as people start it, in a process of its own."""
    env = {"PATH": os.environ["PATH"], "CHUANGWEI_HOME": str(home), "DATABASE_URL": "", **environment}
    return subprocess.run(
        [sys.executable, "-m", "chuangwei.config", *arguments], env=env, capture_output=True, text=True, check=False,
        cwd=Path(cli.__file__).parents[2],
    )  # fmt: skip


def test_a_new_home_is_made_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert program("help", home=home).returncode == 0
    assert (home.stat().st_mode & 0o777, (home / "keys" / "session.secret").stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DATABASE_URL": "mysql://u@h/x"}, "DATABASE_URL"),
        ({"CHUANGWEI_DEBUG": "maybe"}, "CHUANGWEI_DEBUG"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "连不上 PostgreSQL"),
    ],
)
def test_a_bad_setting_is_one_sentence(tmp_path: Path, environment: dict[str, str], words: str) -> None:
    answer = program("serve", "--port", "0", home=tmp_path, **environment)
    assert answer.returncode == 1
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_serve_before_init_says_what_to_do(tmp_path: Path) -> None:
    answer = program("serve", "--port", "0", home=tmp_path)
    assert answer.returncode == 1
    assert "chuangwei init" in answer.stderr


def test_serve_for_other_machines_asks_for_https(tmp_path: Path) -> None:
    answer = program("serve", "--host", "0.0.0.0", home=tmp_path)
    assert answer.returncode == 1
    assert "HTTPS" in answer.stderr


def test_output_into_a_pipe_that_closes_is_no_error(tmp_path: Path) -> None:
    env = os.environ | {"CHUANGWEI_HOME": str(tmp_path), "DATABASE_URL": ""}
    line = f"{sys.executable} -m chuangwei.config help | true; exit ${{PIPESTATUS[0]}}"
    answer = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in answer.stderr
