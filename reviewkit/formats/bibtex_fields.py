"""BibTeX fields as data: which field of which program holds what. A new dialect is a line here."""

# field of Citation -> fields of BibTeX, BibLaTeX and the exporters, the preferred one first; the first that says
# something is taken. Seen in: BibTeX, BibLaTeX, JabRef, Mendeley, Zotero, BibDesk, Scopus, Web of Science, Google
# Scholar, ScienceDirect, Publish or Perish, EndNote, reviewkit.
TEXTS: dict[str, tuple[str, ...]] = {
    "title": ("title", "maintitle"),
    "vernacular_title": ("origtitle", "vernacular-title", "foreign-title"),
    "journal": ("journal", "journaltitle", "journal-title", "booktitle", "source-title"),
    "journal_abbreviation": (
        "shortjournal", "journal-iso", "abbrev_source_title", "abbreviated-source-title", "iso-source-abbreviation",
        "journal-abbreviation", "journal_abbreviation",
    ),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "language": ("language", "langid"),
    "publisher": ("publisher", "institution", "school", "organization"),
    "status": ("pubmed-status",),
    "added": ("added-to-database",),
}  # fmt: skip
ABSTRACT = ("abstract", "abstractnote")
NOTES = ("note", "annote", "annotation", "addendum", "comment", "comments", "usera")
PEOPLE = ("author", "authors", "editor", "editors")
YEAR = ("year", "date", "issued")
PAGES = ("pages", "article-number", "art_number", "article_number", "eid", "articleno")
DOI = ("doi",)
PMID = ("pmid", "pubmed_id", "pubmed-id", "pubmedid")
PMCID = ("pmcid", "pmc")
ISSNS = ("issn", "eissn", "e-issn")
ACCESSION = ("accession", "unique-id", "accession_number", "accession-number", "accessionnumber", "wos", "eid-number")
URLS = ("url", "bdsk-url-1", "link", "howpublished")
KEYWORDS = ("author_keywords", "author-keywords", "keywords", "keyword")
AUTHORS_OWN = ("author_keywords", "author-keywords")  # where one is there, `keywords` are the index's (Scopus)
SUBJECTS = ("subject-headings", "keywords-plus", "index_keywords", "index-keywords", "mesh", "mesh-terms")
TYPES = ("document_type", "document-type", "type", "entrysubtype")
REGISTRATIONS = ("registration", "trial-registration")
RELATED = ("related-reports",)

# type of entry -> what it is called in Citation.types where no field says it better; others say nothing.
KINDS: dict[str, str] = {
    "book": "Book", "mvbook": "Book", "booklet": "Booklet", "collection": "Edited book", "inbook": "Book chapter",
    "incollection": "Book chapter", "suppbook": "Book chapter", "inproceedings": "Conference paper",
    "conference": "Conference paper", "proceedings": "Conference proceedings", "phdthesis": "Thesis",
    "mastersthesis": "Thesis", "thesis": "Thesis", "techreport": "Report", "report": "Report", "manual": "Manual",
    "unpublished": "Unpublished work", "online": "Web page", "electronic": "Web page", "www": "Web page",
    "dataset": "Dataset", "patent": "Patent", "standard": "Standard", "software": "Software", "periodical": "Serial",
    "inreference": "Encyclopedia article",
}  # fmt: skip

# Citation.types -> the type of entry that reviewkit writes, and the fields that hold its journal and publisher there.
WRITTEN_KINDS: dict[str, str] = {
    "book": "book", "books": "book", "edited book": "book", "book chapter": "incollection",
    "conference paper": "inproceedings", "conference proceedings": "proceedings", "thesis": "phdthesis",
    "dissertation": "phdthesis", "academic dissertation": "phdthesis", "report": "techreport",
    "technical report": "techreport", "unpublished work": "unpublished", "preprint": "unpublished",
}  # fmt: skip
JOURNAL_OF: dict[str, str] = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
PUBLISHER_OF: dict[str, str] = {"phdthesis": "school", "techreport": "institution"}
