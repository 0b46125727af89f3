"""Exchange of organisations and people as XLSX: layout, reading, checking; nothing here writes to the database."""
