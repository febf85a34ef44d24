"""The migrations, oldest first. A package, so that an installation has them."""
