"""What a file is, told from its first bytes and never from its name."""


def detect(head: bytes) -> str:
    """Return the key in FORMATS of the format that the first ~64 KiB of a file show, or ''."""
    raise NotImplementedError


def describe(head: bytes) -> str:
    """Say in words what a file looks like, for messages: "an HTML page", "a PDF document", "an empty file"."""
    raise NotImplementedError
