import pytest

from chuangwei.web.office.appraisal.addresses import series_and_area, series_key


@pytest.mark.parametrize(
    ("series", "area", "key"),
    [("weekly", "", "weekly"), ("weekly", "6201", "weekly@6201"), ("周评比", "6", "周评比@6")],
)
def test_a_key_names_a_series_and_the_area_of_its_preset(series, area, key):
    assert series_key(series, area) == key
    assert series_and_area(key) == (series, area)
