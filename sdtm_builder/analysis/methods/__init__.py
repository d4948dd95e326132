"""Methods of analysis, one a file; none knows a study, a dataset or a test."""
