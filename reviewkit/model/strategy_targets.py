"""How each database writes what a PubMed term asks for: words in a field, headings, languages, years, distance."""

from dataclasses import dataclass, field

# What a PubMed tag stands for. What is not here is not carried over.
MEANINGS: dict[str, str] = {
    "tiab": "tiab", "title/abstract": "tiab", "ti": "ti", "title": "ti", "titl": "ti", "ab": "ab", "abstract": "ab",
    "tw": "words", "text word": "words", "text words": "words", "word": "words",
    "all": "all", "all fields": "all", "": "all",
    "mh": "heading", "mesh": "heading", "mesh terms": "heading", "mesh term": "heading",
    "majr": "major", "mesh major topic": "major", "mj": "major",
    "nm": "substance", "supplementary concept": "substance", "substance name": "substance", "rn": "substance",
    "ec/rn number": "substance", "pa": "substance", "pharmacological action": "substance",
    "pt": "type", "publication type": "type", "la": "language", "lang": "language", "language": "language",
    "dp": "year", "pdat": "year", "publication date": "year", "date - publication": "year",
    "au": "author", "author": "author", "ta": "journal", "journal": "journal", "jour": "journal",
    "ot": "keyword", "other term": "keyword", "ad": "affiliation", "affiliation": "affiliation",
    "pmid": "pmid", "uid": "pmid", "aid": "doi", "article identifier": "doi",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One database's way of writing; `{}` in a pattern is the words, or several of them joined in brackets.

    `patterns` are by meaning. `apart` names meanings whose terms cannot share one pair of brackets. `notes` say, by
    meaning, what a person must look at. `near` joins words at a distance ('{}' is the number), which is PubMed's
    number plus `near_more`. `years` writes a span of years. `negation` is the operator for NOT.
    """

    database: str
    label: str
    patterns: dict[str, str]
    years: str
    apart: frozenset[str] = frozenset()
    notes: dict[str, str] = field(default_factory=dict)
    near: str = ""
    near_more: int = 0
    negation: str = "NOT"
    quote: str = '"'
    one_year: str = ""
    phrase_wildcards: bool = True


_CHECK_HEADING = "check that the heading exists there under this name, and what it takes in"
_AS_WORDS = "there are no MeSH terms: the heading is searched as words, without the narrower headings that PubMed adds"
_MAPPED = "PubMed also maps words without a field to MeSH; {label} does not"

TARGETS: dict[str, Target] = {
    "scopus": Target(
        database="scopus", label="Scopus", near=" W/{} ", negation="AND NOT",
        patterns={
            "tiab": "TITLE-ABS({})", "ti": "TITLE({})", "ab": "ABS({})", "words": "TITLE-ABS-KEY({})",
            "all": "TITLE-ABS-KEY({})", "heading": "TITLE-ABS-KEY({})", "major": "TITLE-ABS-KEY({})",
            "substance": "TITLE-ABS-KEY({})", "type": "TITLE-ABS-KEY({})", "language": "LANGUAGE({})",
            "author": "AUTH({})", "journal": "SRCTITLE({})", "keyword": "AUTHKEY({})", "affiliation": "AFFIL({})",
            "pmid": "PMID({})", "doi": "DOI({})",
        },
        years="(PUBYEAR > {before} AND PUBYEAR < {after})",
        notes={
            "heading": _AS_WORDS, "major": _AS_WORDS, "substance": "the substance is searched as words",
            "type": "the publication type is searched as words; some have a limit of their own (DOCTYPE)",
            "all": _MAPPED,
        },
    ),
    "web-of-science": Target(
        database="web-of-science", label="Web of Science", near=" NEAR/{} ",
        patterns={
            "tiab": "TS=({})", "ti": "TI=({})", "ab": "AB=({})", "words": "TS=({})", "all": "TS=({})",
            "heading": "TS=({})", "major": "TS=({})", "substance": "TS=({})", "type": "TS=({})", "language": "LA=({})",
            "author": "AU=({})", "journal": "SO=({})", "keyword": "AK=({})", "affiliation": "AD=({})",
            "pmid": "PMID=({})", "doi": "DO=({})",
        },
        years="PY=({first}-{last})", one_year="PY=({first})",
        notes={
            "tiab": "TS searches the keywords too; for title and abstract alone write (TI=(...) OR AB=(...))",
            "heading": _AS_WORDS, "major": _AS_WORDS, "substance": "the substance is searched as words",
            "type": "the publication type is searched as words; some have a limit of their own (DT)", "all": _MAPPED,
        },
    ),
    "embase": Target(
        database="embase", label="Embase.com", near=" NEAR/{} ", near_more=1, quote="'",
        patterns={
            "tiab": "{}:ti,ab", "ti": "{}:ti", "ab": "{}:ab", "words": "{}:ti,ab,kw,de", "all": "{}:ti,ab,kw,de",
            "heading": "{}/exp", "unexploded": "{}/de", "major": "{}/exp/mj", "substance": "{}/exp",
            "type": "{}/de", "language": "{}:la", "author": "{}:au", "journal": "{}:jt", "keyword": "{}:kw",
            "affiliation": "{}:ad", "pmid": "{}:ui", "doi": "{}:do",
        },
        years="[{first}-{last}]/py", apart=frozenset({"heading", "unexploded", "major", "substance", "type"}),
        notes={
            "heading": "Emtree is not MeSH: find the Emtree term for it, and what it takes in",
            "unexploded": "Emtree is not MeSH: find the Emtree term for it",
            "major": "Emtree is not MeSH: find the Emtree term for it, and whether /mj is as strict",
            "substance": "find the Emtree term for the substance",
            "type": "publication types are Emtree terms there, with other names", "all": _MAPPED,
        },
    ),
    "europe-pmc": Target(
        database="europe-pmc", label="Europe PMC", phrase_wildcards=False,
        patterns={
            "tiab": "(TITLE:({}) OR ABSTRACT:({}))", "ti": "TITLE:({})", "ab": "ABSTRACT:({})",
            "words": "(TITLE:({}) OR ABSTRACT:({}) OR KW:({}))", "all": "({})", "heading": "KW:({})",
            "major": "KW:({})", "substance": "CHEM:({})", "type": "PUB_TYPE:({})", "language": "LANG:({})",
            "author": "AUTH:({})", "journal": "JOURNAL:({})", "keyword": "KW:({})", "affiliation": "AFF:({})",
            "pmid": "(EXT_ID:{} AND SRC:MED)", "doi": "DOI:({})",
        },
        years="PUB_YEAR:[{first} TO {last}]", apart=frozenset({"pmid"}),
        notes={
            "heading": "KW searches MeSH terms and authors' keywords, without the narrower headings that PubMed adds",
            "major": "KW does not tell major topics from others, nor does it add narrower headings",
            "all": "words without a field are searched in full texts too",
            "language": "languages are three letters there (eng)",
        },
    ),
    "ebsco": Target(
        database="cinahl", label="EBSCOhost (CINAHL)", near=" N{} ",
        patterns={
            "tiab": "(TI ({}) OR AB ({}))", "ti": "TI ({})", "ab": "AB ({})",
            "words": "(TI ({}) OR AB ({}) OR SU ({}))", "all": "TX ({})", "heading": "(MH {+})",
            "unexploded": "(MH {})", "major": "(MM {+})", "substance": "SU ({})",
            "type": "PT ({})", "language": "LA ({})", "author": "AU ({})", "journal": "SO ({})", "keyword": "SU ({})",
            "affiliation": "AF ({})",
        },
        years="DT {first}0101-{last}1231", apart=frozenset({"heading", "unexploded", "major"}),
        notes={
            "heading": f"CINAHL has headings of its own: {_CHECK_HEADING}",
            "unexploded": f"CINAHL has headings of its own: {_CHECK_HEADING}",
            "major": f"CINAHL has headings of its own: {_CHECK_HEADING}", "all": "TX searches full texts too",
            "type": "publication types have other names there",
        },
    ),
    "ovid": Target(
        database="medline", label="Ovid MEDLINE", near=" adj{} ", near_more=1,
        patterns={
            "tiab": "{}.ti,ab.", "ti": "{}.ti.", "ab": "{}.ab.", "words": "{}.mp.", "all": "{}.mp.",
            "heading": "exp {}/", "unexploded": "{}/", "major": "exp *{}/", "substance": "{}.nm.",
            "type": "{}.pt.", "language": "{}.lg.",
            "author": "{}.au.", "journal": "{}.jn.", "keyword": "{}.kf.", "affiliation": "{}.in.", "doi": "{}.do.",
            "pmid": "{}.pm.",
        },
        years="", apart=frozenset({"heading", "unexploded", "major"}),
        notes={"all": _MAPPED},
    ),
    "central": Target(
        database="central", label="the Cochrane Library (CENTRAL)", near=" NEAR/{} ", near_more=1,
        phrase_wildcards=False,
        patterns={
            "tiab": "{}:ti,ab", "ti": "{}:ti", "ab": "{}:ab", "words": "{}:ti,ab,kw", "all": "{}:ti,ab,kw",
            "heading": "[mh {}]", "unexploded": "[mh ^{}]", "major": "[mh {}]", "substance": "{}:kw", "type": "{}:pt",
            "author": "{}:au", "journal": "{}:so", "keyword": "{}:kw", "doi": "{}:doi",
        },
        years="", apart=frozenset({"heading", "unexploded", "major"}),
        notes={"major": "[mh] takes in headings that are no major topic", "all": _MAPPED,
               "type": "a filter for trials is not needed in CENTRAL, which holds trials"},
    ),
}  # fmt: skip
ALIASES = {"cinahl": "ebsco", "ebscohost": "ebsco", "medline": "ovid", "wos": "web-of-science", "cochrane": "central"}
