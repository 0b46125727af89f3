"""Addresses of the regulation."""

from django.urls import path

from gemba.regulations import views

app_name = "regulations"

urlpatterns = [
    path("", views.current, name="current"),
    path("load/", views.load, name="load"),
    path("calendar/<int:year>/", views.calendar, name="calendar"),
    path(
        "calendar/<int:year>/<int:month>/<int:day>/clear/",
        views.clear_calendar_day,
        name="clear_calendar_day",
    ),
    path("<slug:code>/", views.edition, name="edition"),
    path("<slug:code>/text/<slug:document>/", views.text, name="text"),
    path("<slug:code>/rules/<slug:kind>/", views.rules, name="rules"),
    path("<slug:code>/clause/<path:ref>/", views.clause, name="clause"),
    path("<slug:code>/findings/", views.findings, name="findings"),
    path("<slug:code>/interpretations/", views.interpretations, name="interpretations"),
    path("<slug:code>/glossary/", views.glossary, name="glossary"),
    path("<slug:code>/search/", views.search, name="search"),
    path("<slug:code>/compare/<slug:other>/", views.compare, name="compare"),
    path("<slug:code>/source/", views.source, name="source"),
]
