"""Where the page of a thing is. Models carry no addresses; every template asks here."""

from django.urls import reverse

PAGES = {
    "visit": "visit_detail", "problem": "problem_detail", "area": "area_detail", "site": "site_detail", "unit": "unit_detail",
    "person": "person_detail", "round": "round_detail", "paper": "paper_detail",
}  # fmt: skip


def page_of(kind: str, code: str, audience: str = "office") -> str:
    """The address of the page of a thing (by the noun an explanation uses); empty where it has none."""
    name = PAGES.get(kind)
    return reverse(f"{audience}:{name}", args=[code]) if name and code else ""
