"""Addresses of the frame alone: its tests need no other module."""

from django.urls import include, path

urlpatterns = [path("ui/", include("gemba.ui.urls"))]
