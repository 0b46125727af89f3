"""What is answered: the plan, a row, the journal, the readings."""
