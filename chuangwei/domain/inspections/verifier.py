"""核对随机抽取的独立程序：一个文件，只用 Python 标准库，不连网，不需要安装创卫程序。

用法：python3 verify_draw.py draws.json [draws-candidates.txt]

读公布的抽取结果和候选名单（不写第二个文件名时，取同一目录下的 <文件名>-candidates.txt；同一目录下如有
<文件名>-record.json，即过程记录，一并核对），从头重算一遍，逐条说明是否相符。
退出码：0 全部相符，1 有不符，2 用法不对或文件读不了。

算法（摘要一律为 SHA-256，写作 64 位小写十六进制；文字一律为 UTF-8，开头没有标记）：
  种子    64 位小写十六进制的文字；种子摘要是这 64 个字符的摘要，抽取前公布。
  公开词  如事先约定，实际所用种子 = 摘要(种子|公开词)。
  名单    每行“类型编码 制表符 点位编码 换行”，各行按字节排序；名单摘要是整个文件的摘要。
  次序    每个点位取 摘要(所用种子|轮次编码|点位编码)，从小到大；相同的按点位编码。每层取前 n 个，不足则全取。
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOOD, BAD, UNUSABLE = 0, 1, 2
HEX = set("0123456789abcdef")
SHAPE = {
    "round": str, "seed": str, "seed_hash": str, "candidates_hash": str, "strata": dict, "drawn": dict,
}  # fmt: skip


Say = Callable[[bool, str], None]


class Unusable(Exception):
    """A file that cannot be read as what it should be."""


def sha256(data: bytes | str) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode("utf-8")).hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """The object in a file; Unusable with a sentence."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except FileNotFoundError:
        raise Unusable(f"没有文件 {path}。") from None
    except (OSError, ValueError, RecursionError):
        raise Unusable(f"{path} 读不了，或不是有效的 JSON。") from None
    if not isinstance(found, dict):
        raise Unusable(f"{path} 的内容不是一个 JSON 对象。")
    return found


def read_result(path: Path) -> dict[str, Any]:
    """The published result, with everything in it of the right kind."""
    result = read_json(path)
    for key, kind in SHAPE.items():
        if not isinstance(result.get(key), kind):
            raise Unusable(f"{path} 中没有『{key}』，或它的写法不对。")
    if not isinstance(result.get("word", ""), str):
        raise Unusable(f"{path} 中『word』的写法不对。")
    for kind, wanted in result["strata"].items():
        if type(wanted) is not int or wanted < 0:
            raise Unusable(f"{path} 中『strata』的“{kind}”不是整数。")
    for kind, codes in result["drawn"].items():
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise Unusable(f"{path} 中『drawn』的“{kind}”不是一列编码。")
    return result


