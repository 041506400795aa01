"""Kind and size of a picture, read from its first bytes."""

import struct

NOTHING = (None, 0, 0)
# Start-of-frame markers; C4, C8 and CC in that range are tables, not frames.
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size_of(content: bytes):
    """Return ``(kind, width, height)`` with kind "png" or "jpeg", or None when it is neither."""
    try:
        if content[:8] == b"\x89PNG\r\n\x1a\n" and content[12:16] == b"IHDR":
            return "png", *struct.unpack(">II", content[16:24])
        if content[:3] == b"\xff\xd8\xff":
            return _jpeg_size(content)
    except (struct.error, IndexError):
        return NOTHING
    return NOTHING


def _jpeg_size(content):
    position = 2
    while content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        (length,) = struct.unpack(">H", content[position + 2 : position + 4])
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return "jpeg", width, height
        position += 2 + length
    return NOTHING
