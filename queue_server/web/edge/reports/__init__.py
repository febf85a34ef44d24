"""Reports as people and programs get them: words, tables, charts, and the files made of them."""
