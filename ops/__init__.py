"""Set-up and start of the house. Runs on the machine's own Python with nothing but its standard library."""
