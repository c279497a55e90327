"""UIS-RNN: the network, the state it keeps of each speaker, and the beam search over both."""
