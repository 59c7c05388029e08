"""The persons of a register workbook, checked and saved. A phone never goes into the history unmasked."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from chuangwei.core import clock
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Faults, Rows, Tally
from chuangwei.core.secrets import BlindIndexField
from chuangwei.core.text import Unreadable, code_text, mask_phone
from chuangwei.core.transitions import log_change
from chuangwei.domain.organisation.actions.accounts import SYSTEM_CODE
from chuangwei.domain.organisation.models import Membership, Person, Unit
from chuangwei.domain.organisation.permissions import OWN_RIGHTS, is_own_right

FIELDS = ("name", "title", "unit", "phone")
LABELS = {"name": "姓名", "title": "职务", "unit": "单位", "phone": "手机"}
NOTE = "导入底册"
MASK = "*"
MASKED = "手机号打了码，无法还原。请填完整号码；不改就留原样。"
UNREADABLE = "无法解密"
NO_NUMBER = "这一格不是手机号，是导出时写下的说明。请填完整号码；不改就留原样。"
PHONE_INDEX: BlindIndexField = Person._meta.get_field("phone_index")


class PersonRows:
    """Rows of persons against those there are: first `check` and `check_scope`, then `save` (after the units)."""

    def __init__(self, rows: Rows, units: Codes, *, by: Actor, at: datetime) -> None:
        self._rows, self._unit_codes, self._by, self._at = rows, units, by, at
        self._day: date = clock.local_day(at)
        self._known = {person.code: person for person in Person.objects.all()}
        served = Membership.objects.filter(is_main=True, to_on__isnull=True).select_related("unit")
        self._served = {membership.person_id: membership for membership in served}
        self.logs: list[TransitionLog] = []

    @cached_property
    def codes(self) -> Codes:
        """Every code that names a person, in the file or in the system."""
        return Codes(self._known, self._rows.columns.get("code", ()), is_open=not self._rows.is_whole)

    def _wanted(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        names = [name for name in FIELDS if name in self._rows.given]
        columns = [self._rows[name] for name in names]
        for line, code, *values in zip(self._rows.lines, self._rows.columns.get("code", ()), *columns, strict=True):
            if code is not None:
                yield line, code, dict(zip(names, values, strict=True))

    def check(self, faults: Faults) -> None:
        for line, code, wanted in self._wanted():
            if code == SYSTEM_CODE:
                faults.add(line, "code", f"编码 {SYSTEM_CODE} 是程序自己用的，请换一个。")
            held = self._known.get(code)
            phone = wanted.get("phone") or ""
            why = MASKED if MASK in phone else NO_NUMBER if phone.startswith(UNREADABLE) else ""
            if why and (held is None or not _is_as_shown(phone, held)):
                faults.add(line, "phone", why)
            unit = wanted.get("unit")
            if unit is not None and unit not in self._unit_codes:
                faults.add(line, "unit", f"没有编码为 {unit} 的单位。请先在『单位』表中添加，或改正编码。")

    def check_scope(self, area_path_of: Callable[[str], str], faults: Faults) -> None:
        """A person is where the main unit is; one without a unit belongs to the whole installation. Nobody moves herself."""
        for line, code, wanted in self._wanted():
            held = self._known.get(code)
            if held is not None and not self._differences(held, wanted):
                continue
            units = [wanted.get("unit"), self._unit_held(held)]
            paths = [area_path_of(unit) for unit in units if unit] or [EVERYWHERE]
            if not all(self._by.covers(path) for path in paths):
                faults.add(line, "code", "这个人员不在您的管辖范围内，不能添加或更改。")
            if is_own_right(self._by, code) and "unit" in wanted and wanted["unit"] != self._unit_held(held):
                faults.add(line, "unit", OWN_RIGHTS)

    def _unit_held(self, person: Person | None) -> str | None:
        return self._value(person, "unit") if person else None

    def _value(self, person: Person, name: str) -> Any:
        if name == "unit":
            membership = self._served.get(person.pk)
            return membership.unit.code if membership else None
        return getattr(person, name)

    def _differences(self, person: Person, wanted: dict[str, Any]) -> list[str]:
        """A masked phone, as an export shows it, is the one that is held."""
        return [
            name
            for name in wanted
            if self._value(person, name) != wanted[name]
            and not (name == "phone" and _is_as_shown(wanted[name], person))
        ]

    def save(self) -> Tally:
        units = {unit.code: unit for unit in Unit.objects.all()}
        rows = [(code, wanted) for _, code, wanted in self._wanted()]
        new = [(code, wanted) for code, wanted in rows if code not in self._known]
        persons = [
            Person(code=code, name=wanted["name"], title=wanted.get("title", ""), phone=wanted.get("phone", ""))
            for code, wanted in new
        ]
        Person.objects.bulk_create(persons, batch_size=500)
        Membership.objects.bulk_create(
            [
                Membership(person=person, unit=units[wanted["unit"]])
                for person, (_, wanted) in zip(persons, new, strict=True)
                if wanted.get("unit")
            ],
            batch_size=500,
        )
        held = [(code, wanted) for code, wanted in rows if code in self._known]
        changed = self._change(held, units)
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)
        return Tally(len(new), changed, len(held) - changed)

    def _change(self, held: list[tuple[str, dict[str, Any]]], units: dict[str, Unit]) -> int:
        changed: list[Person] = []
        transferred: dict[int, Unit | None] = {}
        for code, wanted in held:
            person = self._known[code]
            differences = self._differences(person, wanted)
            for name in differences:
                self._log(code, name, self._value(person, name), wanted[name])
                if name == "unit":
                    transferred[person.pk] = units[wanted[name]] if wanted[name] else None
                else:
                    setattr(person, name, wanted[name])
            if differences:
                changed.append(person)
        for person in changed:
            if not isinstance(person.phone, Unreadable):
                person.phone_index = PHONE_INDEX.index_of(person.phone)
        Person.objects.bulk_update(changed, ["name", "title", "phone", "phone_index"], batch_size=200)
        self._transfer(transferred)
        return len(changed)

    def _transfer(self, transferred: dict[int, Unit | None]) -> None:
        """From the day of the import on a person serves elsewhere; the day before is the last in the old unit."""
        for pk, unit in transferred.items():
            served = self._served.get(pk)
            began_today = served is not None and served.from_on is not None and served.from_on >= self._day
            if served is not None and began_today and unit is not None:
                # A transfer made this very day is corrected: nobody serves in two main units on one day.
                served.unit = unit
                served.save(update_fields=["unit"])
                continue
            if served is not None:
                served.to_on = served.from_on if began_today else self._day - timedelta(days=1)
                served.save(update_fields=["to_on"])
            if unit is not None:
                Membership.objects.create(person_id=pk, unit=unit, from_on=self._day)

    def _log(self, code: str, name: str, old: Any, new: Any) -> None:
        if name == "phone":
            old, new = mask_phone(old or ""), mask_phone(new or "")
        self.logs.append(
            log_change(
                subject_kind="organisation.person", subject_code=code, field=LABELS[name], old=old, new=new,
                by=self._by, at=self._at, note=NOTE,
            )
        )  # fmt: skip


def _is_as_shown(phone: str, person: Person) -> bool:
    """Whether a cell holds what an export writes there instead of the number; cells are read without white space."""
    return bool(phone) and code_text(phone) == code_text(mask_phone(person.phone))
