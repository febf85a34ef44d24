"""A day of one office played out by invented people through the real services and a real
database.
"""
