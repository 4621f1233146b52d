"""What the residual networks of several papers are made of. Not public: a paper's module names its own."""
