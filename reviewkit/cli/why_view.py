"""How it is drawn what carried a record up or down in the order of relevance: words, bars and signs."""

from typing import TYPE_CHECKING

from reviewkit.cli.common import safe

if TYPE_CHECKING:
    from rich.text import Text

    from reviewkit.steps.why import Why

_MOST = 12  # words on either side
_WIDEST = 20  # signs of a bar
_LONGEST = 24  # letters of a word
_LEAST = 0.0005  # worth that would be shown as 0.000
NO_PROBABILITY = "A score is no probability: it only says which of two records comes first."


def why_lines(why: "Why") -> "list[Text]":
    """Lay out an explanation: what carried the record up, what carried it down, and what the rest adds up to."""
    from rich.text import Text

    if not why.words:
        return [
            Text("No word carried this record up or down: nothing is known yet of what is wanted, or it came later.")
        ]
    weightiest = abs(why.words[0].worth) or 1.0
    lines: list[Text] = []
    for heading, sign in (("Carried up by", 1), ("Carried down by", -1)):
        some = [pull for pull in why.words if pull.worth * sign >= _LEAST][:_MOST]
        lines += [Text(heading if some else f"{heading} no word", style="bold")]
        for pull in some:
            bar = ("+" if sign > 0 else "-") * max(1, round(_WIDEST * abs(pull.worth) / weightiest))
            held = f"{pull.records:,} record{'' if pull.records == 1 else 's'}{' title' if pull.in_title else ''}"
            lines.append(
                Text(f"  {safe(pull.word)[:_LONGEST]:<{_LONGEST}}  {pull.worth:+.3f}  {bar:<{_WIDEST}}  {held}")
            )
        lines.append(Text(""))
    shown = {id(pull) for sign in (1, -1) for pull in [p for p in why.words if p.worth * sign >= _LEAST][:_MOST]}
    others = why.others + sum(pull.worth for pull in why.words if id(pull) not in shown)
    for label, worth in (
        ("all other words", others), ("year of publication", why.year), ("what every record has", why.base),
        ("score", why.score),
    ):  # fmt: skip
        lines.append(Text(f"  {label:<{_LONGEST}}  {worth:+.3f}", style="bold" if label == "score" else ""))
    return lines


def learned_from(learned: int) -> str:
    """Say what an order was learned from."""
    if not learned:
        return "from the protocol's own words, as nothing that may be learned from is decided yet"
    return f"from {learned:,} decided record{'' if learned == 1 else 's'} and the protocol's own words"
