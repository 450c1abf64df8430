"""What bib-dedupe makes of a table of records, as its documentation says to use it; run with its own Python.

usage:  peer_bib_dedupe.py RECORDS_CSV CLUSTERS_CSV
"""

import csv
import sys

import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep

_IN_BOOKS = ("inproceedings", "proceedings", "incollection")


def main() -> None:
    records = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
    records = records.rename(columns={"id": "ID", "entrytype": "ENTRYTYPE"})
    records["author"] = records["author"].str.replace("; ", " and ")  # BibTeX's way, which it expects
    in_books = records["ENTRYTYPE"].isin(_IN_BOOKS)
    records["booktitle"] = records["journal"].where(in_books, "")
    records["journal"] = records["journal"].where(~in_books, "")
    prepared = prep(records, verbosity_level=0, cpu=1)
    pairs = block(prepared, verbosity_level=0, cpu=1)
    matched = match(pairs, verbosity_level=0, cpu=1)
    with open(sys.argv[2], "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - as a peer's user would
        table = csv.writer(file)
        table.writerow(["ids"])
        table.writerows([";".join(group)] for group in cluster(matched, verbosity_level=0))


if __name__ == "__main__":
    main()
