"""Every address of the office."""

from django.urls import include, path

from chuangwei.web.office import views

urlpatterns = [
    path("", views.front, name="front"),
    path("api/", include(("chuangwei.web.office.api", "api"), namespace="api")),
    path("", include("chuangwei.web.office.dashboard.urls")),
    path("", include("chuangwei.web.office.messages.urls")),
    path("", include("chuangwei.web.office.appraisal.urls")),
    path("", include("chuangwei.web.office.attachments.urls")),
    path("", include("chuangwei.web.office.inspections.urls")),
    path("", include("chuangwei.web.office.problems.urls")),
    path("", include("chuangwei.web.office.places.urls")),
    path("", include("chuangwei.web.office.organisation.urls")),
    path("", include("chuangwei.web.office.standards.urls")),
    path("", include("chuangwei.web.office.documents.urls")),
    path("", include("chuangwei.web.office.presets.urls")),
    path("", include("chuangwei.web.office.imports.urls")),
    path("", include("chuangwei.web.office.personal.urls")),
    path("", include("chuangwei.web.office.audit.urls")),
    path("", include("chuangwei.web.office.accounts.urls")),
]
