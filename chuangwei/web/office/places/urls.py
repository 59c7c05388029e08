"""Pages of areas and sites."""

from django.urls import path

from chuangwei.web.office.places import areas, sites

urlpatterns = [
    path("areas/", areas.area_list, name="area_list"),
    path("areas/export/", areas.area_export, name="area_export"),
    path("areas/<path:code>/below/", areas.area_below, name="area_below"),
    path("areas/<path:code>/step/<slug:move>/", areas.area_step, name="area_step"),
    path("areas/<path:code>/step/<slug:move>/do/", areas.area_move, name="area_move"),
    path("areas/<path:code>/", areas.area_detail, name="area_detail"),
    path("sites/", sites.site_list, name="site_list"),
    path("sites/export/", sites.site_export, name="site_export"),
    path("sites/new/", sites.site_new, name="site_new"),
    path("sites/new/do/", sites.site_create, name="site_create"),
    path("sites/<path:code>/step/<slug:move>/", sites.site_step, name="site_step"),
    path("sites/<path:code>/step/<slug:move>/do/", sites.site_move, name="site_move"),
    path("sites/<path:code>/", sites.site_detail, name="site_detail"),
]
