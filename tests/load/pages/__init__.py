"""Pages to measure, a file for each module."""
