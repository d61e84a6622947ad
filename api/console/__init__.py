"""The staff console: what was asked, what went wrong, who waits, what is booked."""
