"""One verb a file: arguments to an exit status; the only room that sees several others."""
