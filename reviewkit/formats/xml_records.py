"""XML of any size as a stream of elements: one record in memory at a time, each with its line; entities refused."""

from collections import deque
from collections.abc import Collection, Iterator
from typing import IO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from reviewkit.formats.clean import html_character
from reviewkit.model.citation import Finding

_CHUNK = 1 << 16
_DEEPEST = 100  # formulas nest some twenty deep; more is an attack on the reader's stack


class _RefusedError(Exception):
    """The file asks for something that a parser of outside files must not do."""


class XmlRecords:
    """The elements with certain names, in order, as (name, line, element); each tree is let go when the next is asked.

    Entities are never expanded and no DTD is ever fetched. Where the file breaks off or asks for either, the elements
    before are given, and `problem` says afterwards what is wrong. Expat itself rather than iterparse: only so are line
    numbers to be had, and the C tree builder makes it quick.
    """

    def __init__(self, file: IO[bytes], names: Collection[str], program: str) -> None:
        self.problem = ""
        self.root = ""  # name of the first element
        self.seen = False  # any element with one of the names
        self._file = file
        self._names = frozenset(names)
        self._program = program  # who never declares an entity, for the message
        self._ready: deque[tuple[str, int, Element]] = deque()
        self._depth = 0
        self._name = ""
        self._begins = 0
        self._builder = TreeBuilder()
        self.head = file.read(_CHUNK)
        self._body = self.head.lstrip(b" \t\r\n")
        # White space must not stand before an XML declaration, but does.
        self._skipped = self.head[: len(self.head) - len(self._body)]
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.EntityDeclHandler = self._refuse_entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._outer_start

    def __iter__(self) -> Iterator[tuple[str, int, Element]]:
        chunk = self._body
        while True:
            try:
                self._parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                self.problem = expat.errors.messages[error.code]
            except _RefusedError as error:
                self.problem = str(error)
            except (ValueError, LookupError) as error:  # an encoding that Python does not know, or expat cannot use
                self.problem = str(error)
            while self._ready:
                yield self._ready.popleft()
            if self.problem or not chunk:
                return
            chunk = self._file.read(_CHUNK)

    def broken(self, records: int, instead: str = "") -> Finding:
        """Say where and why the file breaks, and that the records before it are kept.

        Args:
            records: how many were.
            instead: what the file is, where it is not what it should be.
        """
        before = f"the {records:,} records" if records > 1 else "the record" if records else "no record"
        what = f"; the file is {instead}" if instead else ""
        byte = self._parser.CurrentByteIndex + len(self._skipped)
        message = f"the XML breaks here (byte {byte:,}: {self.problem}){what}; {before} before it kept, the rest lost"
        return Finding(message, line=self._line, rejected=True)

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._skipped.count(b"\n")

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise _RefusedError(f"it declares the entity {name!r}, which {self._program} never does, so it is refused")

    def _outer_start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if name in self._names:
            self.seen = True
            self._name, self._begins, self._depth = name, self._line, 0
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
            self._ready.append((self._name, self._begins, self._builder.close()))
            self._parser.StartElementHandler = self._outer_start
            self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None
            self._parser.SkippedEntityHandler = None

    def _named_character(self, name: str, is_parameter: bool) -> None:
        """Write `&alpha;`, which only a DTD that is never fetched would define, as the character it names."""
        if not is_parameter:
            self._builder.data(html_character(name))
