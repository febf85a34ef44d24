"""Tables as rows of text that both kinds of database read and write."""
