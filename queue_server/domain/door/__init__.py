"""Letting visitors in: who comes in from outside, and what sensors and kiosks at the door may
do.
"""
