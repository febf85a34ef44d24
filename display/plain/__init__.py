"""The pages for a browser without an agent: a smart TV, an old stick."""
