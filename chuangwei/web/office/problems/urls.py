"""Pages of the ledger. Numbers of problems may hold slashes, so what has a fixed name comes first."""

from django.urls import path

from chuangwei.web.office.problems import record, views

urlpatterns = [
    path("problems/", views.problem_list, name="problem_list"),
    path("problems/export/", views.problem_export, name="problem_export"),
    path("problems/dispatch/", views.problem_dispatch_many, name="problem_dispatch_many"),
    path("problems/close/", views.problem_close_many, name="problem_close_many"),
    path("problems/mine/", views.problem_mine, name="problem_mine"),
    path("problems/new/", views.problem_new, name="problem_new"),
    path("problems/report/", views.problem_report, name="problem_report"),
    path("problems/<path:code>/deadline/", record.problem_deadline, name="problem_deadline"),
    path("problems/<path:code>/do/<slug:step>/", record.problem_step, name="problem_step"),
    path("problems/<path:code>/", record.problem_detail, name="problem_detail"),
]
