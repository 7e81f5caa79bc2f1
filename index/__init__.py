"""Passages found: cutting, embedding, the vector and the lexical index, and retrieval over both."""
