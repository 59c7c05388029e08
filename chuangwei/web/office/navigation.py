"""The menu: the words of the office, each shown to those who may go there, and the pages behind each word."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.appraisal.enums import Permission as Appraisal
from chuangwei.domain.documents.enums import Permission as Documents
from chuangwei.domain.inspections.enums import Permission as Inspections
from chuangwei.domain.organisation.enums import Permission as Organisation
from chuangwei.domain.places.enums import Permission as Places
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.standards.enums import Permission as Standards

ANYBODY = ""
"""A page that is open to everybody who is signed in."""


@dataclass(frozen=True)
class Part:
    """One page behind a word of the menu; `covers` are the beginnings of the addresses it stands for."""

    title: str
    view: str
    permission: str
    covers: tuple[str, ...]
    is_of_all: bool = False
    """Open only to who covers the whole installation."""

    def is_open_to(self, actor: Actor) -> bool:
        if self.is_of_all and not actor.covers(EVERYWHERE):
            return False
        return self.permission == ANYBODY or actor.may(self.permission)


@dataclass(frozen=True)
class Entry:
    """One word of the menu; it leads to the first of its parts that is open to somebody."""

    title: str
    parts: tuple[Part, ...]


MENU = (
    Entry("工作台", (Part("工作台", "office:desk", ANYBODY, ("/desk/",)),)),
    Entry(
        "点位责任",
        (
            Part("区划", "office:area_list", Places.VIEW, ("/areas/",)),
            Part("点位", "office:site_list", Places.VIEW, ("/sites/",)),
            Part("单位", "office:unit_list", Organisation.VIEW, ("/units/",)),
            Part("人员", "office:person_list", Organisation.VIEW, ("/persons/",)),
            Part("按号码查人", "office:person_look_up", Organisation.REVEAL, ("/personal/",)),
            Part("责任", "office:duty_list", Organisation.VIEW, ("/duties/",)),
            Part("盲区", "office:duty_gaps", Organisation.VIEW, ("/duties/gaps/",)),
        ),
    ),
    Entry(
        "督导检查",
        (
            Part("轮次", "office:round_list", Inspections.VIEW, ("/rounds/",)),
            Part("录入检查", "office:sheet_list", Inspections.RECORD, ("/sheets/",)),
            Part("检查记录", "office:visit_list", Inspections.VIEW, ("/visits/",)),
            Part("抽取", "office:draw_list", Inspections.VIEW, ("/draws/",)),
        ),
    ),
    Entry(
        "问题台账",
        (
            Part("台账", "office:problem_list", Problems.VIEW, ("/problems/",)),
            Part("待整改", "office:problem_mine", Problems.FIX, ("/problems/mine/",)),
            Part("上报问题", "office:problem_new", Problems.REPORT, ("/problems/new/", "/problems/report/")),
        ),
    ),
    Entry(
        "评比",
        (
            Part("评比", "office:series_list", Appraisal.VIEW, ("/appraisal/",)),
            Part("后续措施", "office:follow_up_list", Appraisal.VIEW, ("/follow-ups/",)),
            Part("月度奖惩", "office:settlement_list", Appraisal.VIEW, ("/settlements/",)),
        ),
    ),
    Entry(
        "标准",
        (
            Part("标准", "office:edition_list", Standards.VIEW, ("/standards/",)),
            Part("检查表", "office:checklist_list", Standards.VIEW, ("/standards/checklists/",)),
            Part("问题类别", "office:category_list", Standards.VIEW, ("/standards/categories/",)),
            Part("指标", "office:indicator_list", Standards.VIEW, ("/standards/indicators/",)),
            Part("过期条款", "office:obsolete_list", Standards.VIEW, ("/standards/obsolete/",)),
        ),
    ),
    Entry("公文", (Part("公文", "office:paper_list", Documents.VIEW, ("/documents/",)),)),
    Entry("导入", (Part("导入", "office:import_list", Organisation.IMPORT, ("/imports/",)),)),
    Entry(
        "设置",
        (
            Part("账号", "office:account_list", Organisation.ACCOUNTS, ("/accounts/",)),
            Part("角色", "office:role_list", Organisation.ACCOUNTS, ("/accounts/roles/",)),
            Part("预设", "office:preset_list", Organisation.PRESETS, ("/presets/",)),
        ),
    ),
    Entry(
        "审计",
        (
            Part("审计记录", "office:audit_event_list", Organisation.AUDIT, ("/audit/",), is_of_all=True),
            Part("查阅记录", "office:reading_list", Organisation.AUDIT, ("/audit/readings/",), is_of_all=True),
            Part("日根", "office:root_list", Organisation.AUDIT, ("/audit/roots/",), is_of_all=True),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    title: str
    address: str
    is_here: bool


def menu(actor: Actor, address: str) -> list[Link]:
    """The menu of somebody who stands at an address."""
    return [
        Link(entry.title, reverse(parts[0].view), any(address.startswith(part.covers) for part in entry.parts))
        for entry, parts in _open_to(actor)
    ]  # fmt: skip


def submenu(actor: Actor, address: str) -> list[Link]:
    """The pages beside the one somebody stands at; none where there is only one."""
    for entry, parts in _open_to(actor):
        if len(parts) > 1 and any(address.startswith(part.covers) for part in entry.parts):
            here = max(parts, key=lambda part: _closeness(part, address))
            return [Link(part.title, reverse(part.view), part == here) for part in parts]
    return []


def _closeness(part: Part, address: str) -> int:
    """How much of an address a part stands for: /duties/gaps/ is nearer to the gaps than to the duties."""
    return max((len(beginning) for beginning in part.covers if address.startswith(beginning)), default=-1)


def front_page(actor: Actor) -> str | None:
    """Where somebody begins: the desk, the first word of the menu; nowhere for who was given no role yet."""
    return reverse(next(parts[0].view for _, parts in _open_to(actor))) if actor.permissions else None


def _open_to(actor: Actor) -> Iterator[tuple[Entry, list[Part]]]:
    for entry in MENU:
        parts = [part for part in entry.parts if part.is_open_to(actor)]
        if parts:
            yield entry, parts
