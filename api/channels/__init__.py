"""LINE and Slack: verify, normalise, keep; one renderer each for the neutral reply."""
