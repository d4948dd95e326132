"""SAS version 5 transport files: their layout, IBM floats, and the reader that shows what was published."""
