"""Everything that `reviewkit export` writes, one module a kind of file."""
