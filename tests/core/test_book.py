from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.book import BadEntry, Book, Entry, Line, Movement

NOW = datetime(2023, 9, 30, 10, tzinfo=UTC)
AWARD = Entry.transfer(code="1", at=NOW, text="九月奖励", source="奖补资金", target="东街社区", amount=100_000)
DEDUCTION = Entry.transfer(code="2", at=NOW, text="十月扣减", source="东街社区", target="奖补资金", amount=30_000)


def entry(*amounts: int, code: str = "1") -> Entry:
    return Entry(code, NOW, "", tuple(Line(f"账户{place}", amount) for place, amount in enumerate(amounts)))


def test_a_transfer_moves_an_amount_from_one_account_to_another():
    book = Book("分").post(AWARD, DEDUCTION)
    assert book.balances() == {"东街社区": 70_000, "奖补资金": -70_000}
    assert (book.balance("东街社区"), book.balance("西街社区")) == (70_000, 0)


def test_a_statement_shows_each_movement_and_the_balance_after_it():
    assert Book("分", (AWARD, DEDUCTION)).statement("东街社区") == [
        Movement(AWARD, 100_000, 100_000),
        Movement(DEDUCTION, -30_000, 70_000),
    ]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: entry(5), "至少有两行"),
        (entry, "至少有两行"),
        (lambda: entry(5, -4), "各行相加为 1"),
        (lambda: entry(5, 0, -5), "金额为 0"),
        (lambda: Entry("1", NOW, "", (Line("甲", 5), Line("甲", -5))), "同一个账户"),
        (lambda: entry(5, -5, code=" "), "须有编号"),
        (lambda: Line("  ", 5), "须写明账户"),
        (lambda: Entry.transfer(code="1", at=NOW, text="", source="甲", target="乙", amount=0), "须大于 0"),
        (lambda: Entry.transfer(code="1", at=NOW, text="", source="甲", target="乙", amount=-5), "须大于 0"),
        (lambda: Book("分", (AWARD, AWARD)), "用过了"),
    ],
)
def test_entries_that_a_book_cannot_take(make, says):
    with pytest.raises(BadEntry) as refused:
        make()
    assert says in refused.value.message


@pytest.mark.parametrize("amount", [1.0, True, "5", None])
def test_amounts_are_whole_numbers(amount):
    with pytest.raises(TypeError):
        Line("甲", amount)


def test_an_account_that_must_not_fall_below_zero_does_not():
    stock = Book("件").post(entry(-3, 3))
    assert stock.post(entry(3, -3, code="2"), never_below_zero=["账户1", "账户9"]).balance("账户1") == 0
    with pytest.raises(BadEntry, match="还差 2 件"):
        stock.post(entry(5, -5, code="2"), never_below_zero=["账户1"])


def test_a_reversal_takes_an_entry_back():
    back = AWARD.reversed(code="3", at=NOW, text="记错了社区")
    book = Book("分", (AWARD, DEDUCTION)).post(back)
    assert (back.reverses, book.balance("东街社区")) == ("1", -30_000)


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([AWARD.reversed(code="3", at=NOW, text="")], "不在账上"),
        ([AWARD, AWARD.reversed(code="3", at=NOW, text=""), AWARD.reversed(code="4", at=NOW, text="")], "已经冲销过"),
        (
            [AWARD, AWARD.reversed(code="3", at=NOW, text=""), AWARD.reversed(code="3", at=NOW, text="").reversed(code="4", at=NOW, text="")],
            "本身是冲销凭证",
        ),
        ([AWARD, Entry("3", NOW, "", (Line("东街社区", -5), Line("奖补资金", 5)), reverses="1")], "各行不相等"),
    ],
)  # fmt: skip
def test_reversals_that_are_refused(entries, says):
    with pytest.raises(BadEntry) as refused:
        Book("分").post(*entries)
    assert says in refused.value.message


ACCOUNTS = st.sampled_from(["甲", "乙", "丙", "丁"])
TRANSFERS = st.lists(st.tuples(ACCOUNTS, ACCOUNTS, st.integers(1, 10**12)).filter(lambda move: move[0] != move[1]))


@given(TRANSFERS)
def test_a_book_always_adds_up_to_nothing(moves):
    entries = [
        Entry.transfer(code=str(number), at=NOW, text="", source=source, target=target, amount=amount)
        for number, (source, target, amount) in enumerate(moves)
    ]
    book = Book("分").post(*entries)
    assert sum(book.balances().values()) == 0
    for account, balance in book.balances().items():
        assert book.statement(account)[-1].balance == balance


@given(TRANSFERS)
def test_reversing_everything_leaves_nothing(moves):
    book = Book("分")
    for number, (source, target, amount) in enumerate(moves):
        made = Entry.transfer(code=str(number), at=NOW, text="", source=source, target=target, amount=amount)
        book = book.post(made, made.reversed(code=f"-{number}", at=NOW, text="冲销"))
    assert not any(book.balances().values())
