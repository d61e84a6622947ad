// Everything works without this file; it only saves the staff some steps.
