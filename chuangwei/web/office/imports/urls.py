"""Pages of importing."""

from django.urls import path

from chuangwei.web.office.imports import views

urlpatterns = [
    path("imports/", views.import_list, name="import_list"),
    path("imports/upload/", views.import_upload, name="import_upload"),
    path("imports/<str:code>/", views.import_detail, name="import_detail"),
    path("imports/<str:code>/mistakes.xlsx", views.import_mistakes, name="import_mistakes"),
    path("imports/<str:code>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<str:code>/cancel/", views.import_cancel, name="import_cancel"),
]
