"""Readers turn what a person wrote into values. They know nothing about the scheme."""
