"""Adapters of GANs, exports and published modules: one `generate` for all that `evaluate` samples."""
