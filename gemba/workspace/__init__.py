"""Home page, menu, search page: empty frames that higher modules fill."""
