"""Pages of accounts and of the roles they are given. Fixed words first: nobody's account is called so."""

from django.urls import path

from chuangwei.web.office.accounts import commands, roles, views

ONE = "accounts/of/<str:code>/"

urlpatterns = [
    path("accounts/", views.account_list, name="account_list"),
    path("accounts/export/", commands.account_export, name="account_export"),
    path("accounts/new/", views.account_new, name="account_new"),
    path("accounts/new/do/", commands.account_create, name="account_create"),
    path("accounts/sight/", views.draft_sight, name="account_draft_sight"),
    path("accounts/roles/", roles.role_list, name="role_list"),
    path(ONE, views.account_detail, name="account_detail"),
    path(ONE + "rights/", views.account_rights, name="account_rights"),
    path(ONE + "rights/do/", commands.account_set_rights, name="account_set_rights"),
    path(ONE + "sight/", views.account_sight, name="account_sight"),
    path(ONE + "switch/", commands.account_switch, name="account_switch"),
    path(ONE + "password/", commands.account_password, name="account_password"),
    path(ONE + "second-factor/", commands.account_reset_factor, name="account_reset_factor"),
]
