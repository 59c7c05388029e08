"""What is refused at the edge, on both engines, and what every answer carries."""

import io
import zipfile
from typing import Any

import pytest
from django.conf import settings as live
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chuangwei.core.models import Attachment
from chuangwei.web.office.models import ImportJob
from tests.factories import organisation

pytestmark = pytest.mark.django_db
UPLOAD = "/imports/upload/"
NUL = ["%00", "a%00b"]


@pytest.fixture
def office() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(organisation.account("li", roles=["office"]))
    return client


@pytest.mark.parametrize("nul", NUL)
@pytest.mark.parametrize(
    "address",
    [
        "/problems/{}/", "/visits/{}/", "/imports/{}/", "/account/of/{}/", "/appraisal/{}/", "/appraisal/weekly/{}/",
        "/appraisal/?series={}", "/duties/?q={}", "/appraisal/?{}=1", "/account/login/?next=/{}", "/{}",
    ],
)  # fmt: skip
def test_nul_in_an_address_is_never_our_fault(office, address, nul):
    answer = office.get(address.format(nul))
    assert answer.status_code in (400, 404)
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/account/login/", {"login": "a\0b", "password": "x"}),
        ("/account/login/", {"login": "a", "password": "x\0"}),
        ("/account/password/", {"oldpassword": "\0", "password1": "\0", "password2": "\0"}),
        ("/account/of/li/help/", {"do": "end", "note": "\0"}),
        ("/imports/upload/", {"a\0": "1"}),
    ],
)
def test_nul_in_a_form_is_never_our_fault(office, address, form):
    assert office.post(address, form).status_code == 400


@pytest.mark.parametrize("key", ["sessionid", "csrftoken", "messages", "anything"])
def test_nul_in_a_cookie_is_never_our_fault(key):
    client = Client(raise_request_exception=False)
    answer = client.get("/appraisal/", headers={"cookie": rf'{key}="aaaaaaaaaaaa\000bbbbbbbbbbbbbbbbbbbb"'})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "tail",
    [
        "%ED%A0%80", "%FF", "%C3%28", "%F0%9F%98%80", "'%22;--", "%25", "..%2f..", "%E2%80%AE", "%0a%0d", "x" * 3000,
        "%F4%90%80%80", "99999999999999999999999",
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/problems/{}/", "/visits/{}/", "/appraisal/?after={}", "/account/of/{}/"])
def test_other_rubbish_is_answered_calmly(office, address, tail):
    assert office.get(address.format(tail)).status_code in (200, 400, 404)


@pytest.mark.parametrize("number", [2**63, 2**64, 10**30])
def test_a_number_no_database_holds_names_nothing(office, number):
    assert office.get(f"/account/security/keys/{number}/name/").status_code == 404
    assert office.post(f"/account/security/identity/{number}/unlink/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "length", "status"),
    [
        ("multipart/form-data; boundary=x", live.LARGEST_REQUEST + 1, 413),
        ("application/x-www-form-urlencoded", live.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, 413),
        ("application/json", live.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, 413),
        ("application/json", 10**12, 413),
    ],
)
def test_too_much_is_refused_before_a_byte_is_read(office, kind, length, status):
    class Unread(io.BytesIO):
        def read(self, *_size: Any) -> bytes:
            raise AssertionError("the body was read")

    for address in (UPLOAD, "/account/login/", "/nothing/"):
        answer = office.generic(
            "POST", address, content_type=kind, CONTENT_LENGTH=str(length), **{"wsgi.input": Unread()}
        )
        assert (answer.status_code, "传得太多了" in answer.content.decode()) == (status, True)


@pytest.mark.parametrize("length", ["", "-1", "abc", "²"])
def test_a_length_nobody_can_read_is_no_fault_of_ours(office, length):
    assert office.generic("POST", "/account/login/", CONTENT_LENGTH=length).status_code in (302, 400, 413, 422, 200)


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name.replace("__", "/"), body)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("台账.xlsx", b"hello"),
        ("台账.xlsx", b""),
        ("台账.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 64),
        ("台账.exe", b"MZ" + b"0" * 64),
        ("bomb.xlsx", archive(**{"xl__workbook.xml": b"0" * 250_000_000})),
        ("macro.xlsx", archive(**{"xl__workbook.xml": b"<workbook/>", "xl__vbaProject.bin": b"x"})),
        ("a.xlsx", archive(**{"readme.txt": b"x"})),
        ("<script>.xlsx", b"<script>alert(1)</script>"),
    ],
    ids=["text", "empty", "picture", "program", "bomb", "macros", "other archive", "script"],
)
def test_a_file_that_is_no_workbook_imports_nothing(office, name, body):
    answer = office.post(UPLOAD, {"files": SimpleUploadedFile(name, body)})
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        job = ImportJob.objects.get()
        assert job.state in ("refused", "failed"), job.message
        page = office.get(answer["Location"]).content.decode()
        assert "<script>alert" not in page
        assert "没有导入" in page or "未导入" in page or "错误" in page
    assert Attachment.objects.count() == 0


def test_every_answer_says_what_a_page_may_use_of_the_device(office):
    for address in ("/account/login/", "/nothing/", "/appraisal/", "/%00"):
        assert "microphone=()" in office.get(address)["Permissions-Policy"]
