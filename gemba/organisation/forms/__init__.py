"""What was sent: forms that read and clean; none of them saves."""
