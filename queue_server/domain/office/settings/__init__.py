"""The settings of an office: its structure, what stands in the way of a change, its parts with
their history, and finding one by words.
"""
