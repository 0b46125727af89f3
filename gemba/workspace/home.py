"""What the home page shows of the modules below."""


def register() -> None:
    """Enter the panels."""
