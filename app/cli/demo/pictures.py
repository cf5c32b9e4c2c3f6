"""Small invented photographs as PNG files: a place before and after rectification, drawn from a seed."""

import struct
import zlib
from functools import lru_cache
from random import Random

WIDTH, HEIGHT = 480, 320
HORIZON = 150
Colour = tuple[int, int, int]
Canvas = list[bytearray]

SKIES: tuple[Colour, ...] = ((176, 205, 226), (198, 212, 216), (214, 204, 186), (160, 190, 214))
GROUNDS: tuple[Colour, ...] = ((122, 140, 96), (150, 140, 118), (132, 132, 130), (110, 126, 108))
WALLS: tuple[Colour, ...] = ((216, 204, 188), (190, 176, 160), (226, 224, 216), (178, 150, 130))
RUBBISH: tuple[Colour, ...] = (
    (92, 78, 62),
    (140, 120, 90),
    (60, 66, 74),
    (168, 60, 48),
    (210, 206, 196),
    (70, 96, 120),
)
LEAVES: tuple[Colour, ...] = ((58, 104, 60), (78, 126, 70), (46, 90, 66))


def draw_place(seed: str, shot: int, *, is_clean: bool) -> bytes:
    """Return a PNG of the place that the seed stands for, littered or tidy; no two shots of it are alike."""
    canvas = [bytearray(row) for row in _place(seed)]
    detail = Random(f"{seed}/{shot}/{is_clean}")  # noqa: S311 - a picture, no secret
    draw = _trees if is_clean else _litter
    draw(detail, canvas)
    return _png(canvas)


@lru_cache(64)
def _place(seed: str) -> tuple[bytes, ...]:
    """Draw the place without what changes in it."""
    chance = Random(seed)  # noqa: S311
    canvas = _ground(chance, bytearray(bytes(chance.choice(SKIES)) * WIDTH))
    for _ in range(chance.randint(2, 4)):
        _house(chance, canvas)
    _road(chance, canvas)
    return tuple(bytes(row) for row in canvas)


def _ground(chance: Random, sky: bytearray) -> Canvas:
    ground = chance.choice(GROUNDS)
    canvas = [bytearray(sky) for _ in range(HORIZON)]
    for y in range(HORIZON, HEIGHT):
        canvas.append(bytearray(bytes(_shade(ground, (y - HORIZON) // 8)) * WIDTH))
    return canvas


def _house(chance: Random, canvas: Canvas) -> None:
    left, width, height = chance.randint(0, WIDTH - 120), chance.randint(70, 120), chance.randint(50, 100)
    top, wall = HORIZON - height, chance.choice(WALLS)
    _fill(canvas, left, top, width, height + 12, wall)
    _fill(canvas, left - 4, top - 8, width + 8, 8, _shade(wall, -60))
    for column in range(left + 10, left + width - 20, 26):
        for row in range(top + 12, HORIZON - 10, 30):
            _fill(canvas, column, row, 14, 16, (70, 86, 100))


def _road(chance: Random, canvas: Canvas) -> None:
    middle, lean = chance.randint(160, 320), chance.uniform(-0.6, 0.6)
    for y in range(HORIZON + 12, HEIGHT):
        half = 16 + (y - HORIZON) // 2
        centre = int(middle + (y - HORIZON) * lean)
        _fill(canvas, centre - half, y, 2 * half, 1, (118, 118, 120))
        if (y // 12) % 2:
            _fill(canvas, centre - 2, y, 4, 1, (226, 224, 210))


def _litter(chance: Random, canvas: Canvas) -> None:
    for _ in range(chance.randint(2, 4)):
        left, top = chance.randint(20, WIDTH - 140), chance.randint(HORIZON + 30, HEIGHT - 60)
        for _ in range(chance.randint(25, 60)):
            x, y = left + int(chance.triangular(0, 120)), top + int(chance.triangular(0, 50, 40))
            _fill(canvas, x, y, chance.randint(4, 18), chance.randint(3, 10), chance.choice(RUBBISH))


def _trees(chance: Random, canvas: Canvas) -> None:
    for _ in range(chance.randint(4, 7)):
        x, foot = chance.randint(10, WIDTH - 30), chance.randint(HORIZON + 20, HEIGHT - 30)
        _fill(canvas, x + 8, foot - 26, 5, 26, (96, 74, 54))
        for leaf in range(24):
            colour = chance.choice(LEAVES)
            _fill(canvas, x + chance.randint(-8, 20), foot - 56 + leaf + chance.randint(0, 8), 10, 6, colour)


def _fill(canvas: Canvas, left: int, top: int, width: int, height: int, colour: Colour) -> None:
    begin, end = max(left, 0), min(left + width, WIDTH)
    if end <= begin:
        return
    row = bytes(colour) * (end - begin)
    for y in range(max(top, 0), min(top + height, HEIGHT)):
        canvas[y][begin * 3 : end * 3] = row


def _shade(colour: Colour, by: int) -> Colour:
    red, green, blue = (min(255, max(0, value + by)) for value in colour)
    return red, green, blue


def _png(canvas: Canvas) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in canvas), 1)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
