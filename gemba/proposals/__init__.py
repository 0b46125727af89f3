"""Improvement proposals (предложения по улучшению, ППУ): submitted, decided, implemented, counted."""
