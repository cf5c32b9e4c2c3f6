"""Benchmarks: how fast the product is beside the floor of the machine it runs on (`make bench`)."""
