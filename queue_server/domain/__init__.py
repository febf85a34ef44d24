"""The rules of the queue: pure functions over frozen values. Knows no clock, no database, no
web.
"""
