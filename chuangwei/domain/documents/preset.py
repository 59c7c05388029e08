"""What a preset says of papers: the table `documents`. All of it is words; none of it has to be there.

[documents]
place = "云渡镇"                    # stands for {place}; empty: the name of the area of the preset
issuer = "{place}创建国家卫生城市工作领导小组办公室"
banner = "{place}创建国家卫生城市工作领导小组办公室文件"
code = "云创卫办"                   # 发文机关代字; without one a paper cannot be signed
recipients = "各社区，镇直各有关单位"
copies_to = ["镇党委、政府领导班子成员"]
printer = "{place}创建国家卫生城市工作领导小组办公室"

[documents.kinds.weekly-bulletin]   # the same keys again, for one kind of paper
code = "云创卫通"
phrases = {opening = "……"}
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from chuangwei.core.presets import Part, section
from chuangwei.domain.documents import phrases, rules
from chuangwei.domain.documents.registry import KINDS
from chuangwei.domain.places.queries import KindNames


def _code(value: str) -> str:
    if value and not rules.is_code(value):
        raise ValueError("发文机关代字须为 2 至 16 个字，不含空格、数字和括号。")
    return value


def _with_place(value: str) -> str:
    if [name for name in phrases.gaps(value) if name != "place"]:
        raise ValueError("花括号里只能是 {place}，代表本地名称。")
    return value


Named = Annotated[str, AfterValidator(_with_place)]
Code = Annotated[str, AfterValidator(_code)]


class KindWords(Part):
    """What is different in one kind of paper; empty: as in all papers."""

    issuer: Named = ""
    banner: Named = ""
    code: Code = ""
    recipients: Named = ""
    copies_to: list[Named] = []
    printer: Named = ""
    phrases: dict[str, str] = {}


@section("documents")
class Documents(Part):
    place: str = ""
    issuer: Named = "{place}爱国卫生运动委员会办公室"
    banner: Named = ""
    code: Code = ""
    recipients: Named = ""
    copies_to: list[Named] = []
    printer: Named = ""
    kinds: dict[str, KindWords] = Field(default_factory=dict)

    def faults(self, names: KindNames) -> Iterator[str]:
        """Kinds of paper and phrases that nobody entered."""
        for slug, own in self.kinds.items():
            path = f"『documents.kinds.{slug}』"
            if slug not in KINDS:
                yield f"{path}没有名为 {slug} 的公文种类；可用：{'、'.join(KINDS.all())}。"
                continue
            for fault in phrases.faults(own.phrases, KINDS.get(slug).phrases):
                yield f"{path}phrases {fault}"
