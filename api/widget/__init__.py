"""The website widget: its sources, its texts, the pages around it, and how they become one script."""
