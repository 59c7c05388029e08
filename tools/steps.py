"""Steps that are run one after another, each to its end, and told of together."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap import ROOT


def call(command: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> bool:
    """Run with the output shown; True when it ended well."""
    return not subprocess.run(command, cwd=cwd, env=os.environ | (env or {}), check=False).returncode


@dataclass(frozen=True)
class Outcome:
    """How one step ended: well, badly, or not run for a reason."""

    title: str
    is_well: bool
    reason: str
    seconds: float
    mark: str = ""

    @classmethod
    def unknown(cls, title: str, sentence: str, seconds: float) -> "Outcome":
        """A question nobody answered: it stops nothing, and must not look like a good answer."""
        return cls(title, is_well=True, reason=sentence, seconds=seconds, mark="?")

    @classmethod
    def of(cls, title: str, answer: bool | str, seconds: float) -> "Outcome":
        """From a step's answer: True, False, or the sentence that says why it could not run."""
        if isinstance(answer, str):
            return cls(title, is_well=False, reason=f"未运行：{answer}", seconds=seconds)
        return cls(title, is_well=answer, reason="通过" if answer else "未通过", seconds=seconds)


def report(outcomes: Sequence[Outcome]) -> int:
    """Print one line for each step; 0 when all ended well."""
    print("\n=== 小结 ===")
    for outcome in outcomes:
        print(
            f"  {outcome.mark or ('✓' if outcome.is_well else '✗')} {outcome.title}：{outcome.reason}（{outcome.seconds:.0f} 秒）"
        )
    return 0 if all(outcome.is_well for outcome in outcomes) else 1
