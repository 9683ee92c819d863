"""Encoding: the bytes of a file as text, or a sentence on what they are instead."""

# How files that are not text begin, and what they are.
OTHER_FILES = {
    b"PK\x03\x04": "an Excel or another packed file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a packed file",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
WEB_PAGE = ("<!doctype html", "<html")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decoded(content: bytes) -> tuple[str, list[str]]:
    """Decode text in UTF-8, UTF-16 or Windows-1252, and say so where it was not the first."""
    for beginning, what in OTHER_FILES.items():
        if content.startswith(beginning):
            raise ValueError(
                f"This is {what}, not text: in the program it comes from, save it as CSV."
            )
    encoding = next((code for mark, code in MARKS.items() if content.startswith(mark)), None)
    encoding = encoding or _unmarked(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(
            "The file is not text in UTF-8, UTF-16 or Windows-1252: save it as CSV in UTF-8."
        ) from None
    if "\0" in text:
        raise ValueError("The file is not text: it holds zero bytes. Save it as CSV in UTF-8.")
    if text.lstrip()[:20].lower().startswith(WEB_PAGE):
        raise ValueError("This is a web page, not a table: save the data themselves as CSV.")
    usual = encoding.startswith("utf-8")
    notes = [] if usual else [f"Read as {'UTF-16' if 'utf' in encoding else 'Windows-1252'} text."]
    return text, notes


def _unmarked(content: bytes) -> str:
    """Guess an encoding: every second byte of UTF-16 is 0 where the text is plain."""
    sample = content[: 2 * (len(content[:4096]) // 2)]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[start::2]
        if half and half.count(0) > 0.4 * len(half) and not sample[1 - start :: 2].count(0):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
