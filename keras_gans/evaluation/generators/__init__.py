"""What can be evaluated: a GAN, an export, a published module, behind one `generate`."""
