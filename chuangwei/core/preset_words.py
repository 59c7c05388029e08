"""What pydantic and tomllib complain of, in sentences for the person who edits a preset."""

import re

from pydantic import ValidationError

WORDS = {
    "missing": "缺少这一项。",
    "string_type": "须为文字。",
    "int_type": "须为整数。",
    "int_parsing": "须为整数。",
    "int_from_float": "须为整数。",
    "decimal_type": "须为数。",
    "decimal_parsing": "须为数。",
    "decimal_max_places": "最多 {decimal_places} 位小数。",
    "bool_type": "须为 true 或 false。",
    "bool_parsing": "须为 true 或 false。",
    "list_type": "须为列表。",
    "tuple_type": "须为列表。",
    "dict_type": "须为一张表。",
    "model_type": "须为一张表。",
    "date_type": "须为日期，如 2023-09-04。",
    "literal_error": "只能是 {expected} 之一。",
    "greater_than": "须大于 {gt}。",
    "greater_than_equal": "不得小于 {ge}。",
    "less_than": "须小于 {lt}。",
    "less_than_equal": "不得大于 {le}。",
    "too_short": "至少要有 {min_length} 项。",
    "string_too_short": "不能为空。",
    "string_pattern_mismatch": "写法不对。",
    "value_error": "{error}",
}


def sentences(section: str, error: ValidationError) -> list[str]:
    """One sentence for each fault: 『series.weekly.parts[1].weight』须为数。"""
    found = []
    for fault in error.errors():
        words = WORDS.get(fault["type"], "这一项的值不对。").format_map(fault.get("ctx") or {})
        found.append(f"『{_path(section, fault['loc'])}』{words.replace(' or ', ' 或 ')}")
    return found


def _path(section: str, steps: tuple[int | str, ...]) -> str:
    path = section
    for step in steps:
        path += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return path


def toml_error(message: str) -> str:
    place = re.search(r"at line (\d+), column (\d+)", message)
    return f"第 {place[1]} 行第 {place[2]} 列附近写法不对。" if place else "末尾不完整或写法不对。"
