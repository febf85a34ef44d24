"""What managers change: hours, limit, rules, rooms, modes, and what follows."""
