from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core import text

DIGIT_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")}
UNIT_VALUES = {"十": 10, "百": 100, "千": 1000}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, ""),
        ("", ""),
        (" A-01 ", "A-01"),
        ("Ａ－０１", "A-01"),
        ("620000 001\t234", "620000001234"),
        ("6\u30002\xa03", "623"),
        ("\ufeff62\u200b99\u2060", "6299"),
        ("a", "a"),
        (620000001, "620000001"),
        (620000001234.0, "620000001234"),
        (1e22, "10000000000000000000000"),
        (0.1, "0.1"),
        (Decimal("7.00"), "7"),
        (Decimal("7.5"), "7.5"),
        (-3.0, "-3"),
        (float("inf"), "inf"),
        ("㎡", "m2"),
        ("一·二", "一·二"),
    ],
)
def test_code_text_is_nfkc_without_white_space(value, code):
    assert text.code_text(value) == code


@pytest.mark.parametrize("value", [True, False, date(2023, 9, 4), b"62", ["62"]])
def test_code_text_refuses_what_is_no_code(value):
    with pytest.raises(TypeError):
        text.code_text(value)


@given(st.text())
def test_code_text_twice_changes_nothing_more(value):
    once = text.code_text(value)
    assert text.code_text(once) == once
    assert not any(character.isspace() for character in once)


@pytest.mark.parametrize(
    ("value", "trimmed"), [(None, ""), ("  王 五\u3000", "王 五"), ("\ufeff Ａ\u200b", "Ａ"), ("\u200b \u200b", "")]
)
def test_free_text_is_only_trimmed(value, trimmed):
    assert text.free_text(value) == trimmed


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("三无小区(老旧无物业)", "三无小区"),
        ("农(集)贸市场", "农贸市场"),
        ("餐饮店（含小餐饮、食堂）", "餐饮店"),
        ("甲（乙（丙）丁）戊", "甲戊"),
        ("【急】井盖〔旧〕[x]", "井盖"),
        ("甲（乙", "甲（乙"),
        ("学校", "学校"),
        ("（全部）", ""),
    ],
)
def test_without_brackets(name, bare):
    assert text.without_brackets(name) == bare


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("学校、托幼机构", ["学校、托幼机构", "学校", "托幼机构"]),
        ("农(集)贸市场", ["农(集)贸市场", "农贸市场"]),
        ("公园 / 广场／绿地", ["公园 / 广场／绿地", "公园", "广场", "绿地"]),
        ("公共厕所", ["公共厕所"]),
        ("(空)", ["(空)"]),
        ("", []),
    ],
)
def test_alternatives_are_the_words_people_may_mean(name, words):
    assert text.alternatives(name) == words


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "零"), (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "一百"), (101, "一百零一"),
        (110, "一百一十"), (112, "一百一十二"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"),
        (1100, "一千一百"), (10_000, "一万"), (10_001, "一万零一"), (10_050, "一万零五十"), (20_030, "二万零三十"),
        (100_000, "十万"), (120_000, "十二万"), (100_500, "十万零五百"), (205_000, "二十万五千"),
        (100_000_000, "一亿"), (105_000_000, "一亿零五百万"), (100_120_000, "一亿零一十二万"),
        (1_000_000_000_000, "一万亿"), (1_000_000_000_001, "一万亿零一"),
    ],
)  # fmt: skip
def test_chinese_number(number, written):
    assert text.chinese_number(number) == written


def read_back(written: str) -> int:
    """The number of a Chinese numeral, read as a child would: an oracle that shares nothing with the writer."""
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if name in written:
            high, _, low = written.rpartition(name)
            return read_back(high) * size + read_back(low)
    total, digit = 0, 0
    for character in written:
        if character in DIGIT_VALUES:
            digit = DIGIT_VALUES[character]
        else:
            total, digit = total + (digit or 1) * UNIT_VALUES[character], 0
    return total + digit


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_chinese_number_reads_back_as_the_number(number):
    written = text.chinese_number(number)
    assert read_back(written) == number
    assert "零零" not in written
    assert not written.startswith("一十")


@pytest.mark.parametrize("number", [-1, 10**16, 1.0, True, "3"])
def test_chinese_number_refuses_what_it_cannot_write(number):
    with pytest.raises(ValueError, match="no Chinese numeral"):
        text.chinese_number(number)


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("井盖", "井 盖"),
        ("解放路12号", "解 放 路 12 号"),
        ("3#楼B座，Wi-Fi", "3 楼 b 座 wi fi"),
        ("ＡＢ１２", "ab12"),
        ("a_b 〇\U00020bb7", "a b 〇 \U00020bb7"),
        ("", ""),
        ("，。()\"'*", ""),
    ],
)
def test_search_text_cuts_han_one_by_one_and_words_whole(written, tokens):
    assert text.search_text(written) == tokens


@given(st.text())
def test_search_text_twice_changes_nothing_more(written):
    once = text.search_text(written)
    assert text.search_text(once) == once


@pytest.mark.parametrize(("words", "phrase"), [("井盖", '"井 盖"'), ('"井" OR *', '"井 or"'), (" ，", "")])
def test_search_phrase_is_quoted_and_holds_no_operators(words, phrase):
    assert text.search_phrase(words) == phrase


def test_search_phrase_finds_words_of_two_characters_in_fts5():
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(words, content='', tokenize='unicode61')")
    for row, sentence in enumerate(["解放路12号井盖破损", "盖井", "路边小广告", "\U00020bb7野家门口井 盖"], start=1):
        connection.execute("INSERT INTO found(rowid, words) VALUES (?, ?)", (row, text.search_text(sentence)))

    def rows(words: str) -> list[int]:
        query = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid"
        return [row for (row,) in connection.execute(query, (text.search_phrase(words),))]

    assert (rows("井盖"), rows("解放路12号"), rows("告"), rows("\U00020bb7野"), rows("井")) == (
        [1, 4],
        [1],
        [3],
        [4],
        [1, 2, 4],
    )
    connection.close()


def test_sort_key_orders_by_pinyin_then_tone_then_text():
    names = ["中山路", "章", "第10网格", "张", "马", "麻", "妈", "解放路", "第2网格", "北街", "安宁巷", "Ａ区"]
    assert sorted(names, key=text.sort_key) == [
        "Ａ区", "安宁巷", "北街", "第2网格", "第10网格", "解放路", "妈", "麻", "马", "张", "章", "中山路",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "begins"),
    [("单雄信", "shan4 xiong2"), ("曾华", "zeng1 hua2"), ("尉迟恭", "yu4 chi2 gong1"), ("解", "xie4 解"), ("王五", "wang2 wu3"), ("", "")],
)  # fmt: skip
def test_person_sort_key_reads_the_surname_as_one(name, begins):
    assert text.person_sort_key(name).startswith(begins)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86 13812341234", "86138****1234"),
        ("０９３１-8888123", "093****8123"),
        ("8888123", "***8123"),
        ("888812", "**8812"),
        ("12345", "*****"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_mask_phone(phone, masked):
    assert text.mask_phone(phone) == masked
