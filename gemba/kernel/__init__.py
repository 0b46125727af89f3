"""Pure Python below everything: working days, periods, numbers, words, problems. No Django."""
