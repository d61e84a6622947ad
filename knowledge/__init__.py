"""The scheme as data, and the small typed loader that reads it. Nothing else says anything about the scheme."""
