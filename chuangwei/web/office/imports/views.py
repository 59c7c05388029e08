"""Handing in workbooks: upload, see what would change or what is wrong, confirm, result."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal.enums import Permission as Appraisal
from chuangwei.web.office.imports import actions, forms, mistakes, shown, uploads, work
from chuangwei.web.office.imports.enums import UNDER_WAY, ImportState
from chuangwei.web.office.imports.permissions import may_import, visible_jobs
from chuangwei.web.office.models import ImportJob
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.limits import limited
from chuangwei.web.shared.paging import listed, paged
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 10


@page
def import_list(request: OfficeRequest) -> HttpResponse:
    return _list_page(request)


def _list_page(request: OfficeRequest, *, errors: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    require_or_404(may_import(request.actor))
    jobs = paged(visible_jobs(request.actor), request, order=("-pk",), size=SHOWN)
    return render_page(
        request, "office/imports/import_list.html",
        status=status,
        errors=errors,
        most_files=uploads.MOST_FILES,
        books=shown.books(),
        page=shown.listed_jobs(jobs),
    )  # fmt: skip


@limited("imports")
@command
def import_upload(request: OfficeRequest) -> HttpResponse:
    require_or_404(may_import(request.actor))
    files = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
    try:
        job = work.hand_in(uploads=forms.kept_files(files), by=request.actor, at=clock.now())
    except DomainError as refusal:
        return _list_page(request, errors=(refusal.message,), status=UNPROCESSABLE)
    return redirect("office:import_detail", job.code)


@page
def import_detail(request: OfficeRequest, code: str) -> HttpResponse:
    job = _job(request, code)
    return render_page(
        request, "office/imports/import_detail.html",
        part="work",
        job=job,
        names=shown.names(job),
        address=reverse("office:import_detail", args=[code]),
        trail=[Crumb("导入", reverse("office:import_list")), Crumb(job.code)],
        is_under_way=job.state in UNDER_WAY,
        way=shown.way(job),
        body=shown.BODIES[ImportState(job.state)],
        **_told(request, job),
    )  # fmt: skip


def _told(request: OfficeRequest, job: ImportJob) -> dict[str, Any]:
    """What the body of this state needs."""
    code = job.code
    if job.state in UNDER_WAY:
        return {"progress": shown.progress(job), "is_slow": shown.is_slow(job, clock.now())}
    if job.state == ImportState.REFUSED:
        found = mistakes.of(job, request.GET.get("sheet", ""))
        return {
            "total": found.total,
            "sheets": found.sheets,
            "has_files": len({one["file"] for one in job.outcome["mistakes"]}) > 1,
            "page": listed(found.rows, request),
            "notices": job.outcome.get("notices", []),
            "download_address": reverse("office:import_mistakes", args=[code]),
        }
    if job.state in (ImportState.CHECKED, ImportState.DONE):
        return shown.preview(job) | {
            "confirm_address": reverse("office:import_confirm", args=[code]),
            "cancel_address": reverse("office:import_cancel", args=[code]),
            "may_appraise": request.actor.may(Appraisal.VIEW),
        }
    return {"is_failed": job.state == ImportState.FAILED}


@page
def import_mistakes(request: OfficeRequest, code: str) -> FileResponse:
    """Every mistake of a refused import as a workbook, to be mended beside the original."""
    job = _job(request, code)
    if job.state != ImportState.REFUSED:
        raise Http404
    return FileResponse(
        mistakes.workbook(job), as_attachment=True, filename=f"导入错误-{job.code}.xlsx", content_type=XLSX
    )


@command
def import_confirm(request: OfficeRequest, code: str) -> HttpResponse:
    work.confirm(job=_job(request, code), by=request.actor, at=clock.now())
    return redirect("office:import_detail", code)


@command
def import_cancel(request: OfficeRequest, code: str) -> HttpResponse:
    actions.cancel(job=_job(request, code), by=request.actor, at=clock.now())
    messages.success(request, "已放弃，没有改动任何数据。")
    return redirect("office:import_list")


def _job(request: OfficeRequest, code: str) -> ImportJob:
    job: ImportJob = get_or_404(visible_jobs(request.actor), code=code)
    return job