def read_list(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Unusable(f"没有候选名单 {path}，或读不了。") from None


def check_list(data: bytes, result: dict[str, Any], say: Say) -> dict[str, list[str]]:
    """The list is the one that was frozen, and is written as it must be. Returns kind → codes."""
    say(sha256(data) == result["candidates_hash"], "候选名单的摘要与公布的相同")
    of_kind: dict[str, list[str]] = {}
    lines = data.split(b"\n")
    whole = lines.pop() == b""
    for line in lines:
        try:
            kind, tab, code = line.decode("utf-8").partition("\t")
        except UnicodeDecodeError:
            kind, tab, code = "", "", ""
        whole = whole and bool(kind and tab and code) and "\t" not in code
        of_kind.setdefault(kind, []).append(code)
    say(whole, f"候选名单每行都是“类型 制表符 编码”，共 {len(lines)} 行")
    say(lines == sorted(set(lines)), "候选名单按字节排序，没有重复")
    return of_kind


def check_seed(result: dict[str, Any], say: Say) -> str:
    """The seed is the one committed to. Returns the seed the order is made with."""
    seed, word = result["seed"], result.get("word", "")
    say(len(seed) == 64 and set(seed) <= HEX, "种子是 64 位小写十六进制")
    say(sha256(seed) == result["seed_hash"], "种子的摘要与抽取前公布的相同")
    return sha256(f"{seed}|{word}") if word else seed


def check_order(of_kind: dict[str, list[str]], seed: str, result: dict[str, Any], say: Say) -> None:
    """Each stratum holds the first n in the order, all of it where it has fewer."""
    say(set(result["drawn"]) == set(result["strata"]), "抽取结果与各层一一对应")
    for kind, wanted in result["strata"].items():
        codes = of_kind.get(kind, [])
        in_order = sorted(codes, key=lambda code: (sha256(f"{seed}|{result['round']}|{code}"), code))
        drawn = result["drawn"].get(kind, [])
        few = "，候选不足，全部抽取" if len(codes) < wanted else ""
        say(len(drawn) == min(wanted, len(codes)), f"{kind}：应抽 {wanted}，候选 {len(codes)}，抽出 {len(drawn)}{few}")
        say(drawn == in_order[:wanted], f"{kind}：抽出的点位和次序与重算的相同")


def check_record(record: dict[str, Any], of_kind: dict[str, list[str]], result: dict[str, Any], say: Say) -> None:
    """What the record of the steps says agrees with the result; who is excluded is not in the list."""
    for key, what in (("round", "轮次"), ("candidates_hash", "名单摘要"), ("seed_hash", "种子摘要")):
        say(record.get(key) == result[key], f"过程记录的{what}与结果相同")
    say(record.get("word", "") == result.get("word", ""), "过程记录的公开词与结果相同")
    excluded, short, steps = record.get("exclusions", {}), record.get("shortfalls", {}), record.get("steps", [])
    if not (isinstance(excluded, dict) and isinstance(short, dict) and isinstance(steps, list)):
        raise Unusable("过程记录中『exclusions』『shortfalls』或『steps』的写法不对。")
    every = {code for codes in of_kind.values() for code in codes}
    for code, reason in excluded.items():
        say(code not in every and bool(str(reason).strip()), f"排除的 {code} 不在名单中，有理由：{reason}")
    found = {kind: len(of_kind.get(kind, [])) for kind, wanted in result["strata"].items()
             if len(of_kind.get(kind, [])) < wanted}  # fmt: skip
    say(short == found, f"过程记录所记候选不足的层有 {len(short)} 层，与名单相同")
    times = [str(step.get("at", "")) for step in steps if isinstance(step, dict)]
    say(len(times) == 3 and times == sorted(times), "先冻结名单、再承诺种子、后抽取")


def remarks(record: dict[str, Any]) -> list[str]:
    """What a reader should know although nothing is wrong with it."""
    told = [
        ("is_trial", "这是试抽或重算，不作数。"),
        ("by_one_hand", "名单、种子和抽取由同一人一次完成。"),
        ("void", "这次抽取已作废。"),
    ]
    return [sentence for key, sentence in told if record.get(key)]


def verify(result_path: Path, list_path: Path, out: Callable[[str], None]) -> int:
    """Check everything; one line for each check on `out`. Returns the exit code."""
    faults: list[str] = []

    def say(is_right: bool, sentence: str) -> None:
        out(f"{'相符' if is_right else '不符'}  {sentence}")
        if not is_right:
            faults.append(sentence)

    result = read_result(result_path)
    of_kind = check_list(read_list(list_path), result, say)
    check_order(of_kind, check_seed(result, say), result, say)
    record_path = result_path.with_name(f"{result_path.stem}-record.json")
    if record_path.is_file():
        record = read_json(record_path)
        check_record(record, of_kind, result, say)
        for remark in remarks(record):
            out(f"说明  {remark}")
    if faults:
        out(f"有 {len(faults)} 处不符，这次抽取的公布材料不可信。")
        return BAD
    out(f"全部相符：轮次 {result['round']} 的抽取结果可以由公布的材料重算得出。")
    return GOOD


def main(arguments: list[str], out: Callable[[str], None] = print) -> int:
    """Run on command-line arguments. Returns the exit code."""
    if not 1 <= len(arguments) <= 2 or arguments[0] in ("-h", "--help"):
        out(str(__doc__))
        return GOOD if len(arguments) == 1 else UNUSABLE
    result_path = Path(arguments[0])
    list_path = Path(arguments[1]) if arguments[1:] else result_path.with_name(f"{result_path.stem}-candidates.txt")
    try:
        return verify(result_path, list_path, out)
    except Unusable as error:
        out(str(error))
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
