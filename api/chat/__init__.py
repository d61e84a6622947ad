"""Conversations: what people send, the client of Rasa, and what they get back."""
