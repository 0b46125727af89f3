"""What is answered about projects."""
