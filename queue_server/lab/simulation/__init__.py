"""Simulates a day of one office with invented people, through the real services and a real
database.
"""
