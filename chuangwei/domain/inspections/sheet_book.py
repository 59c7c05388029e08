"""The checklists that visits are scored by, at hand while many visits are scored: current ones and kept versions."""

from dataclasses import dataclass
from functools import cached_property

from chuangwei.domain.inspections.queries import check_rules
from chuangwei.domain.inspections.sheet import CheckRule, Found, Sums, fault, lost, sums, whole_sheet
from chuangwei.domain.standards import queries as standards
from chuangwei.domain.standards.queries import ChecklistSheet

NOTHING = Sums(0, 0, 0, 0, False, False, False)


@dataclass(frozen=True, slots=True)
class Scored:
    """What one answer comes to: the key of its check, what it loses, what it changes in the sheet's sums."""

    check: int
    lost: int
    change: Sums


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """Why an answer cannot stand: the field to look at, and a sentence."""

    field: str
    message: str


class SheetBook:
    """Checklists by key, each read once."""

    def __init__(self) -> None:
        self._current = standards.current_checklists()
        self._sheets: dict[int, ChecklistSheet] = {sheet.id: sheet for sheet in self._current.values()}
        self._rules: dict[int, dict[str, CheckRule]] = {}

    def current(self, kind: str) -> int | None:
        """The checklist in force for a kind of site."""
        found = self._current.get(kind)
        return found.id if found else None

    def kind_of(self, checklist: int) -> str:
        return self._sheet(checklist).kind_code

    def whole(self, checklist: int) -> Sums:
        """The sums of a sheet on which nothing was found."""
        return whole_sheet(self.rules(checklist))

    def rules(self, checklist: int) -> dict[str, CheckRule]:
        if checklist not in self._rules:
            self._rules[checklist] = check_rules(self._sheet(checklist))
        return self._rules[checklist]

    def check_key(self, checklist: int, code: str) -> int:
        return self._sheet(checklist).checks[code].id

    def score(self, checklist: int, code: str, found: Found) -> Scored | BadAnswer:
        """What an answer comes to on a checklist, or why it cannot stand."""
        rules = self.rules(checklist)
        if code not in rules:
            return BadAnswer("check", self._foreign(checklist, code))
        wrong = fault(rules[code], found)
        if wrong is not None:
            is_count = bool(found.occurrences) if found.deduction is None else found.occurrences == 0
            return BadAnswer("occurrences" if is_count or found.deduction is None else "deduction", wrong)
        change = sums({code: rules[code]}, [(code, found)], whole=NOTHING)
        return Scored(self.check_key(checklist, code), lost(rules[code], found), change)

    def _foreign(self, checklist: int, code: str) -> str:
        sheet = self._sheet(checklist)
        owner = self._owners.get(code)
        if owner is not None:
            return f"检查项 {code} 属于『{owner}』，这个点位用的是『{sheet.title}』。"
        return f"『{sheet.title}』里没有编码为 {code} 的检查项。"

    @cached_property
    def _owners(self) -> dict[str, str]:
        return {code: sheet.title for sheet in self._current.values() for code in sheet.checks}

    def _sheet(self, checklist: int) -> ChecklistSheet:
        if checklist not in self._sheets:
            self._sheets |= standards.checklists_by_id([checklist])
        return self._sheets[checklist]
