"""What kind of picture some bytes are, by how they begin; what a server says is not asked."""

from typing import Final

#: SVG is a document, which can hold scripts and fetch: it is none of these.
_BEGIN: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_RIFF, _WEBP = b"RIFF", b"WEBP"
_AVIF: Final = (b"ftypavif", b"ftypavis")


def kind_of(data: bytes) -> str | None:
    """The media type of a picture; None: it is no picture that is shown here."""
    for begin, kind in _BEGIN:
        if data.startswith(begin):
            return kind
    if data.startswith(_RIFF) and data[8:12] == _WEBP:
        return "image/webp"
    return "image/avif" if data[4:12] in _AVIF else None
