"""One module a database, and the one polite way of talking to servers."""
