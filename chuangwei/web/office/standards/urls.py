"""The library of standards."""

from django.urls import path

from chuangwei.web.office.standards import views

urlpatterns = [
    path("standards/", views.edition_list, name="edition_list"),
    path("standards/obsolete/", views.obsolete_list, name="obsolete_list"),
    path("standards/indicators/", views.indicator_list, name="indicator_list"),
    path("standards/indicators/export/", views.indicator_export, name="indicator_export"),
    path("standards/categories/", views.category_list, name="category_list"),
    path("standards/categories/export/", views.category_export, name="category_export"),
    path("standards/categories/<str:code>/", views.category_detail, name="category_detail"),
    path("standards/checklists/", views.checklist_list, name="checklist_list"),
    path("standards/checklists/<str:code>/<int:version>/", views.checklist_detail, name="checklist_detail"),
    path("standards/items/<str:code>/", views.item_detail, name="item_detail"),
    path("standards/editions/<str:code>/", views.edition_detail, name="edition_detail"),
    path("standards/editions/<str:code>/export/", views.edition_export, name="edition_export"),
]
