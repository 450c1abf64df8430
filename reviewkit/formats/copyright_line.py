"""The sentence of a publisher's rights that databases, Scopus above all, give where a publication has no abstract."""

import re

LONGEST = 300  # characters; a text that is longer says more than whose rights are reserved
# "© 2021 The Authors.", "Copyright © 2019, Elsevier B.V."; the sentence ends with the first stop.
_OWNER = re.compile(
    r"(?:copyright\s*)?(?:©|\(c\)|copyright)\s*(?:the authors?(?:\(s\))?,?\s*)?\d{4}\b[^.]{0,120}", re.I
)
_REST = re.compile(
    r"(?:[A-Z]|Inc|Ltd|Co|LLC|GmbH|plc|et al|on behalf of [^.]{3,120}|all rights? reserved"
    r"|published (?:by|on behalf of) [^.]{3,120}"
    r"|(?:under )?exclusive licen[cs]ee? [^.]{3,120}|licensed under [^.]{3,80}|karger ag[^.]{0,40}"
    r"|this is an open access article[^.]{0,120}|creative commons [^.]{3,120})?",
    re.I,
)


def is_copyright(abstract: str) -> bool:
    """True for a text that is nothing but a sentence of copyright, which tells nothing of the work."""
    if len(abstract) > LONGEST or not abstract:
        return False
    first, *rest = (part.strip(" ,;") for part in abstract.split("."))
    return bool(_OWNER.fullmatch(first)) and all(_REST.fullmatch(part) for part in rest)
