"""The desk."""

from django.urls import path

from chuangwei.web.office.dashboard import views

urlpatterns = [path("desk/", views.desk, name="desk")]
