"""An installation begins with a preset at its root; others hold in an area from a day on (domain §1)."""

from datetime import date, datetime

from chuangwei.core import audit, clock, presets
from chuangwei.core.actor import ALL, EVERYWHERE, Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.models import Installation, PresetUse, PresetVersion
from chuangwei.core.presets import PresetDocument
from chuangwei.core.text import free_text
from chuangwei.core.writes import action
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account
from chuangwei.domain.organisation.permissions import may_use_presets
from chuangwei.domain.organisation.preset import rights_changed
from chuangwei.domain.places.models import Area

BY_COMMAND = "请在服务器上用命令行 chuangwei preset use 启用。"


@action
def begin_installation(*, county: str, document: PresetDocument, by: Actor, at: datetime) -> Installation:
    """Found the installation of a county, with the preset that holds everywhere since ever; once."""
    require(may_use_presets(by) and by.covers(EVERYWHERE))
    there = Installation.objects.first()
    if there is not None:
        raise DomainError(f"这里已经安装过了（{there.county}），不能再初始化。换预设请用 chuangwei preset use。")
    name = free_text(county)
    if not name:
        raise DomainError("请写明县（市、区）的名称。")
    installation = Installation.objects.create(pk=Installation.ONLY, county=name, started_at=at)
    audit.record(verb="初始化", subject_kind="core.installation", subject_code=name, by=by, at=at)
    adopt_preset(document=document, area=None, from_on=None, by=by, at=at)
    return installation


@action
def keep_preset(*, document: PresetDocument, by: Actor, at: datetime) -> PresetVersion:
    """Keep a preset that was read as a version, to be looked at and compared; it holds nowhere by that.

    Refused where it names kinds of site or permissions this installation does not have.
    """
    require(may_use_presets(by))
    queries.checked_preset(document, queries.kind_names())
    version = presets.keep_version(document=document, by=by, at=at)
    audit.record(
        verb="存预设版本", subject_kind="core.presetversion", subject_code=f"{version.slug}:{version.number}", by=by, at=at,
        details={"digest": version.digest},
    )  # fmt: skip
    return version


@action
def adopt_preset(
    *, document: PresetDocument, area: Area | None, from_on: date | None, by: Actor, at: datetime
) -> PresetUse:
    """Let a preset hold in an area (none: everywhere) and all below it from a day on (none: since ever).

    Refused where it names kinds of site or permissions this installation does not have. Only the command line may begin
    in the past; what roles allow changes there too, or by who manages accounts, but never of a role of their own.
    """
    require(may_use_presets(by) and by.covers(area.path if area else EVERYWHERE))
    queries.checked_preset(document, queries.kind_names())
    if ALL not in by.permissions:
        day = clock.local_day(at)
        if from_on is None or from_on < day:
            raise DomainError(
                "预设不能从过去的日子起启用，请选今天或以后的日子；补登以前的请用命令行 chuangwei preset use。"
            )
        _refuse_other_rights(document, area, from_on, by)
    return presets.use_preset(
        document=document, area_code=area.code if area else "", from_on=from_on, by=by, at=at
    )  # fmt: skip


def _refuse_other_rights(document: PresetDocument, area: Area | None, from_on: date, by: Actor) -> None:
    """Against what would hold there that day without it: a preset says who may what, so it could give it to its bringer."""
    codes = area.path_codes if area else []
    held = presets.holding(presets.holdings(), codes, from_on)
    changed = rights_changed(held.document if held else None, document)
    if not changed:
        return
    told = "、".join(changed.values())
    if not by.may(Permission.ACCOUNTS):
        raise DomainError(f"这个预设改变了谁可以做什么：{told}。页面上不能启用，{BY_COMMAND}")
    account = Account.objects.filter(username=by.code).first()
    own = [changed[slug] for slug in account.roles if slug in changed] if account else []
    if own:
        raise DomainError(f"这个预设改变了您自己的角色：{'、'.join(own)}。自己的权限不能自己更改，{BY_COMMAND}")
