"""Addresses of proposals."""

from django.urls import path

from gemba.proposals.views import cards, lists, submit

app_name = "proposals"
urlpatterns = [
    path("", lists.index, name="list"),
    path("new/", submit.new, name="submit"),
    path("paper/", submit.paper, name="paper"),
    path("people/", submit.people, name="people"),
    path("<int:pk>/", cards.card, name="card"),
    path("<int:pk>/draft/", submit.draft, name="draft"),
    path("<int:pk>/photo/<int:photo_id>/", cards.photo, name="photo"),
    path("<int:pk>/<slug:verb>/", cards.act, name="act"),
]
