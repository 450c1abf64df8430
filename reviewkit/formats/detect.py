"""What a file is, told from its first bytes and never from its name."""

import re

from reviewkit.formats.lines import head_text
from reviewkit.formats.table import looks_like_table

_OLD = b"\xd0\xcf\x11\xe0"  # the container of .xls and .doc
_SIGNATURES = (
    # first bytes -> what it is
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip-compressed file"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (_OLD, "an old Word file (.doc), or an encrypted workbook"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database file"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")  # the second begins an empty one, the third a spanned one
_WORKBOOK = re.compile(rb"(?<![\w/])xl/(?:workbook|worksheets|styles|sharedStrings|theme|_rels)")
_ZIPPED = (
    (b"word/", "a Word document"),
    (b"ppt/", "a presentation"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet"),
    (b"opendocument.text", "an OpenDocument text"),
)
_OLD_WORKBOOK = re.compile(rb"\xd0\xcf\x11\xe0.{508}\x09\x08|W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", re.S)
_WORDS = {
    # key of FORMATS -> what a file of it is called
    "pubmed-xml": "PubMed XML", "nbib": "PubMed (MEDLINE) text", "ris": "RIS", "isi": "Web of Science plain text",
    "bibtex": "BibTeX", "endnote-xml": "EndNote XML", "csv": "a table", "xlsx": "an Excel workbook",
    "zip": "a zip archive", "refer": "EndNote's Refer text (%A, %T)",
    "ovid": "Ovid's tagged text", "cochrane": "the Cochrane Library's plain text",
    "scopus-json": "an answer of Scopus's API (JSON)", "wos-json": "an answer of Web of Science's API (JSON)",
    "embase-json": "an answer of Embase's API (JSON)", "crossref-json": "an answer of Crossref's API (JSON)",
    "clinicaltrials-json": "an answer of ClinicalTrials.gov's API (JSON)",
    "europe-pmc-json": "an answer of Europe PMC's API (JSON)",
    "europe-pmc-references": "a list of references of Europe PMC (JSON)",
    "openalex-json": "an answer of OpenAlex's API (JSON)",
}  # fmt: skip
_PACKED = ("a gzip-compressed file", "a zip archive", "a RAR archive", "a 7-Zip archive")
_SHEETS = ("an OpenDocument spreadsheet", "an old Word file (.doc), or an encrypted workbook")
_PUBMED_XML = re.compile(r"<(?:!DOCTYPE\s+)?(?:Pubmed(?:Book)?Article|MedlineCitation)(?:Set)?[\s>/]")
_ENDNOTE_XML = re.compile(r"<xml>\s*<records>|<records>\s*<record>")
_ROOT = re.compile(r"<(?:!DOCTYPE\s+)?([A-Za-z][\w.:-]*)", re.I)  # the document type names the root
_HTML = frozenset(("html", "head", "body", "title", "meta", "script", "p", "div", "table", "pre", "h1"))
_RIS = re.compile(r"^[\s\ufeff]{0,5}(?:TY[ \xa0]{0,3}-|ty[ \xa0]{1,3}-|ER[ \xa0]{2}-)", re.M)
_MEDLINE = re.compile(r"^\ufeff?(?:PMID ?-|OWN {1,2}-|STAT-) ", re.M)
_BIBTEX = re.compile(r"^[ \t]{0,20}@[A-Za-z]{1,20}[ \t]{0,5}[{(]", re.M)
_WEB_OF_SCIENCE = re.compile(
    r"\A\s*\ufeff?(?:FN (?:Clarivate|Thomson|ISI|Web of)|(?:FN .*\n)?(?:VR 1\.\d\n)?PT [JBSP]\s*\n)"
)
_REFER = re.compile(r"\A[\s\ufeff]*%0 |^%[AT] .*\n(?:.*\n){0,20}?%[TJD] ", re.M)
_OVID = re.compile(r"\A[\s\ufeff]*<\d{1,7}[.\s]{0,3}>\s*\n(?!TY)[A-Z][A-Z0-9]  - ")
_OVID_RIS = re.compile(r"\A[\s\ufeff]*<\d{1,7}[.\s]{0,3}>\s*\nTY  -")
_OVID_NAMED = re.compile(r"\A[\s\ufeff]*<\d{1,7}[.\s]{0,3}>\s*\n[A-Z][a-z]+(?: [A-Za-z]+){0,3}\s*\n\s+\S")
_COCHRANE = re.compile(r"\A[\s\ufeff]*Record #\d+ of \d+\s*\n\s*ID: ")
_JSON = (
    # key of FORMATS -> what the beginning of a JSON file shows, all of it
    ("scopus-json", (re.compile(r'"search-results"\s*:'), re.compile(r'"SCOPUS_ID:\d|"2-s2\.0-\d'))),
    ("wos-json", (re.compile(r'"hits"\s*:\s*\['), re.compile(r'"uid"\s*:\s*"[A-Z]{2,8}:'))),
    ("embase-json", (re.compile(r'"itemIdList"\s*:\s*\{'),)),
    ("clinicaltrials-json", (re.compile(r'"protocolSection"\s*:\s*\{'), re.compile(r'"nctId"\s*:\s*"NCT\d'))),
    ("crossref-json", (re.compile(r'"message-type"\s*:\s*"work(?:-list)?"|"is-referenced-by-count"\s*:'),)),
    ("openalex-json", (re.compile(r'"https://openalex\.org/W\d{1,12}"|"db_response_time_ms"\s*:'),)),
    (
        "europe-pmc-json",
        (
            re.compile(r'"hitCount"\s*:\s*\d|"(?:authorString|citedByCount|pubTypeList)"\s*:'),
            re.compile(
                r'"(?:(?:result|reference|citation)List|result)"\s*:\s*\{'
                r'|"source"\s*:\s*"(?:MED|PMC|PPR|PAT|AGR|CBA|CTX|ETH|HIR|CIT|NBK)"'
            ),
        ),
    ),
)
_PUBMED_PRINT = re.compile(r"\A\s*1[.:] .*?\b(?:PMID:|doi:)", re.S)


def detect(head: bytes) -> str:
    """Return the key in FORMATS of the format that the first ~64 KiB of a file show, or ''."""
    if head.startswith(_ZIP):
        return "xlsx" if _WORKBOOK.search(head) else "" if _other_zip(head) else "zip"
    if head.startswith(_OLD) and _OLD_WORKBOOK.search(head):
        return "xlsx"
    if _binary(head):
        return ""
    text = head_text(head)
    if _OVID.search(text):
        return "ovid"
    if text.lstrip().startswith("<") and not _OVID_RIS.search(text):
        return _xml_format(text)
    if _WEB_OF_SCIENCE.search(text):
        return "isi"
    signs = (("nbib", _MEDLINE), ("ris", _RIS), ("bibtex", _BIBTEX))
    tagged = [(found.start(), name) for name, sign in signs if (found := sign.search(text))]
    if tagged:
        return min(tagged)[1]
    if _COCHRANE.search(text):
        return "cochrane"
    if _REFER.search(text):
        return "refer"
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return next((name for name, signs in _JSON if all(sign.search(text) for sign in signs)), "")
    if _PUBMED_PRINT.search(text):
        return ""
    return "csv" if looks_like_table(text) else ""


def describe(head: bytes) -> str:
    """Say in words what a file looks like, for messages: "an HTML page", "a PDF document", "an empty file"."""
    if known := detect(head):
        return _WORDS[known]
    if found := _binary(head):
        return found
    text = head_text(head)
    start = text.lstrip()
    if not start:
        return "an empty file"
    if _OVID_NAMED.search(text):
        return "Ovid's text with field names (export it again as RIS)"
    if start.startswith("<"):
        return _marked_up(start)
    if _PUBMED_PRINT.search(text):
        return "PubMed's summary or abstract text (save it again as format 'PubMed')"
    if start[0] in "{[":
        return "a JSON file"
    return "plain text without tags or columns"


def is_packed(head: bytes) -> bool:
    """True for a compressed file or archive of any kind, which may hold other files."""
    return describe(head) in _PACKED


def advise(head: bytes, formats: str) -> str:
    """Say what to do with a file that is of no known format; `formats` lists those that can be read."""
    found = describe(head)
    if found in _PACKED:
        return "Unpack it, then import the file that is in it."
    if found in _SHEETS:
        return "Open it, save the table as CSV (UTF-8), then import that; its first row must hold the headings."
    again = f"Export it as one of: {formats}."
    if found == "an HTML page":
        return f"It may be a login or error page that was saved in place of the export. {again}"
    return again if found == "an empty file" or _binary(head) else f"{again} Or name its format with --format."


def _binary(head: bytes) -> str:
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return words
    if head.startswith(_ZIP):
        return _other_zip(head) or "a zip archive"
    text = head_text(head[:4000])
    strange = sum(not c.isprintable() and not c.isspace() for c in text)
    return "a binary file" if strange > max(2, len(text) // 20) else ""


def _other_zip(head: bytes) -> str:
    return next((words for part, words in _ZIPPED if part in head), "")


def _xml_format(text: str) -> str:
    if _root(text) in _HTML:
        return ""
    return "pubmed-xml" if _PUBMED_XML.search(text) else "endnote-xml" if _ENDNOTE_XML.search(text) else ""


def _marked_up(start: str) -> str:
    root = _root(start)
    if root in _HTML:
        return "an HTML page"
    named = f" ({root[:60]})" if root else ""
    return f"an XML file{named} that is neither PubMed's nor EndNote's"


def _root(text: str) -> str:
    """Return the name of the first element; HTML's in lower case."""
    found = _ROOT.search(text)
    name = found.group(1) if found else ""
    return name.lower() if name.lower() in _HTML else name
