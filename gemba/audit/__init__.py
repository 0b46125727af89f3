"""The record of acts: who did what, when, before and after. Knows actors only by number and name."""
