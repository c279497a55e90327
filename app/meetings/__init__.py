"""Meetings: opening, saving, the journal, and what a person is asked about them."""
