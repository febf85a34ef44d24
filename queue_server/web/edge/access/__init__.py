"""Who asks, and may they: sessions, tokens, CSRF, and whom each route and page is for."""
