"""A finished screening made up from a seed: texts of invented words; those that are included have a subject."""

import random

from reviewkit.steps.labelled import Labelled, LabelledRecord

TOPIC = "vesicles from stem cells for disc degeneration"
_SUBJECT = ["vesicles", "exosomes", "stem", "disc", "degeneration", "nucleus", "lumbar", "regeneration"]
_COMMON = ["patients", "study", "results", "treatment", "group", "effect", "clinical", "trial", "outcome", "analysis"]


def screened(records: int = 300, included: int = 20, seed: int = 1) -> Labelled:
    """Make records of which some are included; every record is a different text."""
    dice = random.Random(seed)
    wanted = set(dice.sample(range(records), included))
    made = []
    for row in range(records):
        others = [f"word{dice.randrange(400)}" for _ in range(40)]
        subject = dice.sample(_SUBJECT, 4) * 2 if row in wanted else dice.choices(_SUBJECT, k=dice.randrange(2))
        words = others + subject + dice.choices(_COMMON, k=15)
        dice.shuffle(words)
        made.append(
            LabelledRecord(str(row + 1), " ".join(words[:8]), " ".join(words[8:]), 1990 + row % 30, row in wanted)
        )
    return Labelled("made.csv", tuple(made), ())


def csv_of(labelled: Labelled) -> str:
    """Write a screening as the table that a user would have."""
    lines = ["id,title,abstract,year,label"]
    lines += [f"{r.id},{r.title},{r.abstract},{r.year},{int(r.included)}" for r in labelled.records]
    return "\n".join(lines) + "\n"
