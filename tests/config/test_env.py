"""What the environment may say, and how a misspelt word is refused."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chuangwei.config import env


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1", True), ("true", True), ("是", True), ("ON ", True), ("0", False), ("no", False), ("", False), ("否", False)],
)
def test_flag_reads_yes_and_no(monkeypatch: pytest.MonkeyPatch, written: str, *, expected: bool) -> None:
    monkeypatch.setenv("CHUANGWEI_X", written)
    assert env.flag("CHUANGWEI_X") is expected


def test_flag_refuses_what_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUANGWEI_X", "flase")
    with pytest.raises(env.BadSetting, match="CHUANGWEI_X"):
        env.flag("CHUANGWEI_X")


def test_flag_absent_is_its_default() -> None:
    assert env.flag("CHUANGWEI_ABSENT", default=True)


def test_integer_reads_refuses_and_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.integer("CHUANGWEI_X", 7) == 7
    monkeypatch.setenv("CHUANGWEI_X", " 12 ")
    assert env.integer("CHUANGWEI_X", 7) == 12
    monkeypatch.setenv("CHUANGWEI_X", "十二")
    with pytest.raises(env.BadSetting, match="整数"):
        env.integer("CHUANGWEI_X", 7)


def test_words_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUANGWEI_X", "a.example, b.example,,")
    assert env.words("CHUANGWEI_X") == ["a.example", "b.example"]


def test_path_is_absolute_and_knows_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUANGWEI_X", "~/data")
    assert env.path("CHUANGWEI_X", Path("var")) == Path.home() / "data"
    assert env.path("CHUANGWEI_ABSENT", Path("var")).is_absolute()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@db.local:6432/town", ("u", "p", "db.local", "6432", "town", {})),
        ("postgres://u@127.0.0.1/town", ("u", "", "127.0.0.1", "5432", "town", {})),
        ("postgresql://u:a%40b@[::1]:5433/%E9%95%87", ("u", "a@b", "::1", "5433", "镇", {})),
        ("postgresql://u@[::1]/town", ("u", "", "::1", "5432", "town", {})),
        ("postgresql:///town", ("", "", "", "", "town", {})),
        (
            "postgresql://u@h1,h2:5433,h3/town?target_session_attrs=read-write",
            ("u", "", "h1,h2,h3", "5432,5433,5432", "town", {"target_session_attrs": "read-write"}),
        ),
    ],
)
def test_database_reads_an_address(url: str, expected: tuple) -> None:
    found = env.database(url)
    assert tuple(found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")) == expected


@pytest.mark.parametrize("url", ["mysql://u@h/town", "postgresql://u@h", "town.sqlite3", "sqlite:///town.sqlite3"])
def test_database_refuses_another_address(url: str) -> None:
    with pytest.raises(env.BadSetting, match="DATABASE_URL"):
        env.database(url)


def test_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "session.secret"
    first = env.secret(file)
    assert env.secret(file) == first
    assert len(first) >= 60
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [found.name for found in file.parent.iterdir()] == ["session.secret"]


def test_secrets_of_two_starts_at_once_agree(tmp_path: Path) -> None:
    file = tmp_path / "session.secret"
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: env.secret(file), range(32)))) == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", []),
        ("https://t0.tianditu.gov.cn/{z}/{x}/{y}?tk=1", ["https://t0.tianditu.gov.cn"]),
        ("http://10.0.0.8:81/t/{z}/{x}/{y}.png", ["http://10.0.0.8:81"]),
    ],
)
def test_the_origin_of_a_base_map_alone_is_let_in(address, expected):
    assert env.origins(address) == expected


@pytest.mark.parametrize(
    "address", ["tiles", "ftp://a/{z}", "https:///x", "https://*.gov.cn/{z}", "https://t{s}.cn/{z}", "https://a;b/"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(env.BadSetting, match="地图底图"):
        env.origins(address)
