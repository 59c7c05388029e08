"""The processes `chuangwei serve` keeps alive: started together, stopped together, none left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
# A child that dies sooner than this after its start is not worth starting again and again.
TOO_SOON_SECONDS = 10.0
MOST_EARLY_DEATHS = 3


def die_with_parent() -> Callable[[], None] | None:
    """Runs in the child: have the kernel end it when the parent is killed outright. Linux only; elsewhere None."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process by its name for people, its command line, and how often it has died right after its start."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
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
            preexec_fn=die_with_parent(),  # noqa: PLW1509  (set before any thread of ours exists)
        )

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def revive(self) -> bool:
        """Start it again; False once it has died too often right after its start."""
        died_early = time.monotonic() - self.started < TOO_SOON_SECONDS
        self.early_deaths = self.early_deaths + 1 if died_early else 0
        if self.early_deaths >= MOST_EARLY_DEATHS:
            return False
        self.start()
        return True

    def stop(self, patience: float) -> None:
        """Ask it to finish; after `patience` seconds make it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
