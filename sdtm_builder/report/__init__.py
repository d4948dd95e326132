"""What a build did and what is wrong with it, for people: HTML, workbook, JSON, console lines and log."""
