import pytest

from chuangwei.web.shared.links import page_of


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("visit", "JC-1", "/visits/JC-1/"),
        ("problem", "WT/1", "/problems/WT/1/"),
        ("site", "BL/1", "/sites/BL/1/"),
        ("area", "62", "/areas/62/"),
        ("unit", "U1", "/units/U1/"),
        ("person", "P1", "/persons/P1/"),
        ("visit", "", ""),
        ("moon", "1", ""),
    ],
)
def test_a_thing_has_its_page(kind, code, expected):
    assert page_of(kind, code) == expected
