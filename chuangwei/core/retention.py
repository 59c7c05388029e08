"""What goes when (domain §11): a noun says it in a file `retention.py` in its app, a job carries it out every night.

    @rule(slug="phones-of-those-who-left", title="离开人员的手机号", after="…")
    def phones(at: datetime) -> Iterator[Due]: ...

    @phones.forgets
    def _(due: Sequence[Due], by: Actor, at: datetime) -> None: actions.forget_phones(…)

Whatever is deleted leaves a tombstone in the audit chain: which thing, by which rule, and a keyed digest of what it was,
never the content. Whoever has the keys and the number can show that it was this one; nobody else can.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from itertools import islice

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from chuangwei.core import audit
from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.secrets import keyed_digest

VERB = "到期清除"
NIGHT = "夜间整理"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that must go: its kind and code, what of it goes (in words), and the day its time began to run."""

    kind: str
    code: str
    what: str
    since: date
    months: int


Finds = Callable[[datetime], Iterator[Due]]
Forgets = Callable[[Sequence[Due], Actor, datetime], None]


@dataclass
class Rule:
    """What goes, how long after what (in words), who finds it and which action takes it away."""

    slug: str
    title: str
    after: str
    find: Finds
    forget: Forgets | None = field(default=None)

    def forgets(self, forget: Forgets) -> Forgets:
        self.forget = forget
        return forget


@dataclass
class Rules:
    """All rules of a program. There is one, `RULES`; tests make their own."""

    rules: dict[str, Rule] = field(default_factory=dict)

    def rule(self, *, slug: str, title: str, after: str) -> Callable[[Finds], Rule]:
        def add(find: Finds) -> Rule:
            if slug in self.rules:
                raise ValueError(f"two rules of retention are called {slug}")
            made = self.rules[slug] = Rule(slug, title, after, find)
            return made

        return add

    def all(self) -> list[Rule]:
        """Every rule, those of retention.py of every installed app among them."""
        if self is RULES:
            for config in apps.get_app_configs():
                if config.name.startswith("chuangwei.") and module_has_submodule(config.module, "retention"):
                    import_module(f"{config.name}.retention")
        return [self.rules[slug] for slug in sorted(self.rules)]


RULES = Rules()
rule = RULES.rule


def forget_due(*, at: datetime, by: Actor | None = None, rules: Rules = RULES) -> int:
    """Take away everything that is due, batch by batch; how many things. What was stopped is gone on with next time."""
    by = by or system_actor(NIGHT)
    count = 0
    for one in rules.all():
        if one.forget is None:
            raise ValueError(f"nobody forgets {one.slug}")
        found = iter(list(one.find(at)))
        while batch := list(islice(found, BATCH)):
            one.forget(batch, by, at)
            count += len(batch)
    return count


def tombstone(*, due: Due, content: str, title: str, by: Actor, at: datetime) -> None:
    """Say in the chain that something went: call it in the action that deletes, with what is deleted as one text."""
    audit.record(
        verb=VERB, subject_kind=due.kind, subject_code=due.code, by=by, at=at, note=title,
        details={"what": due.what, "since": str(due.since), "months": due.months, "digest": keyed_digest(content)},
    )  # fmt: skip


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
