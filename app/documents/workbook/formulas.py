"""Find formulas whose result was never saved: a program wrote the workbook, and nobody has opened it since.

Part of the program that opens a stranger's workbook (`reader`): it imports nothing of the application either.
"""

import re
import zipfile
from itertools import islice
from pathlib import Path

MOST = 20_000  # cells that are told
SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
LINK = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
UNSAVED = re.compile(
    rb'<(?P<of>(?:\w+:)?)c(?=\s)[^<>]*?\sr="(?P<letters>[A-Z]{1,3})(?P<row>\d{1,7})"[^<>]*>\s*'
    rb"<(?P=of)f(?:\s[^<>]*)?(?:/>|>[^<]*</(?P=of)f>)\s*(?:<(?P=of)v\s*/>|<(?P=of)v></(?P=of)v>)?\s*</(?P=of)c>"
)


def find_unsaved(path: Path, number: int) -> list[tuple[int, int]]:
    """Return the cells (row from 1, column from 0) of a sheet, named by its place, that hold a formula and no result.

    At most 20,000; none where the package is put together in an unusual way.
    """
    with zipfile.ZipFile(path) as package:
        try:
            content = package.read(_part_of(package, number))
        except (KeyError, IndexError):
            return []
    if b"f>" not in content and b"f/>" not in content:
        return []
    return [(int(one["row"]), _column(one["letters"])) for one in islice(UNSAVED.finditer(content), MOST)]


def _part_of(package: zipfile.ZipFile, number: int) -> str:
    """Return the part of the package in which a sheet stands. KeyError or IndexError where nothing says so."""
    sheet = SHEET.findall(package.read("xl/workbook.xml"))[number]
    links = LINK.findall(package.read("xl/_rels/workbook.xml.rels"))
    targets = {_said(link, rb"\sId"): _said(link, rb"\sTarget") for link in links}
    target = targets[_said(sheet, rb"\s\w+:id")]
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _said(tag: bytes, attribute: bytes) -> str:
    found = re.search(attribute + rb"\s*=\s*[\"']([^\"']*)[\"']", tag)
    return found[1].decode() if found else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
