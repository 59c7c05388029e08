"""The faces of GB/T 9704-2012, by what this machine has: each the official font first, then what comes nearest.

The official fonts (方正小标宋、仿宋_GB2312 …) are sold and cannot come with the program. FandolFang and its like lack
characters of names (镕 喆 犇 堃 昇 珺), so every face ends in fonts that have them.
"""

from dataclasses import dataclass
from functools import lru_cache

import typst

from chuangwei.core.errors import DomainError

SONG = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "SimSun",
    "STSong",
    "Songti SC",
    "AR PL UMing CN",
)
HEI = (
    "SimHei", "FZHei-B01S", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Microsoft YaHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
)  # fmt: skip
KAI = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "FZKai-Z03S", "STKaiti", "Kaiti SC", "LXGW WenKai", "AR PL UKai CN")
FANG = (
    "FangSong_GB2312", "仿宋_GB2312", "FangSong", "FZFangSong-Z02S", "FZFangSong-Z02", "STFangsong", "FandolFang R",
    "FandolFang",
)  # fmt: skip
TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK")
DIGITS = ("Times New Roman", "Liberation Serif", "Libertinus Serif")


@dataclass(frozen=True, slots=True)
class Face:
    """A face of the standard: what it is called, which fonts are it, and which come near it."""

    name: str
    own: tuple[str, ...]
    near: tuple[str, ...]


FACES = {
    "title": Face("小标宋", TITLE, (*SONG, *HEI)),
    "body": Face("仿宋", FANG, (*SONG, *KAI, *HEI)),
    "kai": Face("楷体", KAI, (*SONG, *HEI)),
    "hei": Face("黑体", HEI, SONG),
    "song": Face("宋体", SONG, HEI),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The fonts to name for each face, all of them there, and a sentence where a face is not."""

    faces: dict[str, list[str]]
    notices: tuple[str, ...]


@lru_cache(maxsize=1)
def machine() -> typst.Fonts:
    """The fonts of this machine, looked for once in a process."""
    return typst.Fonts()


def choose(families: frozenset[str] | None = None) -> Chosen:
    """By the families given, or those of this machine; DomainError where none of them is Chinese."""
    there = families if families is not None else frozenset(machine().families())
    digits = [one for one in DIGITS if one in there][:1]
    found, missing = {}, []
    for key, face in FACES.items():
        fonts = [one for one in (*face.own, *face.near) if one in there]
        if not fonts:
            raise DomainError(
                "本机没有中文字体，不能生成 PDF。请由管理员安装：apt-get install fonts-noto-cjk fonts-lxgw-wenkai；"
                "Word 文件（.docx）不受影响。"
            )
        if fonts[0] not in face.own:
            missing.append(f"{face.name}（以 {fonts[0]} 代替）")
        found[key] = fonts
    found["digits"] = digits
    notices = (
        (f"本机没有这些字体：{'、'.join(missing)}。PDF 里的字形与正式公文略有不同，文字不受影响。",) if missing else ()
    )
    return Chosen(found, notices)
