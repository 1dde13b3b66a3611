"""What may be shown in a terminal."""


def printable(text: str) -> str:
    """A text in which nothing moves the cursor or changes colours: other people wrote it."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in text
    )
