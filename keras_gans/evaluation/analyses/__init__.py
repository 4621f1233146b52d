"""Analyses of generators, one a file: a function of arrays, and the analysis of `evaluate` that calls it."""
