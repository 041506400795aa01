"""Shared by the benchmarks: the harness, a big shop, and programs that they start."""
