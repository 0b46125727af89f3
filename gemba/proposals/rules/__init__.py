"""What the rules of improvement proposals say: states, terms, likeness, effects, points. Pure functions."""
