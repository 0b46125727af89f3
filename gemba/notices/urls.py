"""Addresses of the notices."""

from django.urls import path

from gemba.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("<int:pk>/open/", views.open_notice, name="open"),
    path("<int:pk>/read/", views.read, name="read"),
    path("read/", views.read_all, name="read_all"),
    path("unread/<str:moment>/", views.unread, name="unread"),
    path("settings/", views.wishes, name="wishes"),
    path("settings/hour/", views.set_hour, name="set_hour"),
]
