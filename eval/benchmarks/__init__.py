"""Benchmarks of speed and scale, each beside a plain script in the same run."""
