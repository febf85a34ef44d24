"""What staff of any desk see and do about the person of a visit."""
