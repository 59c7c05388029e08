import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chuangwei.core.keyring import KeyRing, NoSuchKey

OTHER_PROCESS = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure(CHUANGWEI_HOME=sys.argv[1])
from chuangwei.core import secrets
for line in sys.stdin:
    word, _, value = line.strip().partition(" ")
    print(secrets.seal(value) if word == "seal" else secrets.unseal(value), flush=True)
"""


@pytest.fixture
def ring(settings, tmp_path: Path) -> KeyRing:
    settings.CHUANGWEI_HOME = tmp_path
    return KeyRing("key", label="密钥")


def test_the_first_key_is_made_on_first_use_and_for_its_owner_only(ring, tmp_path):
    assert ring.keys() == {}
    number, key = ring.newest()
    assert (number, len(key)) == (1, 32)
    assert [(path.name, path.stat().st_mode & 0o777) for path in (tmp_path / "keys").iterdir()] == [("1.key", 0o600)]
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_looking_for_a_key_makes_none(ring, tmp_path):
    with pytest.raises(NoSuchKey, match=r"^缺少密钥 1$"):
        ring.key(1)
    assert not (tmp_path / "keys").exists()


def test_whoever_starts_at_the_same_time_takes_the_same_key(ring):
    with ThreadPoolExecutor(8) as starting:
        found = list(starting.map(lambda _: KeyRing("key", label="密钥").newest(), range(64)))
    assert found == [found[0]] * 64


def test_a_key_that_came_first_is_kept(ring, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "1.key").write_bytes(b"f" * 32)
    ring._make(1)
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "keys").iterdir()] == [("1.key", b"f" * 32)]


def test_the_newest_is_by_number_and_other_files_are_no_keys(ring, tmp_path):
    ring.newest()
    for name in ("9.key", "10.key", "old.key", "session.secret", "11.index"):
        (tmp_path / "keys" / name).write_bytes(name.encode().ljust(32))
    assert list(ring.keys()) == [1, 9, 10]
    assert ring.newest() == (10, b"10.key".ljust(32))
    assert ring.add() == 11


def test_a_key_that_is_put_aside_is_no_longer_used(ring, tmp_path):
    ring.newest()
    ring.add()
    assert ring.put_aside(1) == tmp_path / "keys" / "retired" / "1.key"
    assert list(ring.keys()) == [2]
    assert [(file.number, file.is_newest) for file in ring.files()] == [(2, True)]


def test_a_process_that_runs_takes_up_a_key_another_one_made(ring, tmp_path):
    from chuangwei.core import secrets

    secrets.SEALING._read = None
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:

        def ask(line: str) -> str:
            assert other.stdin
            assert other.stdout
            other.stdin.write(line + "\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        first = ask("seal 13800001234")
        assert first.startswith("1:")
        secrets.SEALING.add()
        second = secrets.seal("13800005678")
        assert second.startswith("2:")
        assert ask(f"unseal {second}") == "13800005678"
        assert ask("seal 1").startswith("2:")
        assert secrets.unseal(first) == "13800001234"
        assert other.stdin
        other.stdin.close()
