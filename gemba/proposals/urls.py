"""Addresses of proposals."""

from django.urls import path

from gemba.proposals.views import board, cards, lists, load, office, results, submit, units

app_name = "proposals"
urlpatterns = [
    path("", lists.index, name="list"),
    path("new/", submit.new, name="submit"),
    path("paper/", submit.paper, name="paper"),
    path("people/", submit.people, name="people"),
    path("places/", submit.places, name="places"),
    path("similar/", office.similar, name="similar"),
    path("assign/", office.assign, name="assign"),
    path("board/", board.columns, name="board"),
    path("statistics/", board.charts, name="statistics"),
    path("export/<slug:kind>/", board.export, name="export"),
    path("year/", results.year, name="year"),
    path("year/consent/", results.consent, name="consent"),
    path("rules/", office.rules, name="rules"),
    path("templates/", office.templates, name="templates"),
    path("templates/<int:template_id>/drop/", office.template_drop, name="template_drop"),
    path("filters/keep/", office.filter_keep, name="filter_keep"),
    path("filters/<int:filter_id>/drop/", office.filter_drop, name="filter_drop"),
    path("units/", units.index, name="units"),
    path("units/<int:unit_id>/poster/", units.poster, name="poster"),
    path("units/<int:unit_id>/blank/", units.blank, name="blank"),
    path("units/codes/<int:organisation_id>/issue/", units.codes, name="codes"),
    path("import/", load.choose, name="import"),
    path("import/sample/", load.sample, name="import_sample"),
    path("import/<int:pk>/", load.check, name="import_check"),
    path("import/<int:pk>/load/", load.load, name="import_load"),
    path("rewards/<int:reward_id>/certificate/", units.certificate, name="certificate"),
    path("replications/<int:pk>/", results.replication, name="replication"),
    path("<int:pk>/", cards.card, name="card"),
    path("<int:pk>/draft/", submit.draft, name="draft"),
    path("<int:pk>/photo/<int:photo_id>/", cards.photo, name="photo"),
    path("<int:pk>/sheet/", units.sheet, name="sheet"),
    path("<int:pk>/move/", board.shift, name="move"),
    path("<int:pk>/assign/", office.assign_one, name="assign_one"),
    path("<int:pk>/escalate/", office.escalate, name="escalate"),
    path("<int:pk>/comment/", office.comment, name="comment"),
    path("<int:pk>/effect/", results.effect, name="effect"),
    path("<int:pk>/effect/<int:effect_id>/verify/", results.effect_verify, name="effect_verify"),
    path("<int:pk>/reward/", results.reward, name="reward"),
    path("<int:pk>/replicate/", results.replicate, name="replicate"),
    path("<int:pk>/<slug:verb>/", cards.act, name="act"),
]
