"""Passages found: cutting, embedding, the vector and the lexical index, and retrieval over both."""

import os

# Read by torch's and FAISS's OpenMP when they load: threads that wait sleep. While they spin, two that share a
# processor with anything else take several times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
