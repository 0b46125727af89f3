"""Гемба: lean management for municipalities, with the regulation as data."""
