"""Build one SVG sprite from the icons that setup/icons.txt names, so that a page loads them with one request."""

import re
import sys
from pathlib import Path


def build_sprite(icons: Path, names: list[str]) -> str:
    """Return a sprite of symbols with id `icon-NAME`; NAME may be `filled/NAME`, then the id is `icon-NAME-filled`."""
    symbols = []
    for name in names:
        style, _, bare = name.rpartition("/")
        drawing = (icons / (style or "outline") / f"{bare}.svg").read_text()
        shapes = re.sub(r"\s*\n\s*", "", re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.S))
        paint = (
            'fill="currentColor"'
            if style == "filled"
            else 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        )
        suffix = f"-{style}" if style else ""
        symbols.append(f'<symbol id="icon-{bare}{suffix}" viewBox="0 0 24 24" {paint}>{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    source, listed, target = (Path(argument) for argument in sys.argv[1:4])
    target.write_text(build_sprite(source, listed.read_text().split()))
