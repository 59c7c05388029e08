import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.domain.inspections import rules

SEED = "45c81ddadabcfb53b8edcbbdf2e4211adcc94846e5bcb06fe6e566e5a598bda4"
CODES = st.text(st.characters(exclude_characters="|\t\n\r", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_hash_of_a_seed_is_that_of_its_64_characters():
    assert rules.digest(SEED) == "bbf70e694d2ad2f64803bb5a82a33a165c60b28eac20fb0d0e1e8178962829d8"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [(SEED, True), (SEED.upper(), False), (SEED[:-1], False), (SEED + "0", False), (SEED + "\n", False), ("", False)],
)
def test_a_seed_is_64_lower_case_hexadecimal_digits(text, is_one):
    assert rules.is_seed(text) is is_one


def test_a_public_word_decides_with_the_seed():
    assert rules.seed_used(SEED) == SEED
    assert rules.seed_used(SEED, "福彩 08") == sha256(f"{SEED}|福彩 08".encode())


def test_the_list_is_in_byte_order_with_a_line_feed_after_the_last_line():
    rows = [("market", "M-1"), ("back_lane", "BL-10"), ("back_lane", "BL-1"), ("back", "Z"), ("back_lane", "巷-1")]
    assert rules.candidate_list(rows) == "back\tZ\nback_lane\tBL-1\nback_lane\tBL-10\nback_lane\t巷-1\nmarket\tM-1\n"
    assert rules.candidate_list([]) == ""


@given(st.lists(st.tuples(CODES, CODES), unique=True))
def test_the_list_is_sorted_by_its_bytes_and_can_be_read_back(rows):
    text = rules.candidate_list(rows)
    lines = text.encode().split(b"\n")
    assert lines.pop() == b""
    assert lines == sorted(lines)
    assert sorted((kind, code) for kind, codes in rules.listed(text).items() for code in codes) == sorted(rows)


def test_the_order_is_the_hash_of_seed_round_and_code_with_nothing_around_them():
    assert rules.order_key(SEED, "R-1", "BL-1") == (sha256(f"{SEED}|R-1|BL-1".encode()), "BL-1")


@given(st.sets(CODES, max_size=12), st.integers(1, 15), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_drawn_takes_the_first_n_of_the_order_and_all_of_a_smaller_stratum(codes, wanted, seed):
    text = rules.candidate_list([("lane", code) for code in codes] + [("market", "M")])
    found = rules.drawn(seed=seed, round_code="R", candidates=text, strata={"lane": wanted, "none": 1})
    in_order = sorted(codes, key=lambda code: (sha256(f"{seed}|R|{code}".encode()), code))
    assert found.sites == {"lane": in_order[:wanted], "none": []}
    assert found.shortfalls == ({"lane": len(codes)} if len(codes) < wanted else {}) | {"none": 0}
