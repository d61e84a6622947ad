"""Privacy: masking, how long what is kept, and erasing a person everywhere."""
