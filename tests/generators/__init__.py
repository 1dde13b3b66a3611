"""Random policies and items that are likely to meet each other, from a seed or from hypothesis."""
