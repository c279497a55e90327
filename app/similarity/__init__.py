"""How alike the voices of a meeting sound: its windows as a map, its speakers as a matrix."""
