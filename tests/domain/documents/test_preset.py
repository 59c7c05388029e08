"""What a preset may say of papers, and in which words it is refused."""

import pytest

from chuangwei.core.errors import Refused
from chuangwei.core.presets import bundled, discover, open_preset, read_preset
from chuangwei.domain.documents.preset import Documents
from chuangwei.domain.places.queries import KindNames

HEAD = '[preset]\nslug = "x"\ntitle = "X"\n[areas]\nlevels = []\n'


def read(text: str) -> Documents:
    discover()
    documents: Documents = read_preset(HEAD + text, "x.toml").sections["documents"]
    return documents


def test_everything_has_a_default() -> None:
    assert read("").issuer == "{place}爱国卫生运动委员会办公室"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('code = "云 1 办"', "『documents.code』发文机关代字须为 2 至 16 个字，不含空格、数字和括号。"),
        ('issuer = "{who}办"', "『documents.issuer』花括号里只能是 {place}，代表本地名称。"),
        ('issuer = "{place办"', "『documents.issuer』花括号须成对，写作 {名称}。"),
        ('copies_to = "领导"', "『documents.copies_to』须为列表。"),
    ],
)
def test_a_wrong_value_is_refused(line: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read(f"[documents]\n{line}\n")
    assert [mistake.message for mistake in refused.value.mistakes] == [told]


def test_unknown_kinds_and_phrases_are_found() -> None:
    found = read('[documents.kinds.nothing]\n[documents.kinds.roster.phrases]\nnote = "{who}"\n')
    assert [sentence[:36] for sentence in found.faults(KindNames([]))] == [
        "『documents.kinds.nothing』没有名为 nothing 的公文种类；"[:36],
        "『documents.kinds.roster』phrases 『note』里的 {who}"[:36],
    ]


@pytest.mark.parametrize("slug", sorted(bundled()))
def test_the_bundled_presets_say_it_rightly(slug: str) -> None:
    discover()
    documents: Documents = open_preset(slug).sections["documents"]
    assert list(documents.faults(KindNames([]))) == []
    assert documents.issuer
