"""Discriminators and generators that wrap a network of yours: features, reference batches, energies, classifiers."""
