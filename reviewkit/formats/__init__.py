"""Bytes in, citations out, and back: one module a file format."""
