"""Pages of inspections."""

from django.urls import path

from chuangwei.web.office.inspections import correcting, draws, rounds, sheets, views

ROUND, SHEET = "rounds/<path:code>", "sheets/<path:code>/at/<path:site>"

urlpatterns = [
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/export/", rounds.round_export, name="round_export"),
    path("rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/make/", rounds.round_make, name="round_make"),
    path(f"{ROUND}/edit/", rounds.round_edit, name="round_edit"),
    path(f"{ROUND}/change/", rounds.round_change, name="round_change"),
    path(f"{ROUND}/release/", rounds.round_release_ask, name="round_release_ask"),
    path(f"{ROUND}/release/do/", rounds.round_release, name="round_release"),
    path(f"{ROUND}/", rounds.round_detail, name="round_detail"),
    path("sheets/", sheets.sheet_list, name="sheet_list"),
    path(f"{SHEET}/save/", sheets.sheet_save, name="sheet_save"),
    path(f"{SHEET}/hand-in/", sheets.sheet_hand_in, name="sheet_hand_in"),
    path(f"{SHEET}/discard/", sheets.sheet_discard, name="sheet_discard"),
    path(f"{SHEET}/", sheets.sheet_form, name="sheet_form"),
    path("sheets/<path:code>/", sheets.sheet_sites, name="sheet_sites"),
    path("visits/", views.visit_list, name="visit_list"),
    path("visits/export/", views.visit_export, name="visit_export"),
    path("visits/<path:code>/correct/", correcting.visit_correct_form, name="visit_correct_form"),
    path("visits/<path:code>/correct/do/", correcting.visit_correct, name="visit_correct"),
    path("visits/<path:code>/", views.visit_detail, name="visit_detail"),
    path("draws/", draws.draw_list, name="draw_list"),
    path("draws/export/", draws.draw_export, name="draw_export"),
    path("draws/verifier.py", draws.draw_verifier, name="draw_verifier"),
    path("draws/freeze/", draws.draw_freeze, name="draw_freeze"),
    path("draws/new/", draws.draw_new, name="draw_new"),
    path("draws/<int:key>/", draws.draw_detail, name="draw_detail"),
    path("draws/<int:key>/result.json", draws.draw_result, name="draw_result"),
    path("draws/<int:key>/record.json", draws.draw_record, name="draw_record"),
    path("draws/<int:key>/candidates.txt", draws.draw_candidates, name="draw_candidates"),
    path("draws/<int:key>/<slug:step>/", draws.draw_step, name="draw_step"),
]
