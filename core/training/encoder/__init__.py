"""Training of the encoder, on Keras or PyTorch."""
