"""A full disk, a read-only database and other people's eyes: what the program does on a real file system."""

import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.embedded]
BOOK = ["export", "register", "--out"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation, made once and copied for each test."""
    home = tmp_path_factory.mktemp("made")
    done = run(
        home, "init", "--preset", "examples/preset.toml", "--county", "岚川县", CHUANGWEI_FIRST_PASSWORD="only-a-test-1"
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def run(home: Path, *arguments: str, limit: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own; with `limit`, no file may grow beyond so many bytes."""
    env = os.environ | {"CHUANGWEI_HOME": str(home), "DATABASE_URL": "", **environment}
    return subprocess.run(
        [sys.executable, "-m", "chuangwei.config", *arguments], cwd=ROOT, env=env, capture_output=True, text=True,
        check=False,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None,
    )  # fmt: skip


def assert_a_sentence(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert (done.returncode, words in done.stderr) == (1, True), done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_everything_is_for_its_owner_only(home: Path) -> None:
    assert run(home, "backup").returncode == 0
    assert run(home, *BOOK, str(home.parent / "out.xlsx")).returncode == 0
    wide = [path for path in [home, *home.rglob("*"), home.parent / "out.xlsx"] if path.stat().st_mode & 0o077]
    assert wide == []


def test_a_home_that_was_made_wider_is_narrowed(home: Path) -> None:
    for path in (home, home / "logs", home / "keys"):
        path.chmod(0o755)
    (home / "chuangwei.sqlite3").chmod(0o644)
    assert run(home, "verify").returncode == 0
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, home / "logs", home / "keys")}
    assert modes == {"home": 0o700, "logs": 0o700, "keys": 0o700}
    assert stat.S_IMODE((home / "chuangwei.sqlite3").stat().st_mode) == 0o600


def test_a_disk_that_is_full_is_said(home: Path) -> None:
    """The database may not grow: the write is refused, and what was there is whole."""
    done = run(home, "import", "examples/register.xlsx", limit=100_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "未能保存" in done.stderr
    assert run(home, "verify").returncode == 0


def test_a_backup_for_which_there_is_no_room_is_said_and_leaves_nothing(home: Path) -> None:
    # More than the copy of the database needs, less than what is written then.
    done = run(home, "backup", limit=20_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert not list((home / "backups").glob("*"))
    assert not [path for path in (home / "backups").glob(".*") if path.is_file()]


def test_a_database_that_may_not_be_written_is_said(home: Path) -> None:
    """As root nothing is read-only to the file system; SQLite's own switch says it all the same."""
    for file in home.glob("chuangwei.sqlite3*"):
        file.chmod(0o400)
    if os.geteuid() == 0:
        program = (
            "import sys; from chuangwei.config import settings, cli;"
            "settings.SQLITE['OPTIONS']['init_command'] += ' PRAGMA query_only=ON;';"
            "sys.exit(cli.main(sys.argv[1:]))"
        )
        env = os.environ | {"CHUANGWEI_HOME": str(home), "DATABASE_URL": ""}
        command = [sys.executable, "-c", program, "import", "examples/register.xlsx"]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    else:
        done = run(home, "import", "examples/register.xlsx")
    assert_a_sentence(done, "数据库为只读，未能保存。")


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("nowhere/deep/x.xlsx", "目录不存在"),
        ("file/x.xlsx", "不是目录"),
        ("folder", "是一个目录"),
        ("x" * 300 + ".xlsx", "文件名太长"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_said(home: Path, out: str, words: str) -> None:
    (home / "file").touch()
    (home / "folder").mkdir()
    assert_a_sentence(run(home, *BOOK, str(home / out)), words)


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(tmp_path / "file" / "home", "help")
    assert_a_sentence(done, "数据目录")
