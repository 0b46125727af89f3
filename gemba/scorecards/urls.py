"""Addresses of sheets and of the register of the trained."""

from django.urls import path

from gemba.scorecards.views import sheets, trained

app_name = "scorecards"
urlpatterns = [
    path("", sheets.index, name="list"),
    path("new/", sheets.new, name="new"),
    path("trained/", trained.index, name="trained"),
    path("trained/new/", trained.new, name="trained_new"),
    path("trained/load/", trained.load, name="trained_load"),
    path("trained/sample/", trained.sample, name="trained_sample"),
    path("trained/<int:pk>/cancel/", trained.cancel, name="trained_cancel"),
    path("<int:pk>/", sheets.sheet, name="sheet"),
    path("<int:pk>/points/", sheets.points, name="points"),
    path("<int:pk>/prove/", sheets.prove, name="prove"),
    path("<int:pk>/prove/<int:proof_id>/", sheets.proof_file, name="proof_file"),
    path("<int:pk>/prove/<int:proof_id>/drop/", sheets.drop_proof, name="drop_proof"),
    path("<int:pk>/agree/", sheets.agree, name="agree"),
    path("<int:pk>/give-back/", sheets.give_back, name="give_back"),
    path("<int:pk>/settle/", sheets.settle, name="settle"),
    path("<int:pk>/renew/", sheets.renew, name="renew"),
    path("<int:pk>/compare/", sheets.compare, name="compare"),
    path("<int:pk>/print/", sheets.printed, name="print"),
]
