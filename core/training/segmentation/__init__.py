"""The segmentation network: its weights, its shape in torch, and the file that ships."""
