"""Line-by-line strategies: #1, #2, #1 AND #2, as search appendices print them, and the one query they make."""


def one_query(text: str) -> str:
    """Return the one query that a strategy makes; line ends and runs of blanks become single blanks."""
    return " ".join(text.split())
