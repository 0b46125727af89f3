"""Addresses of the plan, its rows, the journal and the readings."""

from django.urls import path

from gemba.plan.views import facts, head, journal, plan

app_name = "plan"
urlpatterns = [
    path("", plan.current, name="current"),
    path("export/", plan.export, name="export"),
    path("row/<str:code>/", plan.row, name="row"),
    path("row/<str:code>/enter/", facts.enter, name="enter"),
    path("row/<str:code>/allow/", facts.allow, name="allow"),
    path("allowance/<int:pk>/withdraw/", facts.withdraw, name="withdraw"),
    path("settings/", facts.settings, name="settings"),
    path("settings/row/<str:code>/", facts.reading, name="reading"),
    path("settings/executor/<str:code>/", facts.link, name="link"),
    path("head/", head.head, name="head"),
    path("charts/", head.charts, name="charts"),
    path("measures/", head.measures, name="measures"),
    path("measures/give/", head.give, name="give"),
    path("measures/<int:pk>/", head.measure, name="measure"),
    path("measures/<int:pk>/move/", head.move, name="move"),
    path("measures/<int:pk>/report/", head.report, name="report_measure"),
    path("measures/<int:pk>/return/", head.send_back, name="return_measure"),
    path("measures/<int:pk>/close/", head.close, name="close_measure"),
    path("journal/", journal.journal, name="journal"),
    path("journal/export/", journal.journal_export, name="journal_export"),
    path("journal/write/<str:kind>/", journal.write, name="write"),
    path("journal/<int:pk>/", journal.entry, name="entry"),
    path("journal/<int:pk>/change/", journal.change, name="change"),
    path("journal/<int:pk>/cancel/", journal.cancel, name="cancel"),
]
