"""What a sign-in is proved with beside the password, and in place of it."""
