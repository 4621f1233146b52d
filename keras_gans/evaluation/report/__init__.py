"""The HTML page that shows what an evaluation found."""
