"""Readings of personal data."""

from django.urls import path

from chuangwei.web.office.personal import views

urlpatterns = [
    path("personal/look-up/", views.person_look_up, name="person_look_up"),
    path("personal/look-up/find/", views.person_find, name="person_find"),
    path("personal/reveal/<path:code>/", views.person_reveal, name="person_reveal"),
]
