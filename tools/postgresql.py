"""A PostgreSQL for the tests: the one that is there, or one of our own for as long as the tests run."""

import contextlib
import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

PORT = 5432
# Nothing is kept, so nothing need reach the disk.
FAST = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]


class CannotServe(Exception):
    """No server can be had; the message says what a person can do."""


@contextlib.contextmanager
def test_server() -> Iterator[str]:
    """The address of a server on which we may make databases."""
    given = os.environ.get("CHUANGWEI_TEST_DATABASE_URL")
    if given:
        if not lets_us_in(given):
            raise CannotServe("CHUANGWEI_TEST_DATABASE_URL 所指的数据库连不上，或不能建库")
        yield given
        return
    found = None if os.environ.get("CHUANGWEI_OWN_POSTGRESQL") else running_server()
    if found:
        yield found
        return
    with own_server() as url:
        yield url


def running_server() -> str | None:
    """The server at 127.0.0.1:5432, by the first account that may make databases there without a password."""
    for user in dict.fromkeys(("postgres", getpass.getuser())):
        for database in ("postgres", "test"):
            url = f"postgresql://{user}@127.0.0.1:{PORT}/{database}"
            if lets_us_in(url):
                return url
    return None


def lets_us_in(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            asked = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            row = asked.fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


def programs() -> Path:
    """The folder of the newest initdb on this machine."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    if not found:
        raise CannotServe("没有 PostgreSQL：请由管理员运行 sudo apt-get install -y postgresql")
    return Path(found).resolve().parent


def account() -> list[str]:
    """What to put before a command so that it does not run as root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return ["setpriv", f"--reuid={name}", "--clear-groups", "--"]
    raise CannotServe("没有可用来运行 PostgreSQL 的普通账户")


@contextlib.contextmanager
def own_server() -> Iterator[str]:
    """A fresh server on a free port of this machine, in a folder that is removed afterwards."""
    tools, prefix = programs(), account()
    folder = Path(tempfile.mkdtemp(prefix="chuangwei-pg-"))
    try:
        if prefix:
            shutil.chown(folder, prefix[1].removeprefix("--reuid="))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data = folder / "data"
        make: list[str | Path] = [
            tools / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        subprocess.run([*prefix, *make], cwd="/", stdout=subprocess.DEVNULL, check=True)
        places = ["-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1", "-p", str(port)]
        server: list[str | Path] = [tools / "pg_ctl", "-D", data, "-l", folder / "log", "-w"]
        options = " ".join([*places, *FAST])
        subprocess.run([*prefix, *server, "-o", options, "start"], cwd="/", stdout=subprocess.DEVNULL, check=True)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(
                [*prefix, *server, "-m", "immediate", "stop"], cwd="/", stdout=subprocess.DEVNULL, check=False
            )
    except subprocess.CalledProcessError as error:
        raise CannotServe(f"PostgreSQL 没有启动起来：{error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
