"""What strangers may ask for and learn: limits, proofs of work, persons who are not theirs to
know.
"""
