"""What any desk asks about the person of a visit."""
