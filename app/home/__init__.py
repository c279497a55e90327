"""The meetings of before, on the first page: the list, its search, and where one left off."""
