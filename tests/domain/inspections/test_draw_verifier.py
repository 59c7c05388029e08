"""The stand-alone verifier: it agrees with the product, finds whatever was changed, and needs nothing of ours."""

import ast
import hashlib
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chuangwei.domain.inspections import queries, rules, verifier

SEED = "45c81ddadabcfb53b8edcbbdf2e4211adcc94846e5bcb06fe6e566e5a598bda4"
LIST = rules.candidate_list([("back_lane", f"BL-{n}") for n in range(9)] + [("market", "M-1"), ("market", "M-2")])


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def result(**values: Any) -> dict[str, Any]:
    strata = {"back_lane": 3, "market": 5}
    used = rules.seed_used(SEED, values.get("word", ""))
    found = rules.drawn(seed=used, round_code="R-1", candidates=LIST, strata=strata)
    return {"round": "R-1", "seed": SEED, "seed_hash": sha256(SEED), "candidates_hash": sha256(LIST),
            "strata": strata, "drawn": found.sites, **values}  # fmt: skip


def record(**values: Any) -> dict[str, Any]:
    steps = [{"step": name, "at": f"2023-10-30T0{n}:00:00+08:00", "by": "安"} for n, name in enumerate("冻承抽")]
    return {"round": "R-1", "seed_hash": sha256(SEED), "candidates_hash": sha256(LIST), "word": "",
            "exclusions": {"BL-99": "施工"}, "shortfalls": {"market": 2}, "steps": steps, **values}  # fmt: skip


@pytest.fixture
def publish(tmp_path):
    def write(published: Any = None, *, listed: str | bytes | None = LIST, kept: Any = None) -> Path:
        file = tmp_path / "draws.json"
        file.write_text(json.dumps(result() if published is None else published, ensure_ascii=False))
        if listed is not None:
            data = listed if isinstance(listed, bytes) else listed.encode()
            (tmp_path / "draws-candidates.txt").write_bytes(data)
        if kept is not None:
            (tmp_path / "draws-record.json").write_text(json.dumps(kept))
        return file

    return write


def run(*arguments: object) -> tuple[int, list[str]]:
    said: list[str] = []
    return verifier.main([str(argument) for argument in arguments], said.append), said


@pytest.mark.parametrize("kept", [None, record()], ids=["result and list", "with the record"])
def test_what_the_rules_drew_is_found_right(publish, kept):
    code, said = run(publish(kept=kept))
    assert (code, said[-1]) == (0, "全部相符：轮次 R-1 的抽取结果可以由公布的材料重算得出。")
    assert "相符  market：应抽 5，候选 2，抽出 2，候选不足，全部抽取" in said


def test_a_public_word_takes_part(publish):
    published = result(word="福彩 08")
    assert run(publish(published, kept=record(word="福彩 08")))[0] == 0
    assert run(publish(published | {"word": "福彩 09"}))[0] == 1


def test_the_list_may_lie_elsewhere(publish, tmp_path):
    file = publish(listed=None)
    other = tmp_path / "名单.txt"
    other.write_bytes(LIST.encode())
    assert run(file, other)[0] == 0


def test_remarks_say_what_is_right_but_worth_knowing(publish):
    code, said = run(publish(kept=record(is_trial=True, by_one_hand=True, void={"reason": "x"})))
    assert code == 0
    assert [line for line in said if line.startswith("说明")] == [
        "说明  这是试抽或重算，不作数。",
        "说明  名单、种子和抽取由同一人一次完成。",
        "说明  这次抽取已作废。",
    ]


LANES = result()["drawn"]["back_lane"]
OTHER = next(code for code in (f"BL-{n}" for n in range(9)) if code not in LANES)


