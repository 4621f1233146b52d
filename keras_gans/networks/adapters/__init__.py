"""Functions that wrap the user's network and give it features, a reference batch, energies or class scores."""
