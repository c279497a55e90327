"""Training of what tells speakers apart: UIS-RNN, calibration and counting."""
