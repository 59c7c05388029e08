"""Pages of papers."""

from django.urls import path

from chuangwei.web.office.documents import counting, views, writing

PAPER = "documents/<str:code>/"

urlpatterns = [
    path("documents/", views.paper_list, name="paper_list"),
    path("documents/export/", views.paper_export, name="paper_export"),
    path("documents/new/", writing.paper_new, name="paper_new"),
    path("documents/new/do/", writing.paper_draft, name="paper_draft"),
    path("documents/receipts/<int:pk>/do/", views.delivery_receive, name="delivery_receive"),
    path(PAPER, views.paper_detail, name="paper_detail"),
    path(PAPER + "file/<str:edition>/<str:form>/", views.paper_file, name="paper_file"),
    path(PAPER + "figures/<int:version>/<str:edition>/<int:place>/", counting.paper_figure, name="paper_figure"),
    path(PAPER + "edit/", writing.paper_edit, name="paper_edit"),
    path(PAPER + "edit/do/", writing.paper_redraft, name="paper_redraft"),
    path(PAPER + "issue/", writing.paper_units, name="paper_units"),
    path(PAPER + "issue/do/", writing.paper_issue, name="paper_issue"),
    path(PAPER + "step/<str:move>/", writing.paper_step, name="paper_step"),
    path(PAPER + "step/<str:move>/do/", writing.paper_move, name="paper_move"),
]
