"""Addresses of the record of acts."""

from django.urls import path

from gemba.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.acts, name="acts"),
    path("export/", views.export, name="export"),
]
