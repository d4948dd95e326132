"""Raw files as tables: every cell's text, typed values, and the file, sheet and row of each record."""
