"""Background work and schedules without an extra server."""
