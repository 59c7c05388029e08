"""Verbs of places."""

from chuangwei.domain.places.actions.changing import KindDraft, change_area, change_site, merge_area, put_site_kinds
from chuangwei.domain.places.actions.importing import import_places
from chuangwei.domain.places.actions.sites import (
    EXAMPLE,
    GivenPosition,
    close_site,
    create_site,
    designate_site,
    edit_site,
    end_designation,
)
from chuangwei.domain.places.actions.splitting import NewArea, edit_area, split_area

__all__ = [
    "EXAMPLE", "GivenPosition", "KindDraft", "NewArea", "change_area", "change_site", "close_site", "create_site",
    "designate_site", "edit_area", "edit_site", "end_designation", "import_places", "merge_area", "put_site_kinds",
    "split_area",
]  # fmt: skip
