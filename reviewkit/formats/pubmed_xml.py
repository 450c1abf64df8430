"""PubMed XML (efetch answers, NLM's baseline and update files) read as a stream: one record in memory at a time."""

from collections import deque
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from reviewkit.formats.clean import clean, html_character
from reviewkit.formats.detect import describe
from reviewkit.formats.pubmed_record import citation_of
from reviewkit.model.citation import Citation, Finding

_RECORDS = frozenset(("PubmedArticle", "PubmedBookArticle", "MedlineCitation"))
_COLLECTED = _RECORDS | {"DeleteCitation", "ERROR"}
_SETS = frozenset(("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet"))
_CHUNK = 1 << 16
_DEEPEST = 100  # formulas nest some twenty deep; more is an attack on the reader's stack


class _RefusedError(Exception):
    """The file asks for something that a parser of outside files must not do."""


def parse_pubmed_xml(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read PubMed XML of any DTD version, with or without a DOCTYPE.

    PubmedArticle and PubmedBookArticle are entries. DeleteCitation lists PMIDs that NLM withdrew: it is no entry,
    so it comes as one Finding that is not rejected. A file that breaks off gives the records before the
    break, then one rejected Finding. Entities are never expanded and no DTD is ever fetched.
    """
    head = file.read(_CHUNK)
    body = head.lstrip(b" \t\r\n")
    reader = _Reader(skipped=head[: len(head) - len(body)])
    chunk = body
    problem = ""
    while True:
        try:
            reader.feed(chunk)
        except expat.ExpatError as error:
            problem = expat.errors.messages[error.code]
        except _RefusedError as error:
            problem = str(error)
        except (ValueError, LookupError) as error:  # an encoding that Python does not know, or that expat cannot use
            problem = str(error)
        while reader.ready:
            name, line, element = reader.ready.popleft()
            yield from _read(name, line, element)
        if problem or not chunk:
            break
        chunk = file.read(_CHUNK)
    if problem:
        yield _broken(reader, problem, head)
    elif not reader.seen and reader.root not in _SETS:
        yield Finding(f"no PubMed record in it: the file is {describe(head)}", line=1, rejected=True)


def _read(name: str, line: int, element: Element) -> Iterator[Citation | Finding]:
    if name in _RECORDS:
        citation = citation_of(element, line)
        if citation.title or citation.pmid or citation.doi:
            yield citation
        else:
            yield Finding("a record with neither title nor identifier", line=line, rejected=True)
    elif name == "DeleteCitation":
        pmids = ", ".join(clean(pmid.text or "") for pmid in element.iter("PMID"))
        yield Finding(f"PubMed lists PMID {pmids} as withdrawn (DeleteCitation); they are not records", line=line)
    else:
        yield Finding(f"PubMed answered with an error: {clean(element.text or '')}", line=line, rejected=True)


def _broken(reader: "_Reader", problem: str, head: bytes) -> Finding:
    before = f"the {reader.records} records" if reader.records > 1 else "the record" if reader.records else "no record"
    what = "" if reader.records or reader.root in _SETS else f"; the file is {describe(head)}"
    message = f"the XML breaks here (byte {reader.byte:,}: {problem}){what}; {before} before it kept, the rest lost"
    return Finding(message, line=reader.line, rejected=True)


class _Reader:
    """Expat with handlers that build a tree for one record at a time and remember the line where it begins.

    Expat itself rather than iterparse: only so are line numbers to be had, and the C tree builder makes it quick.
    """

    def __init__(self, skipped: bytes) -> None:
        self.ready: deque[tuple[str, int, Element]] = deque()
        self.root = ""
        self.seen = False  # anything collected
        self.records = 0
        self._skipped = skipped  # white space that must not stand before an XML declaration, but does
        self._depth = 0
        self._name = ""
        self._begins = 0
        self._builder = TreeBuilder()
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.EntityDeclHandler = self._refuse_entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._outer_start

    @property
    def line(self) -> int:
        """The line that the parser has come to."""
        return self._parser.CurrentLineNumber + self._skipped.count(b"\n")

    @property
    def byte(self) -> int:
        """The byte that the parser has come to."""
        return self._parser.CurrentByteIndex + len(self._skipped)

    def feed(self, chunk: bytes) -> None:
        """Parse a chunk; an empty one says that the file has ended."""
        self._parser.Parse(chunk, not chunk)

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise _RefusedError(f"it declares the entity {name!r}, which PubMed never does, so it is refused")

    def _outer_start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if name in _COLLECTED:
            self.seen = True
            self._name, self._begins, self._depth = name, self.line, 0
            self._builder = TreeBuilder()
            self._parser.StartElementHandler = self._inner_start
            self._parser.EndElementHandler = self._inner_end
            self._parser.CharacterDataHandler = self._builder.data
            self._parser.SkippedEntityHandler = self._named_character
            self._inner_start(name, attributes)

    def _inner_start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _RefusedError(f"elements nested more than {_DEEPEST} deep")
        self._builder.start(name, attributes)

    def _inner_end(self, name: str) -> None:
        self._builder.end(name)
        self._depth -= 1
        if not self._depth:
            self.records += self._name in _RECORDS
            self.ready.append((self._name, self._begins, self._builder.close()))
            self._parser.StartElementHandler = self._outer_start
            self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None
            self._parser.SkippedEntityHandler = None

    def _named_character(self, name: str, is_parameter: bool) -> None:
        """Write `&alpha;`, which only the DTD that is never fetched would define, as the character it names."""
        if not is_parameter:
            self._builder.data(html_character(name))
