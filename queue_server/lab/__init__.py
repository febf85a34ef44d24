"""Measurement and simulation, never part of serving: simulations, evaluations, pictures of the
rules.
"""
