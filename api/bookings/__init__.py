"""Bookings: free slots, holds, appointments, their page and their calendar files."""
