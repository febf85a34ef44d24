"""The demonstration: eight civil-registry offices of Banten with invented addresses, staff and
visitors.
"""
