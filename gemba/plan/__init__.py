"""The plan of measures: targets as written, metrics registered by modules, facts that open into records."""
