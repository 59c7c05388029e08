"""The progress line of a terminal: drawn in place, seldom enough, and gone at the end."""

import io
from typing import Any

import pytest

from chuangwei.web.office.management import progress
from chuangwei.web.office.management.progress import ProgressLine


class Screen:
    """A stream as Django wraps it, on a terminal or not."""

    def __init__(self, *, is_watched: bool) -> None:
        self.text = io.StringIO()
        self._is_watched = is_watched

    def isatty(self) -> bool:
        return self._is_watched

    def write(self, text: str, ending: str = "\n") -> None:
        self.text.write(text + ending)

    def flush(self) -> None:
        self.text.flush()


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_it_redraws_in_place_and_leaves_nothing(ticks: list[float]) -> None:
    screen = Screen(is_watched=True)
    with ProgressLine(screen) as line:
        line.show("读取『评分』", 1234567, 0)
        line.show("读取『评分』", 9999999, 0)
        ticks[0] = 1.0
        line.show("核对", 0, 0)
        ticks[0] = 2.0
        line.show("写入", 30, 60)
    shown = screen.text.getvalue().split("\r")
    assert shown[1] == "读取『评分』 1,234,567 行"
    assert shown[2].rstrip() == "核对"
    assert shown[3].rstrip() == "写入 [████████████············] 50%"
    assert shown[4].strip() == ""


@pytest.mark.parametrize("stream", [Screen(is_watched=False), io.BytesIO()])
def test_it_is_silent_where_nobody_watches(stream: Any) -> None:
    with ProgressLine(stream) as line:
        line.show("读取", 1, 0)
    assert not (stream.text if isinstance(stream, Screen) else stream).getvalue()
