"""What an evaluation looks at beyond its metrics. One analysis a file."""
