"""Where booking and door meet: places taken, given back, offered, planned anew."""
