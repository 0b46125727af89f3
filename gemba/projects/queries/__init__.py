"""What there is to see of projects."""
