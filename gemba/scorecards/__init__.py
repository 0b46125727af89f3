"""Criteria and points: any scoring procedure an act can contain, computed exactly and explained."""
