"""Lean and client-centric projects: passport, ten stages with gates by evidence, effect, portfolio (R-139…R-174)."""
