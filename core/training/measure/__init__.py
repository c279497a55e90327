"""How good it is: error rates of encoders and of recognition."""
