"""What is there to see: the plan of a day with its facts, the records behind a number, the journal."""
