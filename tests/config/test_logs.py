"""One log of JSON lines: no personal data, kept for its days, nothing lost when it is moved away."""

import gzip
import json
import logging
import logging.config
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from chuangwei.config import logs

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def lines_of(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / logs.FILE).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def logger(tmp_path: Path):
    """A logger of its own that writes as the program's do."""
    described = logs.logging_of(tmp_path)["formatters"]["json"]
    handler = logging.handlers.WatchedFileHandler(tmp_path / logs.FILE, encoding="utf-8")
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=described["foreign_pre_chain"], processors=described["processors"]
    ))  # fmt: skip
    made = logging.getLogger("chuangwei.tried")
    made.addHandler(handler)
    made.setLevel(logging.INFO)
    yield made
    made.removeHandler(handler)
    handler.close()


def test_a_line_is_json_with_the_request_it_belongs_to(logger, tmp_path, frozen_clock) -> None:
    frozen_clock(NOON)
    with structlog.contextvars.bound_contextvars(event_id="AAAA-BBBB"):
        logger.info("导入 %s 行", 12, extra={"ms": 5})
    (line,) = lines_of(tmp_path)
    assert line.pop("process") > 0
    assert line == {
        "at": "2026-03-02T12:00:00.000+08:00", "level": "info", "logger": "chuangwei.tried", "event": "导入 12 行", "ms": 5,
        "event_id": "AAAA-BBBB",
    }  # fmt: skip


def test_a_traceback_is_part_of_its_line(logger, tmp_path) -> None:
    try:
        raise ValueError("电话 13812345678")
    except ValueError:
        logger.exception("没有办成")
    (line,) = lines_of(tmp_path)
    assert "ValueError: 电话 138****5678" in line["exception"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("身份证 110101199003071234", "身份证 110101********1234"),
        ("110101199003071 23X", "110101199003071 23X"),
        ("摘要 138123456789012", "摘要 138123456789012"),
        ("duplicate key\nDETAIL:  Key (name)=(张三) already exists.\nmore", "duplicate key\nDETAIL: …\nmore"),
    ],
)
def test_personal_data_is_masked_wherever_it_stands(written: str, kept: str) -> None:
    assert logs.masked(written) == kept


def test_the_log_is_moved_away_packed_and_at_last_forgotten(logger, tmp_path) -> None:
    logger.info("第一天")
    logs.rotate(tmp_path, at=NOON, days=2)
    logger.info("第二天")
    assert [line["event"] for line in lines_of(tmp_path)] == ["第二天"]
    # Run twice: nothing is written over.
    logs.rotate(tmp_path, at=NOON, days=2)
    logs.rotate(tmp_path, at=NOON + timedelta(days=1), days=2)
    with gzip.open(tmp_path / "chuangwei-20260301.log.gz", "rt", encoding="utf-8") as packed:
        assert json.loads(packed.readline())["event"] == "第一天"
    for day in range(2, 5):
        logger.info("又一天")
        logs.rotate(tmp_path, at=NOON + timedelta(days=day), days=2)
    assert sorted(file.name for file in tmp_path.glob("*.gz")) == ["chuangwei-20260304.log.gz"]
    assert (tmp_path / "chuangwei-20260305.log").exists()


def test_an_empty_log_is_left_alone(tmp_path) -> None:
    (tmp_path / logs.FILE).touch()
    assert logs.rotate(tmp_path, at=NOON, days=2) == "日志已归档，清理旧日志 0 个。"
    assert [file.name for file in tmp_path.iterdir()] == [logs.FILE]


def test_a_full_disk_puts_no_traceback_on_the_terminal() -> None:
    logs.logging_of(Path("/nowhere"))
    assert logging.raiseExceptions is False
