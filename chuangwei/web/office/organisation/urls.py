"""Pages of the organisation."""

from django.urls import path

from chuangwei.web.office.organisation import duties, gaps, persons, units

urlpatterns = [
    path("units/", units.unit_list, name="unit_list"),
    path("units/export/", units.unit_export, name="unit_export"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/new/do/", units.unit_create, name="unit_create"),
    path("units/<path:code>/step/<slug:move>/", units.unit_step, name="unit_step"),
    path("units/<path:code>/step/<slug:move>/do/", units.unit_move, name="unit_move"),
    path("units/<path:code>/", units.unit_detail, name="unit_detail"),
    path("persons/", persons.person_list, name="person_list"),
    path("persons/export/", persons.person_export, name="person_export"),
    path("persons/new/", persons.person_new, name="person_new"),
    path("persons/new/do/", persons.person_create, name="person_create"),
    path("persons/<path:code>/step/<slug:move>/", persons.person_step, name="person_step"),
    path("persons/<path:code>/step/<slug:move>/do/", persons.person_move, name="person_move"),
    path("persons/<path:code>/", persons.person_detail, name="person_detail"),
    path("duties/", duties.duty_list, name="duty_list"),
    path("duties/export/", duties.duty_export, name="duty_export"),
    path("duties/new/", duties.duty_new, name="duty_new"),
    path("duties/new/do/", duties.duty_begin, name="duty_begin"),
    path("duties/gaps/", gaps.duty_gaps, name="duty_gaps"),
    path("duties/gaps/export/", gaps.gap_export, name="gap_export"),
    path("duties/<int:key>/step/<slug:move>/", duties.duty_step, name="duty_step"),
    path("duties/<int:key>/step/<slug:move>/do/", duties.duty_move, name="duty_move"),
]