@pytest.mark.parametrize(
    ("published", "listed", "kept", "fault"),
    [
        ({"seed": SEED[:-1] + "5"}, LIST, None, "种子的摘要与抽取前公布的相同"),
        ({"seed": SEED.upper()}, LIST, None, "种子是 64 位小写十六进制"),
        ({"seed_hash": "0" * 64}, LIST, None, "种子的摘要与抽取前公布的相同"),
        ({"round": "R-2"}, LIST, None, "back_lane：抽出的点位和次序与重算的相同"),
        ({}, LIST.replace("BL-3", "BL-X"), None, "候选名单的摘要与公布的相同"),
        ({"strata": {"back_lane": 2, "market": 5}}, LIST, None, "back_lane：应抽 2，候选 9，抽出 3"),
        ({"strata": {"back_lane": 3}}, LIST, None, "抽取结果与各层一一对应"),
        ({"drawn": {"back_lane": LANES}}, LIST, None, "market：应抽 5，候选 2，抽出 0，候选不足，全部抽取"),
        ({"drawn": {**result()["drawn"], "back_lane": LANES[::-1]}}, LIST, None, "back_lane：抽出的点位和次序"),
        ({"drawn": {**result()["drawn"], "back_lane": [*LANES[:2], OTHER]}}, LIST, None, "back_lane：抽出的点位"),
        ({}, LIST, record(round="R-2"), "过程记录的轮次与结果相同"),
        ({}, LIST, record(candidates_hash=""), "过程记录的名单摘要与结果相同"),
        ({}, LIST, record(seed_hash=""), "过程记录的种子摘要与结果相同"),
        ({}, LIST, record(word="08"), "过程记录的公开词与结果相同"),
        ({}, LIST, record(exclusions={"BL-3": "施工"}), "排除的 BL-3 不在名单中"),
        ({}, LIST, record(exclusions={"BL-99": " "}), "排除的 BL-99 不在名单中，有理由"),
        ({}, LIST, record(shortfalls={}), "过程记录所记候选不足的层有 0 层"),
        ({}, LIST, record(steps=record()["steps"][::-1]), "先冻结名单、再承诺种子、后抽取"),
        ({}, LIST, record(steps=[*record()["steps"][:2], "x"]), "先冻结名单、再承诺种子、后抽取"),
    ],
)
def test_whatever_was_changed_is_found(publish, published, listed, kept, fault):
    code, said = run(publish(result() | published, listed=listed, kept=kept))
    assert code == 1
    assert any(line.startswith(f"不符  {fault}") for line in said), said
    assert said[-1].endswith("处不符，这次抽取的公布材料不可信。")


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        (LIST[:-1], "候选名单每行都是"),
        (LIST + "BL-1\n", "候选名单每行都是"),
        (LIST + "a\tb\tc\n", "候选名单每行都是"),
        (LIST + "market\t\n", "候选名单每行都是"),
        (LIST.encode() + b"market\t\xff\n", "候选名单每行都是"),
        (b"\xef\xbb\xbf" + LIST.encode(), "候选名单按字节排序，没有重复"),
        ("market\tM-1\n" + LIST, "候选名单按字节排序，没有重复"),
        (LIST + "market\tM-2\n", "候选名单按字节排序，没有重复"),
        (LIST.replace("\n", "\r\n"), "候选名单的摘要与公布的相同"),
    ],
    ids=["cut off", "no kind", "three columns", "no code", "no text", "a mark in front", "unsorted", "twice", "CRLF"],
)
def test_a_list_written_otherwise_is_found_though_its_hash_were_right(publish, listed, fault):
    data = listed if isinstance(listed, bytes) else listed.encode()
    published = result(candidates_hash=hashlib.sha256(data).hexdigest())
    if "摘要" in fault:
        published = result()
    code, said = run(publish(published, listed=data))
    assert code == 1
    assert any(line.startswith(f"不符  {fault}") for line in said), said


def test_an_empty_list_draws_nothing_and_is_right(publish):
    published = result(candidates_hash=sha256(""), drawn={"back_lane": [], "market": []})
    assert run(publish(published, listed=""))[0] == 0


@pytest.mark.parametrize(
    ("published", "sentence"),
    [
        ([], "不是一个 JSON 对象"),
        ({}, "没有『round』"),
        (result(seed=7), "没有『seed』，或它的写法不对"),
        (result(word=7), "『word』的写法不对"),
        (result(strata={"back_lane": "3"}), "『strata』的“back_lane”不是整数"),
        (result(strata={"back_lane": True}), "『strata』的“back_lane”不是整数"),
        (result(strata={"back_lane": -1}), "『strata』的“back_lane”不是整数"),
        (result(drawn={"back_lane": "BL-1"}), "『drawn』的“back_lane”不是一列编码"),
        (result(drawn={"back_lane": [1]}), "『drawn』的“back_lane”不是一列编码"),
    ],
)
def test_a_result_of_another_shape_is_not_checked(publish, published, sentence):
    code, said = run(publish(published))
    assert (code, len(said)) == (2, 1)
    assert sentence in said[0]


@pytest.mark.parametrize("kept", [record(exclusions=[]), record(shortfalls=1), record(steps={})])
def test_a_record_of_another_shape_is_not_checked(publish, kept):
    code, said = run(publish(kept=kept))
    assert (code, said[-1]) == (2, "过程记录中『exclusions』『shortfalls』或『steps』的写法不对。")


def test_files_that_are_not_there_or_not_readable(publish, tmp_path):
    assert run(tmp_path / "none.json") == (2, [f"没有文件 {tmp_path / 'none.json'}。"])
    code, said = run(publish(listed=None))
    assert (code, said) == (2, [f"没有候选名单 {tmp_path / 'draws-candidates.txt'}，或读不了。"])
    bad = tmp_path / "bad.json"
    for data in (b"{", b"\xff", b'{"round": "\\ud800"}', b"[" * 100_000):
        bad.write_bytes(data)
        assert run(bad) == (2, [f"{bad} 读不了，或不是有效的 JSON。"])


def test_wrong_usage_prints_how_to_use_it():
    for arguments, wanted in (((), 2), (("a", "b", "c"), 2), (("--help",), 0), (("-h",), 0)):
        code, said = run(*arguments)
        assert code == wanted
        assert "用法：python3 verify_draw.py" in said[0]


def test_it_is_one_file_of_the_standard_library_alone():
    tree = ast.parse(Path(queries.VERIFIER_FILE).read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= set(sys.stdlib_module_names)


def test_a_copy_of_it_runs_anywhere_without_us(publish, tmp_path):
    file = publish()
    copy = tmp_path / "verify_draw.py"
    copy.write_bytes(Path(queries.VERIFIER_FILE).read_bytes())
    command = [sys.executable, "-I", "-S", str(copy)]
    right = subprocess.run([*command, str(file)], cwd="/", capture_output=True, check=False)
    assert (right.returncode, right.stderr) == (0, b"")
    assert right.stdout.decode().splitlines()[-1].startswith("全部相符")
    publish(result() | {"seed_hash": ""})
    assert subprocess.run([*command, str(file)], cwd="/", capture_output=True, check=False).returncode == 1
    assert subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 2


def test_run_as_a_program_it_exits_with_its_code(publish, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["verify_draw.py", str(publish())])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(queries.VERIFIER_FILE, run_name="__main__")
    assert stop.value.code == 0
    assert capsys.readouterr().out.endswith("的抽取结果可以由公布的材料重算得出。\n")
