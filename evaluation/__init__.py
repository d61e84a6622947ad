"""Measures how right the assistant is on questions that it has never seen."""
