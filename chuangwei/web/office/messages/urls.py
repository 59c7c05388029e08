"""Messages to the one who is signed in."""

from django.urls import path

from chuangwei.web.office.messages import views

urlpatterns = [
    path("messages/", views.message_list, name="message_list"),
    path("messages/read/", views.message_read_all, name="message_read_all"),
    path("messages/<int:pk>/open/", views.message_open, name="message_open"),
]
