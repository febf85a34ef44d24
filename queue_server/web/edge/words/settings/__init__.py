"""The settings of an office in words: what each part is called, what it was and became, and why a
change is refused.
"""
