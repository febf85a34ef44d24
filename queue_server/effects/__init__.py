"""What follows a change, after it is committed. Read `reactions.py` to know all of it."""
