"""Acts and their editions as data: packs, clauses, linter, glossary, deadlines, working-day calendar."""
