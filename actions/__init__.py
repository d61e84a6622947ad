"""What the dialogue does: answers from knowledge/, and one task engine. Writes nothing; returns commands."""
