"""The pages, a folder for each of the people who use them."""
