"""A transfer of raw data against the one before it, and the queries that its flaws give."""
