"""The method, a module a step. Steps take stores, protocols and plain arguments; they print and ask nothing."""
