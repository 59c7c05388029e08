"""Every address of the installation. Each audience keeps its own list; one that is not installed has no addresses."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from chuangwei.web.shared import health

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", health.healthz, name="healthz")]
if find_spec("chuangwei.web.office.urls"):
    urlpatterns += [
        path("account/", include("chuangwei.web.office.account.urls")),
        path("", include(("chuangwei.web.office.urls", "office"), namespace="office")),
    ]

handler400 = "chuangwei.web.shared.errors.bad_request"
handler403 = "chuangwei.web.shared.errors.forbidden"
handler429 = "chuangwei.web.shared.limits.too_many"
handler404 = "chuangwei.web.shared.errors.not_found"
handler500 = "chuangwei.web.shared.errors.server_error"
