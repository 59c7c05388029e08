"""Which fonts are named for the faces of the standard."""

import pytest

from chuangwei.core.errors import DomainError
from chuangwei.domain.documents.writers import fonts

OFFICIAL = frozenset({"FZXiaoBiaoSong-B05S", "FangSong_GB2312", "KaiTi_GB2312", "SimHei", "SimSun", "Times New Roman"})


def test_official_fonts_come_first_and_need_no_word() -> None:
    found = fonts.choose(OFFICIAL)
    assert found.notices == ()
    assert [found.faces[face][0] for face in ("title", "body", "kai", "hei", "song")] == [
        "FZXiaoBiaoSong-B05S", "FangSong_GB2312", "KaiTi_GB2312", "SimHei", "SimSun",
    ]  # fmt: skip


def test_what_stands_in_is_said() -> None:
    found = fonts.choose(frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"}))
    assert found.notices == (
        (
            "本机没有这些字体：小标宋（以 Noto Serif CJK SC 代替）、仿宋（以 Noto Serif CJK SC 代替）。"
            "PDF 里的字形与正式公文略有不同，文字不受影响。"
        ),
    )


def test_rare_characters_fall_back_to_fonts_that_have_them() -> None:
    found = fonts.choose(OFFICIAL | {"FandolFang R", "Noto Serif CJK SC"})
    assert all("Noto Serif CJK SC" in found.faces[face] for face in fonts.FACES)


def test_without_any_chinese_font_a_sentence_says_what_to_install() -> None:
    with pytest.raises(DomainError, match="apt-get install fonts-noto-cjk fonts-lxgw-wenkai"):
        fonts.choose(frozenset({"DejaVu Sans"}))
