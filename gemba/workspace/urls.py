"""Addresses of the home page, the search and the calendar of terms."""

from django.urls import path

from gemba.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("deadlines/", views.calendar, name="calendar"),
]
