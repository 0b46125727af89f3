"""Search in Russian word forms, the same results on SQLite (FTS5) and PostgreSQL (tsvector)."""
