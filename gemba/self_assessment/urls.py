"""Addresses of the self-assessment and its rating."""

from django.urls import path

from gemba.self_assessment.views import campaigns, checking, rating, sheets

app_name = "self_assessment"
urlpatterns = [
    path("", campaigns.index, name="index"),
    path("open/", campaigns.open_, name="open"),
    path("mine/", sheets.mine, name="mine"),
    path("coefficient/", campaigns.coefficient, name="coefficient"),
    path("<int:pk>/", campaigns.campaign, name="campaign"),
    path("<int:pk>/rating/", rating.rating, name="rating"),
    path("<int:pk>/criteria/", rating.heat, name="heat"),
    path("<int:pk>/movement/", rating.movement, name="movement"),
    path("<int:pk>/rules/", campaigns.rules, name="rules"),
    path("<int:pk>/fix/", campaigns.fix, name="fix"),
    path("<int:pk>/publish/", campaigns.publish, name="publish"),
    path("<int:pk>/remind/", campaigns.remind, name="remind"),
    path("<int:pk>/move/", campaigns.move, name="move"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/prove/", sheets.prove, name="prove"),
    path("sheets/<int:pk>/prove/<int:proof_id>/", sheets.proof_file, name="proof_file"),
    path("sheets/<int:pk>/prove/<int:proof_id>/drop/", sheets.drop_proof, name="drop_proof"),
    path("sheets/<int:pk>/scan/", sheets.scan, name="scan"),
    path("sheets/<int:pk>/print/", sheets.printed, name="print"),
    path("sheets/<int:pk>/hand-over/", sheets.hand_over, name="hand_over"),
    path("sheets/<int:pk>/take-back/", sheets.take_back, name="take_back"),
    path("sheets/<int:pk>/sign/", sheets.sign, name="sign"),
    path("sheets/<int:pk>/sign-paper/", sheets.sign_paper, name="sign_paper"),
    path("sheets/<int:pk>/check/", checking.check, name="check"),
    path("sheets/<int:pk>/give-back/", checking.give_back, name="give_back"),
    path("results/<int:pk>/", rating.result, name="result"),
]
