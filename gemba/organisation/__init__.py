"""Municipality, organisations, units, people, positions, bodies, roles and sign-in."""
