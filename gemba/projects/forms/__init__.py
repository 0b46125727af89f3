"""What was sent about projects."""
