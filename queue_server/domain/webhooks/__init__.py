"""What other programs are told by signed webhooks: which events, of which facts, and for how long
it is tried.
"""
