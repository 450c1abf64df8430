"""Extraction: a spreadsheet for each extractor, reading it back, comparing, settling."""
