"""Reading `protocols/<review>.toml`: every mistake at once, each with file, line, key and remedy."""

from reviewkit.protocol.read import load_protocol, parse_protocol

__all__ = ["load_protocol", "parse_protocol"]
