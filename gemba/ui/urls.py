"""Addresses of the frame itself."""

from django.urls import path

from gemba.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("draft/", views.draft, name="draft"),
    path("health/", views.health, name="health"),
]
