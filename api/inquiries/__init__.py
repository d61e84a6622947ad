"""What people asked, as staff look for it and work on it: narrow rows, words to search, verdicts, work, hand-offs."""
