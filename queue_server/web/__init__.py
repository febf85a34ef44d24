"""The edge: pages, the API and the live channel. Words, sessions and HTTP live here and nowhere
below.
"""
