import json
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command

from tests.domain.inspections.test_draw_verifier import LIST, result


@pytest.fixture
def published(tmp_path):
    file = tmp_path / "draws.json"
    file.write_text(json.dumps(result()))
    (tmp_path / "draws-candidates.txt").write_bytes(LIST.encode())
    return file


def run(*arguments: object) -> tuple[int | str | None, str]:
    out = StringIO()
    try:
        call_command("verify_draw", *map(str, arguments), stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_a_right_draw(published):
    code, said = run(published)
    assert (code, said.splitlines()[-1][:4]) == (0, "全部相符")


def test_a_wrong_draw_fails(published):
    published.write_text(json.dumps(result() | {"seed_hash": ""}))
    code, said = run(published, published.with_name("draws-candidates.txt"))
    assert (code, said.splitlines()[-1]) == (1, "有 1 处不符，这次抽取的公布材料不可信。")


def test_without_a_file_it_says_how_to_use_it():
    code, said = run()
    assert (code, "用法：" in said) == (2, True)


def test_save_hands_out_the_program_that_anybody_can_run(published, tmp_path):
    copy = tmp_path / "verify_draw.py"
    code, said = run("--save", copy)
    assert (code, said) == (0, f"核对程序已存为 {copy}。用法：python3 verify_draw.py draws.json\n")
    assert subprocess.run([sys.executable, "-I", "-S", str(copy), str(published)], check=False).returncode == 0
