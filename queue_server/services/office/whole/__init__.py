"""An office as one thing: made, copied, read from a file, filled from a catalogue, taken away."""
