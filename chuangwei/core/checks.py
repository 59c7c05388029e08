"""Broken data, in words: what the `checks()` of each app's consistency.py find."""

import logging
from dataclasses import dataclass
from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that no longer holds: in which part of the program, and what, in a sentence."""

    part: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.part}：{self.sentence}"


def broken_data() -> list[Broken]:
    """Everything the apps find, in the order they are installed; a check that fails is itself a finding."""
    return [broken for config in apps.get_app_configs() for broken in _found_by(config)]


def _found_by(config: AppConfig) -> list[Broken]:
    if not module_has_submodule(config.module, "consistency"):
        return []
    part = str(config.verbose_name)
    found: list[Broken] = []
    try:
        # Sentence by sentence, so that what came before a failure is kept.
        for sentence in import_module(f"{config.name}.consistency").checks():
            found.append(Broken(part, sentence))  # noqa: PERF401
    except Exception as error:  # one app's broken check must not hide what the others find
        log.exception("the checks of %s failed", config.name)
        found.append(Broken(part, f"检查没有做完，{type(error).__name__}：{error}"))
    return found
