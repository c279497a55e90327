"""How things look: colours, theme, icons, marks. Painting without state."""
