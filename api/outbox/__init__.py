"""Notices: written with what they tell about, sent later, at least once, under one Message-ID each."""
