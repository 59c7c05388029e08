"""The processes `chuangwei serve` keeps alive: started together, stopped together, none left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

KEEPER = Path(__file__).with_name("keeper.py")
# A child that dies sooner than this after its start is not worth starting again and again.
TOO_SOON_SECONDS = 10.0
MOST_EARLY_DEATHS = 3


class Keeper:
    """The program that ends our children, should we die before we can: see `keeper.py`."""

    def __init__(self, patience: float) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own program, no word of a user's in the command line)
            [sys.executable, "-I", str(KEEPER), str(patience)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, process_group=0,
        )  # fmt: skip

    def watch(self, group: int) -> None:
        self._tell(f"+{group}")

    def forget(self, group: int) -> None:
        self._tell(f"-{group}")

    def dismiss(self) -> None:
        """Nothing is left to watch over."""
        self._process.communicate()

    def _tell(self, line: str) -> None:
        # Without it the house stands as well; it is only not swept should we be killed outright too.
        with contextlib.suppress(BrokenPipeError):
            print(line, file=self._process.stdin, flush=True)


@dataclass
class Child:
    """One process by its name for people, its command line, and how often it has died right after its start."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    keeper: Keeper | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    early_deaths: int = field(default=0)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  (our own programs, no word of a user's in the command line)
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            # Its own group: Ctrl-C reaches the parent alone, which then stops the children in order.
            process_group=0,
        )
        if self.keeper:
            self.keeper.watch(self.process.pid)

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def revive(self) -> bool:
        """Start it again; False once it has died too often right after its start."""
        died_early = time.monotonic() - self.started < TOO_SOON_SECONDS
        self.early_deaths = self.early_deaths + 1 if died_early else 0
        if self.early_deaths >= MOST_EARLY_DEATHS:
            return False
        self._sweep()
        self.start()
        return True

    def stop(self, patience: float) -> None:
        """Ask it to finish; after `patience` seconds make it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self._sweep()

    def _sweep(self) -> None:
        """End whatever is left of its group; a process that died may leave its own children working."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.keeper:
            self.keeper.forget(self.process.pid)
        self.process = None
