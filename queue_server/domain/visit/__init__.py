"""One visit of one party: its ticket, its steps, its number, and the office-day to which it
belongs.
"""
