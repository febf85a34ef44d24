"""What is read of many offices at once: one query for each figure, however many offices."""
