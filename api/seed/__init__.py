"""Invented conversations in any number, for measurements and demonstrations; never in production."""
