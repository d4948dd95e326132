"""One conformance rule a file, found by its presence here."""
