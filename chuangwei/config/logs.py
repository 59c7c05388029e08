"""One log: lines of JSON, each with the request it belongs to, none with anybody's phone number.

Every process appends to the same file and reopens it when it was moved away; `chuangwei tick` moves it away once a day
(several processes that rotate by themselves lose lines).
"""

import gzip
import logging
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from chuangwei.core import clock

FILE = "chuangwei.log"
OLD = re.compile(r"chuangwei-(\d{8})\.log\.gz")
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
# PostgreSQL tells the values of the row that it refuses.
VALUES = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def logging_of(folder: Path) -> dict[str, Any]:
    """Django's LOGGING. Where the disk is full, a line that cannot be kept must not become a traceback on a terminal."""
    logging.raiseExceptions = False
    steps = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.CallsiteParameterAdder([structlog.processors.CallsiteParameter.PROCESS]),
        moment,
    ]
    last = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        without_personal_data,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]
    json_lines = {"()": structlog.stdlib.ProcessorFormatter, "foreign_pre_chain": steps, "processors": last}
    file = {
        "class": "logging.handlers.WatchedFileHandler", "filename": folder / FILE, "encoding": "utf-8", "delay": True,
        "formatter": "json",
    }  # fmt: skip
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": json_lines},
        "handlers": {"file": file},
        "root": {"handlers": ["file"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # A refusal is a line of its request; only what broke is worth a second one.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            # It would write English lines to the terminal of whoever runs the service.
            "django-q": {"handlers": ["file"], "level": "WARNING", "propagate": False},
            "fontTools": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


def moment(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The time of the people who read it."""
    event["at"] = clock.local(clock.now()).isoformat(timespec="milliseconds")
    return event


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Phone and identity numbers masked wherever they stand, and without the rows a database quotes."""
    return {name: masked(value) if isinstance(value, str) else value for name, value in event.items()}


def masked(text: str) -> str:
    """138****0000, as everywhere else."""
    return VALUES.sub(r"\1: …", IDENTITY.sub(r"\1********\2", PHONE.sub(r"\1****\2", text)))


def rotate(folder: Path, *, at: datetime, days: int) -> str:
    """Put what was written so far away under yesterday's day; pack what was put away before; forget what is too old."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    today = clock.local_day(at)
    # Put away a day ago: whoever still had it open has long written on in the new one.
    for waiting in sorted(folder.glob("chuangwei-*.log")):
        _pack(waiting)
    current, away = folder / FILE, folder / f"chuangwei-{today - timedelta(days=1):%Y%m%d}.log"
    if current.exists() and current.stat().st_size and not away.with_name(f"{away.name}.gz").exists():
        current.rename(away)
    oldest = f"{today - timedelta(days=days):%Y%m%d}"
    gone = [file for file in folder.iterdir() if (match := OLD.fullmatch(file.name)) and match[1] < oldest]
    for file in gone:
        file.unlink()
    return f"日志已归档，清理旧日志 {len(gone)} 个。"


def _pack(file: Path) -> None:
    with file.open("rb") as source, gzip.open(f"{file}.gz", "wb") as packed:
        shutil.copyfileobj(source, packed)
    file.unlink()
