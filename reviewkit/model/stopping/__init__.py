"""When it is safe to stop: estimates of how much of what is to be found has been found, by named, published methods.

    found = [True, False, True, False, False, ...]     what was decided, in the order in which it was read
    estimate(DEFAULT, found, total)                    recall reached, with its confidence, and whether to stop
    first_stop(RULES["in-a-row"], found, total)        after how many records a rule would have stopped

Every estimate is a pure function of the decisions so far and of the number of records. None of them excludes anything:
they say what a person who stops here risks.
"""

from reviewkit.model.stopping.history import Estimate, History, history
from reviewkit.model.stopping.rules import DEFAULT, RULES, Rule, estimate, first_stop

__all__ = ["DEFAULT", "RULES", "Estimate", "History", "Rule", "estimate", "first_stop", "history"]
