"""LINE: its webhook, how replies look there, and how they are sent."""
