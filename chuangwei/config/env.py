"""Typed readers of the environment. Nothing else in the product reads environment variables."""

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE_WORDS = frozenset({"1", "true", "yes", "on", "是"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off", "否"})


class BadSetting(ValueError):
    """An environment variable holds something that cannot be read; the message is for the operator."""


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no; anything else is refused, because a misspelt "no" must not mean "yes"."""
    if name not in os.environ:
        return default
    word = text(name).lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise BadSetting(f"环境变量 {name} 应为 1 或 0，现为“{word}”。")


def integer(name: str, default: int) -> int:
    """A whole number."""
    written = text(name)
    if not written:
        return default
    try:
        return int(written)
    except ValueError:
        raise BadSetting(f"环境变量 {name} 应为整数，现为“{written}”。") from None


def integers(name: str, default: tuple[int, ...]) -> tuple[int, ...]:
    """As many whole numbers as the default has, none below zero, separated by commas."""
    written = words(name)
    if not written:
        return default
    if len(written) != len(default) or not all(word.isascii() and word.isdigit() for word in written):
        example = ",".join(map(str, default))
        raise BadSetting(f"环境变量 {name} 应为 {len(default)} 个整数，如 {example}，现为“{text(name)}”。")
    return tuple(map(int, written))


def path(name: str, default: Path) -> Path:
    """An absolute path; `~` is the home directory."""
    written = text(name)
    return (Path(written).expanduser() if written else default).absolute()


def words(name: str) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def origins(address: str) -> list[str]:
    """The origin of a web address, for the page's policy; none for no address, BadSetting for what is none."""
    if not address:
        return []
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(letter in parts.netloc for letter in "{}*;, "):
        raise BadSetting(f"地图底图地址应形如 https://主机/{{z}}/{{x}}/{{y}}.png，现为“{address}”。")
    return [f"{parts.scheme}://{parts.netloc}"]


def database(url: str) -> dict[str, Any]:
    """Django's description of a PostgreSQL database from its address.

    Several hosts separated by commas make one highly available database; query parameters go to the driver as they
    are (`?target_session_attrs=read-write`). Raises BadSetting for anything else.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise BadSetting("环境变量 DATABASE_URL 应形如 postgresql://用户:密码@主机:5432/库名。")
    account, _, hosts = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    names, ports = [], []
    for host in hosts.split(",") if hosts else []:
        # An IPv6 address keeps its colons in brackets, so the port is what follows the last colon outside them.
        address, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        names.append((address if colon else host).strip("[]"))
        ports.append(port if colon else "5432")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": ",".join(names),
        "PORT": ",".join(ports),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def private(home: Path, *folders: Path) -> None:
    """Make a home and its folders, and see to it that nobody else on this machine reads what is or will be in them.

    A home that was made wider is narrowed where it is ours alone to narrow; BadSetting where it cannot be made.
    """
    os.umask(0o077)
    try:
        for folder in (home, *folders):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = "没有权限" if isinstance(error, PermissionError) else str(error.strerror or error)
        raise BadSetting(f"数据目录 {home} 建不起来：{reason}。请检查 CHUANGWEI_HOME。") from None
    # Not a folder such as /tmp that somebody chose as a home: it is everybody's.
    is_ours = (home / "keys").is_dir() and not home.stat().st_mode & stat.S_ISVTX
    wide = [home, home / "keys", *folders, *home.glob("*.sqlite3*"), *home.glob("logs/*.log*")] if is_ours else []
    for path_ in wide:
        with contextlib.suppress(OSError):
            mode = path_.stat().st_mode
            if mode & 0o077:
                path_.chmod(mode & 0o700)


def secret(file: Path, *, size: int = 48) -> str:
    """The secret kept in this file, made on first use and readable by its owner only.

    Two processes starting at once agree: the file appears whole or not at all, and whoever is second reads the first's.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(size) + "\n")
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return file.read_text(encoding="ascii").strip()
