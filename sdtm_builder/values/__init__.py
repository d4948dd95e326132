"""What texts mean: folding, numbers, dates, times, partial dates; pure functions on distinct texts."""
