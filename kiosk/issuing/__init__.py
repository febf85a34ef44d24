"""How a touch becomes a number: from the server, or from the lease where the server is silent."""
