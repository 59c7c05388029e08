"""Named entries, one file each, found by folder: how scoring rules, channels, tiles … are added without editing a list.

A file of the folder registers exactly one entry, whose slug is the file's name with hyphens for underscores. Files whose
name begins with an underscore are shared by the others and register nothing.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping
from threading import RLock
from types import MappingProxyType
from typing import Generic, TypeVar

from chuangwei.core.errors import DomainError

Thing = TypeVar("Thing")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class BadRegistration(Exception):
    """A file of a registry breaks its order; a mistake in the program, met at start-up."""


class UnknownSlug(DomainError):
    """No entry goes by that name; the message lists those that there are."""


class Registry(Generic[Thing]):
    """The entries of one folder, imported on first use (or by `discover()` at start-up).

    `label` is what an entry is called in messages.
    """

    def __init__(self, package: str, *, label: str = "条目") -> None:
        self.package = package
        self.label = label
        self._entries: dict[str, Thing] = {}
        self._found = False
        self._lock = RLock()

    def register(self, slug: str, *, module: str | None = None) -> Callable[[Thing], Thing]:
        """Decorate a function or a class; for any other value give `module=__name__`."""

        def add(entry: Thing) -> Thing:
            self._check_home(slug, module or _module_of(entry))
            if slug in self._entries:
                raise BadRegistration(f"{self.package}: two entries are called {slug}")
            self._entries[slug] = entry
            return entry

        return add

    def discover(self) -> None:
        """Import every module of the folder; BadRegistration for one that registers nothing."""
        with self._lock:
            if self._found:
                return
            folder = importlib.import_module(self.package)
            for module in pkgutil.iter_modules(folder.__path__):
                if module.name.startswith("_"):
                    continue
                importlib.import_module(f"{self.package}.{module.name}")
                if module.name.replace("_", "-") not in self._entries:
                    raise BadRegistration(f"{self.package}.{module.name} registers nothing under its own name")
            self._found = True

    def get(self, slug: str) -> Thing:
        """The entry of that name; UnknownSlug otherwise."""
        entries = self.all()
        if slug not in entries:
            raise UnknownSlug(f"没有名为“{slug}”的{self.label}。现有：{'、'.join(entries) or '无'}。")
        return entries[slug]

    def all(self) -> Mapping[str, Thing]:
        """Every entry by its slug, in alphabetical order."""
        self.discover()
        return MappingProxyType(dict(sorted(self._entries.items())))

    def __contains__(self, slug: object) -> bool:
        return slug in self.all()

    def _check_home(self, slug: str, module: str) -> None:
        home = f"{self.package}.{slug.replace('-', '_')}"
        if not SLUG.fullmatch(slug):
            raise BadRegistration(f"{module}: a slug is lower-case words joined by hyphens, not {slug}")
        if module != home:
            raise BadRegistration(f"{slug} belongs into {home}, not into {module}")


def _module_of(entry: object) -> str:
    if inspect.isclass(entry) or inspect.isroutine(entry):
        return entry.__module__
    raise BadRegistration(f"an entry that is neither function nor class needs module=__name__: {entry!r}")
