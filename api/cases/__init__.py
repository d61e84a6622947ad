"""Cases: verdicts and estimates kept for the hand-off and for printing."""
