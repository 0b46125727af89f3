"""The page frame, components, guards and the HTMX helper; nothing here knows the domain."""
