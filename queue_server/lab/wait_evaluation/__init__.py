"""Measures the prediction of waits on a record of real offices: the command `antrean waits
evaluate`.
"""
