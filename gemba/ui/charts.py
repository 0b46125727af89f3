"""Geometry of the charts: pure numbers in, percent out."""
