"""Managers' pages on personal data: how long it is kept, one person, the record of it."""
