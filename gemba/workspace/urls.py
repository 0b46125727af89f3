"""Addresses of the home page, the search and the calendar of terms."""

from django.urls import path

from gemba.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("deadlines/", views.calendar, name="calendar"),
    path("deadlines/export/", views.export, name="export"),
    path("deadlines/subscription/", views.subscription, name="subscription"),
    path("deadlines/subscription/renew/", views.renew_feed, name="renew_feed"),
    path("deadlines/subscription/revoke/", views.revoke_feed, name="revoke_feed"),
    path("deadlines/feed/<str:token>.ics", views.feed, name="feed"),
]
