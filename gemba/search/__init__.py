"""Search in Russian word forms, the same results on SQLite (FTS5) and PostgreSQL (GIN).

A model keeps the stems of its text in a `WordsField`; its action fills it with `kernel.words.normalise`. The index
beside the table is made and kept by this module after every `migrate`; `search.queries.matching` asks it.
"""
