"""Documents in: reading, cleaning, metadata, and the library that keeps them."""
