"""Slack: verify, normalise, render, post. The inbox and the queue are those of all channels."""
