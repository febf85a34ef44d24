"""Commands and queries, one function each: (transaction or connection, values, now). Knows no web
and commits nothing.
"""
