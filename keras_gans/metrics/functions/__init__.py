"""The mathematics of the metrics, as functions without state."""
