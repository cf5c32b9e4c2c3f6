"""Small invented papers: a one-page PDF in Chinese, and plain text."""

LINE = 30
PAGE = (595, 842)
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 6 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
    b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


def pdf(title: str, paragraphs: list[str]) -> bytes:
    """Return a PDF of one page: a title and paragraphs, set in the reader's own Chinese font."""
    content = b"\n".join([_text(title, 22, 120, 760), *_lines(paragraphs)])
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 7 0 R"
        b" /Resources << /Font << /F 4 0 R >> >> >>" % PAGE,
        *FONT,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    return _assemble(objects)


def text(title: str, paragraphs: list[str]) -> bytes:
    """Return a plain text file."""
    return ("\ufeff" + "\r\n\r\n".join([title, *paragraphs]) + "\r\n").encode()


def _lines(paragraphs: list[str]) -> list[bytes]:
    lines = [p[at : at + LINE] for p in paragraphs for at in range(0, len(p), LINE)]
    return [_text(line, 14, 80, 710 - 26 * number) for number, line in enumerate(lines[:24])]


def _text(line: str, size: int, x: int, y: int) -> bytes:
    code = line.encode("utf-16-be").hex().encode()
    return b"BT /F %d Tf %d %d Td <%s> Tj ET" % (size, x, y, code)


def _assemble(objects: list[bytes]) -> bytes:
    parts, offsets, at = [b"%PDF-1.4\n"], [], 9
    for number, body in enumerate(objects, 1):
        offsets.append(at)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, at))
    return b"".join(parts)
