"""Invented people and work: the demonstration and load data of any size, the same for the same seed."""
