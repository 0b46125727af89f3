"""How quick the pages are as data grow: `make bench`."""
