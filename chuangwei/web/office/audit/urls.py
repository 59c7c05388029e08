"""Pages of the audit chain."""

from django.urls import path

from chuangwei.web.office.audit import views

urlpatterns = [
    path("audit/", views.audit_event_list, name="audit_event_list"),
    path("audit/export/", views.audit_export, name="audit_export"),
    path("audit/readings/", views.reading_list, name="reading_list"),
    path("audit/readings/export/", views.reading_export, name="reading_export"),
    path("audit/roots/", views.root_list, name="root_list"),
    path("audit/roots/<str:day>/", views.root_detail, name="root_detail"),
    path("audit/<int:seq>/", views.audit_event_detail, name="audit_event_detail"),
    path("my/readings/", views.my_readings, name="my_readings"),
]
