"""What is learnt from: corpora, their recordings, and conversations made of them."""
