import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.trees import rings


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({}, []),
        ({"a": None, "b": "a", "c": "b"}, []),
        ({"a": "elsewhere"}, []),
        ({"a": "a"}, [["a"]]),
        ({"a": "b", "b": "a", "c": "a"}, [["a", "b"]]),
        ({"c": "a", "a": "b", "b": "a"}, [["a", "b"]]),
        ({"a": "b", "b": "c", "c": "a", "x": "y", "y": "x"}, [["a", "b", "c"], ["x", "y"]]),
    ],
)
def test_rings_are_found(parents: dict[str, str | None], found: list[list[str]]):
    assert rings(parents) == found


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdef")))
def test_a_code_is_in_a_ring_if_and_only_if_it_comes_back_to_itself(parents: dict[str, str | None]):
    def comes_back(code: str) -> bool:
        step = parents.get(code)
        for _ in parents:
            if step == code:
                return True
            step = parents.get(step) if step else None
        return False

    assert {code for ring in rings(parents) for code in ring} == {code for code in parents if comes_back(code)}
