"""What the regulation says about projects: statuses, stages and their days, the passport. Pure."""
