"""The checklist of PRISMA-S: its 16 items as they are worded, and which key of the protocol answers each.

Rethlefsen ML, Kirtley S, Waffenschmidt S, Ayala AP, Moher D, Page MJ, Koffel JB; PRISMA-S Group. PRISMA-S: an extension
to the PRISMA Statement for Reporting Literature Searches in Systematic Reviews. Syst Rev 2021;10:39, table 1
(CC BY 4.0).
"""

from dataclasses import dataclass

SOURCE = (
    "PRISMA-S: Rethlefsen ML, Kirtley S, Waffenschmidt S, Ayala AP, Moher D, Page MJ, et al. PRISMA-S: an extension to "
    "the PRISMA Statement for Reporting Literature Searches in Systematic Reviews. Syst Rev 2021;10:39. "
    "doi: 10.1186/s13643-020-01542-z. The wording of the items is theirs (CC BY 4.0)."
)
_SOURCES, _STRATEGIES = "Information sources and methods", "Search strategies"
_PEERS, _RECORDS = "Peer review", "Managing records"


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its section, its name, what it asks; and the key of [search_report] for the authors' own words."""

    number: int
    section: str
    name: str
    asks: str
    key: str = ""


ITEMS = (
    Item(1, _SOURCES, "Database name", "Name each individual database searched, stating the platform for each."),
    Item(
        2,
        _SOURCES,
        "Multi-database searching",
        "If databases were searched simultaneously on a single platform, state the name of the platform, listing all "
        "of the databases searched.",
    ),
    Item(3, _SOURCES, "Study registries", "List any study registries searched."),
    Item(
        4,
        _SOURCES,
        "Online resources and browsing",
        "Describe any online or print source purposefully searched or browsed (e.g., tables of contents, print "
        "conference proceedings, web sites), and how this was done.",
        "online_resources",
    ),
    Item(
        5,
        _SOURCES,
        "Citation searching",
        "Indicate whether cited references or citing references were examined, and describe any methods used for "
        "locating cited/citing references (e.g., browsing reference lists, using a citation index, setting up email "
        "alerts for references citing included studies).",
        "citation_searching",
    ),
    Item(
        6,
        _SOURCES,
        "Contacts",
        "Indicate whether additional studies or data were sought by contacting authors, experts, manufacturers, or "
        "others.",
        "contacts",
    ),
    Item(
        7,
        _SOURCES,
        "Other methods",
        "Describe any additional information sources or search methods used.",
        "other_methods",
    ),
    Item(
        8,
        _STRATEGIES,
        "Full search strategies",
        "Include the search strategies for each database and information source, copied and pasted exactly as run.",
    ),
    Item(
        9,
        _STRATEGIES,
        "Limits and restrictions",
        "Specify that no limits were used, or describe any limits or restrictions applied to a search (e.g., date or "
        "time period, language, study design) and provide justification for their use.",
        "limits",
    ),
    Item(
        10,
        _STRATEGIES,
        "Search filters",
        "Indicate whether published search filters were used (as originally designed or modified), and if so, cite "
        "the filter(s) used.",
        "filters",
    ),
    Item(
        11,
        _STRATEGIES,
        "Prior work",
        "Indicate when search strategies from other literature reviews were adapted or reused for a substantive part "
        "or all of the search, citing the previous review(s).",
        "prior_work",
    ),
    Item(
        12,
        _STRATEGIES,
        "Updates",
        "Report the methods used to update the search(es) (e.g., rerunning searches, email alerts).",
        "updates",
    ),
    Item(
        13,
        _STRATEGIES,
        "Dates of searches",
        "For each search strategy, provide the date when the last search occurred.",
    ),
    Item(14, _PEERS, "Peer review", "Describe any search peer review process.", "peer_review"),
    Item(
        15,
        _RECORDS,
        "Total Records",
        "Document the total number of records identified from each database and other information sources.",
    ),
    Item(
        16,
        _RECORDS,
        "Deduplication",
        "Describe the processes and any software used to deduplicate records from multiple database searches and "
        "other information sources.",
        "deduplication",
    ),
)
