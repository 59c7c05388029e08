"""What the story plays on: the land, the people, the sites, the day, and which days are worked."""

from datetime import date
from typing import NamedTuple

from chuangwei.core.calendar import Calendar
from chuangwei.demo.town.ground import Ground
from chuangwei.demo.town.people import People
from chuangwei.demo.town.records import Site


class Scene(NamedTuple):
    ground: Ground
    people: People
    sites: tuple[Site, ...]
    today: date
    calendar: Calendar

    def kind(self, code: str) -> list[Site]:
        """The sites of a kind, in the order of their codes."""
        return [site for site in self.sites if site.kind == code]
