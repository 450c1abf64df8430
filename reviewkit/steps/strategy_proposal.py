"""Proposals for other databases, made from the PubMed strategy of the protocol."""

from dataclasses import dataclass

from reviewkit.errors import NoTranslation
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import database_label
from reviewkit.model.strategy_checks import check_strategy
from reviewkit.model.strategy_findings import Severity, StrategyFinding
from reviewkit.model.strategy_targets import ALIASES, TARGETS
from reviewkit.model.strategy_translate import translate
from reviewkit.steps.strategy_check import check_one
from reviewkit.steps.strategy_choice import choose_strategies
from reviewkit.steps.strategy_library import library_name

FROM = ("pubmed",)
_READ_BY_LIBRARY = ("web-of-science", "ebsco")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A strategy as it could be written for a database: never written into the protocol by us.

    `toml` is a whole `[[search]]`. `notes` are to be looked at, `lost` could not be carried over. `findings` is what
    the check finds in the proposal itself, and `read_by` the library that read it, where there is one.
    """

    target: str
    database: str
    label: str
    strategy: str
    toml: str
    notes: tuple[str, ...]
    lost: tuple[str, ...]
    findings: tuple[StrategyFinding, ...]
    read_by: str = ""


def propose(protocol: Protocol, source: str, targets: tuple[str, ...]) -> tuple[Proposal, ...]:
    """Propose the strategy of one database for others.

    Raises:
        NoTranslation: from another database than PubMed, for an unknown one, or of a strategy that is not sound.
        NothingToSearch: the protocol has no strategy for it.
    """
    known = ", ".join(TARGETS)
    if source not in FROM:
        reason = f"From {database_label(source)} nothing can be translated, only from PubMed"
        raise NoTranslation(reason=reason, targets=known)
    names = [ALIASES.get(name.casefold(), name.casefold()) for name in targets]
    for name, asked in zip(names, targets, strict=True):
        if name not in TARGETS:
            raise NoTranslation(reason=f"'{asked}' is no database that reviewkit can translate for", targets=known)
    (strategy,) = choose_strategies(protocol, source)[:1]
    if any(finding.severity == Severity.ERROR for finding in check_strategy(strategy)):
        reason = "The PubMed strategy has mistakes; mend what 'reviewkit strategy check' shows first"
        raise NoTranslation(reason=reason, targets=known)
    return tuple(_propose(strategy, name) for name in dict.fromkeys(names))


def _propose(strategy: Strategy, name: str) -> Proposal:
    target = TARGETS[name]
    made = translate(strategy.strategy, target)
    platform = {"ebsco": "EBSCOhost", "ovid": "Ovid", "central": "Cochrane Library"}.get(name, "")
    proposed = Strategy(
        database=target.database, platform=platform, strategy=made.strategy, languages=strategy.languages,
        published_from=strategy.published_from, published_to=strategy.published_to,
        note=f"Proposed by reviewkit from the PubMed strategy; to be checked by a person who knows {target.label}.",
    )  # fmt: skip
    findings = tuple(f for f in check_one(proposed).findings if f.severity != Severity.NOTE)
    return Proposal(
        target=name, database=target.database, label=target.label, strategy=made.strategy,
        toml=_as_toml(proposed), notes=made.notes, lost=made.lost,
        findings=findings, read_by=library_name() if name in _READ_BY_LIBRARY else "",
    )  # fmt: skip


def _as_toml(strategy: Strategy) -> str:
    """Write a whole [[search]] as a person would: the strategy between three quotes, as it is."""
    import tomli_w

    values = {key: getattr(strategy, key) for key in ("published_from", "published_to") if getattr(strategy, key)}
    rest = tomli_w.dumps({**values, "note": strategy.note})
    if "'''" in strategy.strategy:  # cannot stand between three single quotes
        text = tomli_w.dumps({"strategy": strategy.strategy})
    else:
        text = f"strategy = '''\n{strategy.strategy}\n'''\n"
    platform = tomli_w.dumps({"platform": strategy.platform}) if strategy.platform else ""
    quoted = ", ".join(tomli_w.dumps({"x": name})[len("x = ") :].strip() for name in strategy.languages)
    languages = f"languages = [{quoted}]\n" if strategy.languages else ""
    return f'[[search]]\ndatabase = "{strategy.database}"\n{platform}{text}{languages}{rest}'
