"""Work that takes over 50 ms, beside the loop that answers everybody."""
