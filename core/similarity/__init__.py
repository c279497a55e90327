"""Who sounds like whom: distances, and a plane that shows them."""
