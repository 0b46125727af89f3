"""What is invented: pure functions of a seed number, alike on every machine and database."""
