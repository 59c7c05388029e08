"""Words of Chinese text, and the index that finds them: both must agree with looking at the text itself."""

import re
import unicodedata

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chuangwei.core import search
from chuangwei.core.search import build_index, matching, search_text, typed, words_of
from chuangwei.domain.problems.models import Problem
from tests.factories import places, problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("井盖破损", ["井", "盖", "破", "损"]),
        ("P-2023-0001", ["p", "2023", "0001"]),
        ("解放路12号", ["解", "放", "路", "12", "号"]),
        ("Ａ１区", ["a", "1", "区"]),
        ("WT2026-000001", ["wt", "2026", "000001"]),
        ("", []),
        ("  ，。!\"'*()-:^ \0", []),
        ("NEAR(井 盖) AND x OR NOT", ["near", "井", "盖", "and", "x", "or", "not"]),
        ("café", ["caf", "u233u"]),
        ("𠮷野家", ["u134071u", "野", "家"]),
        ("镕喆", ["镕", "喆"]),
        ("ﬁn", ["fin"]),
        ("u0u", ["u", "0", "u"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_parts_do_not_run_into_one_another() -> None:
    assert search_text("甲路", "", "乙") == "甲 路 u0u 乙 u0u 甲路"


def test_pairs_stand_behind_and_do_not_reach_over_what_is_no_han_character() -> None:
    assert search_text("解放路12号巷") == "解 放 路 12 号 巷 u0u 解放 放路 u0u 号巷"


def test_pairs_that_touch_by_chance_are_no_phrase(lane: Problem) -> None:
    lane.description = "放路12路号"
    lane.save()
    assert [found(words) for words in ("放路号", "放路", "路号", "放路12路号", "路12路")] == [
        False,
        True,
        True,
        True,
        True,
    ]


def test_a_text_without_end_is_cut() -> None:
    assert len(search_text("路 1 " * 20_000).split()) == search.MOST_WORDS


# Letters that often stand together, what people type, and what would hurt if it got through.
ALPHABET = st.sampled_from(list("井盖路解放12aAbＢé𠮷 -'\"*:^()|&!<>%_\\\0井井盖"))
TEXTS = st.lists(st.text(ALPHABET, max_size=12), min_size=1, max_size=12)


LETTERS = re.compile(r"[^\W_]")


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def stands_in(asked: list[str], text: list[str]) -> bool:
    return any(text[i : i + len(asked)] == asked for i in range(len(text) - len(asked) + 1))


class AgainstBruteForce(TestCase):
    """Whatever people type finds exactly the texts that hold every part of it of two characters or more."""

    @settings(max_examples=40, deadline=None)
    @given(texts=TEXTS, asked=st.text(ALPHABET, max_size=8))
    def test_found_is_what_holds_it(self, texts: list[str], asked: str) -> None:
        town, _ = places.town()
        for number, text in enumerate(texts):
            problems.problem(code=f"K{number}", in_area=town, description=text.replace("\0", ""))
        phrases = [words_of(part) for part in asked.split() if len(LETTERS.findall(folded(part))) > 1]
        parts = {p.code: [words_of(one) for one in (p.code, p.description, town.name, p.category.name)]
                 for p in Problem.objects.select_related("category")}  # fmt: skip
        expected = {
            code for code, held in parts.items()
            if phrases and all(any(stands_in(words, one) for one in held) for words in phrases)
        }  # fmt: skip
        assert set(matching(Problem.objects.all(), asked).values_list("code", flat=True)) == expected


@pytest.fixture
def lane(db: None) -> Problem:
    return problems.problem(
        code="P-2023-0001", site=places.site("BL-1", in_area=places.town()[1][0], name="解放路12号"),
        description="井盖破损，行人绊倒",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("井盖", True), ("盖井", False), ("破损，行", True), ("p-2023-0001", True), ("2023 0001", True), ("0001-2023", False),
        ("解放路12号", True), ("解放路1", False), ("ＪＬ", False), ("占道经营", True), ("井*", False), ('"井盖', True),
        ("井 OR 盖", False), ("', ''); DROP TABLE", False), ("：", False),
        ("井盖 解放路", True), ("解放路　井盖", True), ("井盖 — 占道", True), ("井盖 路灯", False), ("井盖 路", True), ("井", False),
        ("井盖 绊倒 占道 解放 2023 0001 行人 破损 路灯", True), ("路灯 绊倒 占道 解放 2023 0001 行人 破损 井盖", False),
    ],
)  # fmt: skip
def test_a_problem_is_found_by_what_it_says_and_where_it_is(lane: Problem, asked: str, *, is_found: bool) -> None:
    assert matching(Problem.objects.all(), asked).exists() is is_found


@pytest.mark.parametrize(
    ("asked", "phrases", "told"),
    [
        ("垃圾 东街", [("垃", "圾"), ("东", "街")], []),
        ("垃圾 垃圾 -", [("垃", "圾")], []),
        ("垃圾 东 é", [("垃", "圾")], ["“东”“é”不足两个字，没有用来查找。请至少输入两个字。"]),
        ("5", [], ["“5”不足两个字，没有用来查找。请至少输入两个字。"]),
        ("12", [("12",)], []),
        ("aa ab ac ad ae af ag ah ai aj", [(f"a{letter}",) for letter in "abcdefgh"],
         ["一次最多查 8 个词，“ai”“aj”没有用来查找。"]),
    ],
)  # fmt: skip
def test_what_is_typed_is_taken_apart_and_what_is_left_out_is_told(asked, phrases, told) -> None:
    assert (list(typed(asked).phrases), search.remarks(asked)) == (phrases, told)


def found(asked: str) -> bool:
    return matching(Problem.objects.all(), asked).exists()


def test_whether_there_are_more_asks_for_every_phrase(lane: Problem) -> None:
    asked = ("井盖 解放路", "井盖 路灯", "井")
    assert [search.has_more(Problem, words, 0) for words in asked] == [True, False, False]


def test_a_change_is_found_and_what_was_before_is_not(lane: Problem) -> None:
    lane.description = "路灯不亮"
    lane.save(update_fields=["description"])
    assert (found("路灯"), found("井盖")) == (True, False)
    Problem.objects.filter(pk=lane.pk).update(search_text=search_text("垃圾桶"))
    assert (found("路灯"), found("垃圾")) == (False, True)


def test_what_is_gone_is_not_found(lane: Problem) -> None:
    lane.delete()
    assert not found("井盖")


def test_rows_written_at_once_are_found(lane: Problem) -> None:
    row = Problem(
        code="B1", site=lane.site, area=lane.area, category=lane.category, description="x", found_at=lane.found_at,
        search_text=search_text("桥栏"), source="patrol",
    )  # fmt: skip
    Problem.objects.bulk_create([row])
    assert found("桥栏")


def test_a_lost_index_comes_back_whole_after_a_migration(lane: Problem) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER problems_problem_search_changed")
            cursor.execute("UPDATE problems_problem SET search_text = '路 灯 u0u 路灯'")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE problems_problem DROP COLUMN search_vector")
            cursor.execute("UPDATE problems_problem SET search_text = '路 灯 u0u 路灯'")
    build_index(Problem)
    assert (found("路灯"), found("井盖")) == (True, False)
    build_index(Problem)
    assert found("路灯")
