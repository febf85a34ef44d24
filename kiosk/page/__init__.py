"""The touch page: what the browser may ask of the agent, every word, and the page's files."""
