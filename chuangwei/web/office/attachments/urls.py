"""Photos."""

from django.urls import path

from chuangwei.web.office.attachments import views

urlpatterns = [path("photos/<slug:digest>/<slug:size>/", views.photo, name="photo")]
