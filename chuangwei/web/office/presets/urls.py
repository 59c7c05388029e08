"""Presets."""

from django.urls import path

from chuangwei.web.office.presets import views

urlpatterns = [
    path("presets/", views.preset_list, name="preset_list"),
    path("presets/upload/", views.preset_upload, name="preset_upload"),
    path("presets/bundled/<slug:slug>/", views.preset_bundled, name="preset_bundled"),
    path("presets/bundled/<slug:slug>/keep/", views.preset_keep, name="preset_keep"),
    path("presets/<slug:slug>/<int:number>/", views.preset_detail, name="preset_detail"),
    path("presets/<slug:slug>/<int:number>/text/", views.preset_text, name="preset_text"),
    path("presets/<slug:slug>/<int:number>/adopt/", views.preset_adopt, name="preset_adopt"),
]
