"""Answers of ClinicalTrials.gov's API v2 (JSON): pages of studies, single studies, and its download of a search.

Fields: https://clinicaltrials.gov/data-api/about-api/study-data-structure. An entry is a register's own entry and no
article: it has its registration numbers, and neither journal nor DOI.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from reviewkit.formats.clean import clean_paragraphs
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import registrations_in, year_in
from reviewkit.formats.json_entries import json_citations, table_of, tables_of, text_of, texts_of
from reviewkit.model.citation import Citation, Finding, register_status

_REGISTERS = {"EUDRACT_NUMBER": "EudraCT", "CTIS": "CTIS"}  # types of secondary ids whose numbers stand alone
_NAMED = 12  # outcomes in a note


def parse_clinicaltrials_json(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read a page of studies, one study, or a list of studies."""
    return json_citations(file, "studies", read=_read, alone="protocolSection")


def _read(study: dict[str, Any], line: int) -> Citation | Finding:
    made = citation(_fields(study) | {"line": line})
    if made.registrations:
        return made
    return Finding("a study without a registration number", line=line, rejected=True)


def _fields(study: dict[str, Any]) -> dict[str, Any]:
    protocol, derived = table_of(study.get("protocolSection")), table_of(study.get("derivedSection"))
    named, state = table_of(protocol.get("identificationModule")), table_of(protocol.get("statusModule"))
    design, conditions = table_of(protocol.get("designModule")), table_of(protocol.get("conditionsModule"))
    told = table_of(protocol.get("descriptionModule"))
    posted = _day(state, "studyFirstPostDateStruct")
    number = text_of(named.get("nctId"))
    sponsor = text_of(table_of(table_of(protocol.get("sponsorCollaboratorsModule")).get("leadSponsor")).get("name"))
    return {
        "title": text_of(named.get("briefTitle")) or text_of(named.get("officialTitle")),
        "abstract": _text(told.get("briefSummary")) or _text(told.get("detailedDescription")),
        "authors": (sponsor,) if sponsor else (),
        "year": year_in(posted),
        "date": posted,
        "registrations": _registrations(named, number),
        "types": texts_of(design.get("studyType")),
        "keywords": tuple(
            dict.fromkeys(
                (
                    *texts_of(conditions.get("conditions")),
                    *_interventions(protocol),
                    *texts_of(conditions.get("keywords")),
                )
            )
        ),
        "subjects": tuple(dict.fromkeys(_subjects(derived))),
        "publisher": "ClinicalTrials.gov",
        "url": f"https://clinicaltrials.gov/study/{number}" if number else "",
        "status": register_status(text_of(state.get("overallStatus")), *_results(study, state)),
        "notes": "\n".join(_notes(protocol, named, state, design)),
        "added": posted if len(posted) == len("2024-03-18") else "",
    }


def _text(value: object) -> str:
    """Return a text of several paragraphs."""
    return clean_paragraphs(value) if isinstance(value, str) else ""


def _day(module: dict[str, Any], name: str) -> str:
    return text_of(table_of(module.get(name)).get("date"))


def _results(study: dict[str, Any], state: dict[str, Any]) -> tuple[bool, str]:
    """Return whether the register shows results, and since when."""
    posted = _day(state, "resultsFirstPostDateStruct")
    return study.get("hasResults") is True or bool(posted) or "resultsSection" in study, posted


def _registrations(named: dict[str, Any], number: str) -> tuple[str, ...]:
    """Return the NCT number, those it had before, and the numbers of other registers."""
    found = [number, *texts_of(named.get("nctIdAliases"))] if number else [*texts_of(named.get("nctIdAliases"))]
    for other in tables_of(named.get("secondaryIdInfos")):
        register = _REGISTERS.get(text_of(other.get("type")), "")
        found += registrations_in(f"{register} {text_of(other.get('id'))}")
    return tuple(dict.fromkeys(found))


def _interventions(protocol: dict[str, Any]) -> Iterable[str]:
    """Give "DRUG: Exosomes", as the site's own CSV has it."""
    for entry in tables_of(table_of(protocol.get("armsInterventionsModule")).get("interventions")):
        kind, name = text_of(entry.get("type")), text_of(entry.get("name"))
        if name:
            yield f"{kind}: {name}" if kind else name


def _subjects(derived: dict[str, Any]) -> Iterable[str]:
    for module in ("conditionBrowseModule", "interventionBrowseModule"):
        for term in tables_of(table_of(derived.get(module)).get("meshes")):
            if name := text_of(term.get("term")):
                yield name


def _notes(
    protocol: dict[str, Any], named: dict[str, Any], state: dict[str, Any], design: dict[str, Any]
) -> Iterable[str]:
    """Give what a screener asks of a register entry and no other field holds, a line each."""
    enrolled = table_of(design.get("enrollmentInfo"))
    people = " ".join(filter(None, (text_of(enrolled.get("count")), text_of(enrolled.get("type")).lower())))
    outcomes = tables_of(table_of(protocol.get("outcomesModule")).get("primaryOutcomes"))
    measures = [text_of(outcome.get("measure")) for outcome in outcomes[:_NAMED]]
    sponsors = table_of(protocol.get("sponsorCollaboratorsModule"))
    partners = [text_of(partner.get("name")) for partner in tables_of(sponsors.get("collaborators"))]
    title = text_of(named.get("officialTitle"))
    for label, said in (
        ("Official title", title if title != text_of(named.get("briefTitle")) else ""),
        ("Acronym", text_of(named.get("acronym"))),
        ("Phase", "; ".join(texts_of(design.get("phases")))),
        ("Allocation", text_of(table_of(design.get("designInfo")).get("allocation"))),
        ("Enrolment", people),
        ("Start", _day(state, "startDateStruct")),
        ("Primary completion", _day(state, "primaryCompletionDateStruct")),
        ("Completion", _day(state, "completionDateStruct")),
        ("Last update posted", _day(state, "lastUpdatePostDateStruct")),
        ("Why stopped", text_of(state.get("whyStopped"))),
        ("Collaborators", "; ".join(filter(None, partners))),
        ("Primary outcomes", "; ".join(filter(None, measures))),
    ):
        if said:
            yield f"{label}: {said}"
