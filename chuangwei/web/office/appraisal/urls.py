"""Pages of appraisal. `key` is a series and, after an @, the area of its preset (addresses.py)."""

from django.urls import path

from chuangwei.web.office.appraisal import follow_ups, settlements, views

PERIOD = "appraisal/<str:key>/<str:slug>/"

urlpatterns = [
    path("follow-ups/", follow_ups.follow_up_list, name="follow_up_list"),
    path("follow-ups/export/", follow_ups.follow_up_export, name="follow_up_export"),
    path("follow-ups/<int:pk>/", follow_ups.follow_up_detail, name="follow_up_detail"),
    path("follow-ups/<int:pk>/hold/", follow_ups.follow_up_hold, name="follow_up_hold"),
    path("follow-ups/<int:pk>/withdraw/", follow_ups.follow_up_withdraw, name="follow_up_withdraw"),
    path("settlements/", settlements.settlement_list, name="settlement_list"),
    path("settlements/settle/", settlements.settlement_do, name="settlement_do"),
    path("settlements/<str:key>/<str:month>/", settlements.settlement_detail, name="settlement_detail"),
    path("settlements/<str:key>/<str:month>/approve/", settlements.settlement_approve, name="settlement_approve"),
    path("settlements/<str:key>/<str:month>/export/", settlements.settlement_export, name="settlement_export"),
    path("appraisal/", views.series_list, name="series_list"),
    path("appraisal/<str:key>/trend/", views.series_trend, name="series_trend"),
    path("appraisal/<str:key>/compute/", views.series_compute, name="series_compute"),
    path("appraisal/<str:key>/compute/do/", views.series_compute_do, name="series_compute_do"),
    path(PERIOD, views.period_detail, name="period_detail"),
    path(PERIOD + "step/<str:move>/", views.period_step, name="period_step"),
    path(PERIOD + "step/<str:move>/do/", views.period_move, name="period_move"),
    path(PERIOD + "of/<str:code>/", views.subject_detail, name="subject_detail"),
    path(PERIOD + "of/<str:code>/flag/", views.flag_detail, name="flag_detail"),
    path(PERIOD + "of/<str:code>/part/<str:part>/", views.part_detail, name="part_detail"),
]
