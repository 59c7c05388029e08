"""`chuangwei document`: any kind, as a file."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chuangwei.core.errors import DomainError, NotFound
from tests.domain.documents.conftest import with_fonts
from tests.domain.documents.office import Office, found_office

__all__ = ["with_fonts"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_fonts")]


@pytest.fixture
def papers(db: None) -> Office:
    return found_office()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("document", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.parametrize(("form", "begin"), [("docx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype html>")])
def test_a_kind_as_a_file(papers: Office, tmp_path: Path, form: str, begin: bytes) -> None:
    file = tmp_path / f"b.{form}"
    said = run("weekly-bulletin", "weekly", "2023-W39", "--out", str(file))
    assert said == f"关于2023年第39周社区周评比情况的通报（内部版，草稿）写在 {file}。\n"
    assert file.read_bytes().startswith(begin)


def test_words_may_be_named(papers: Office, tmp_path: Path) -> None:
    file = tmp_path / "b.html"
    run("weekly-bulletin", "period=2023-W39", "weekly", "--edition", "public", "--out", str(file))
    assert "约谈" not in file.read_text(encoding="utf-8")


def test_without_a_kind_it_lists_them(papers: Office) -> None:
    assert [line.split()[0] for line in run().splitlines()] == [
        "种类", "flag-certificate", "rectification-notice", "roster", "weekly-bulletin",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["weekly-bulletin", "weekly", "2023-W39"], CommandError),
        (["weekly-bulletin", "weekly", "2023-W39", "--out", "b.txt"], CommandError),
        (["roster", "6201", "zu", "viel", "--out", "b.pdf"], CommandError),
        (["nothing", "--out", "b.pdf"], DomainError),
        (["weekly-bulletin", "weekly", "2023-W01", "--out", "b.pdf"], NotFound),
        (["weekly-bulletin", "weekly", "2023-W39", "--out", "/nowhere/b.html"], DomainError),
    ],
)
def test_refusals(papers: Office, arguments: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        run(*arguments)
