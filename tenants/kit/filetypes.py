"""What a file is by its first bytes. What its sender calls it is never believed for anything we show.

Patterns: WHATWG MIME Sniffing Standard §6 (mimesniff.spec.whatwg.org), ISO/IEC 14496-12 "ftyp" brands
(mp4ra.org), RFC 3533 and RFC 7845 (Ogg), RFC 4867 §5 (AMR), ISO/IEC 13818-7 (ADTS). A table of our own:
libraries guess among hundreds of formats, and take an AVIF picture for a video.
"""

import re

HEAD = 4_096  # bytes that are enough to tell
UNKNOWN = "application/octet-stream"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
SOUNDS = frozenset({"audio/mpeg", "audio/ogg", "audio/mp4", "audio/aac", "audio/wav", "audio/webm"})
FILMS = frozenset({"video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/3gpp"})
SHOWN = PICTURES | SOUNDS | FILMS  # what browsers may open in our own pages
RECOGNISED = SHOWN | {"application/pdf", "audio/amr", "image/heic"}

BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
)
BRANDS = (
    (rb"avi[fs]", "image/avif"),
    (rb"hei[cxms]|hev[cx]|mif1|msf1", "image/heic"),
    (rb"M4[AB] ", "audio/mp4"),
    (rb"qt  ", "video/quicktime"),
    (rb"3g[p2].", "video/3gpp"),
    (rb"isom|iso[2-9]|mp4[12v]|avc1|M4V[ HP]|MSNV|dash|cmf[cs2]|f4v ", "video/mp4"),
)


def kind_of(head: bytes) -> str:
    """The content type that the first bytes show (`HEAD` of them), "" for what we do not recognise."""
    for beginning, kind in BEGINNINGS:
        if head.startswith(beginning):
            return kind
    return next((kind for look in (_riff, _boxes, _ogg, _matroska, _frames) if (kind := look(head))), "")


def settled(declared: str, head: bytes) -> str:
    """The content type to keep: by the bytes, else the declared one if it is none we would recognise."""
    found = kind_of(head)
    said = declared.partition(";")[0].strip().lower()
    if found:
        return found
    return UNKNOWN if not said or said in RECOGNISED else said[:100]


def _riff(head: bytes) -> str:
    if head[:4] != b"RIFF":
        return ""
    return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")


def _boxes(head: bytes) -> str:
    """MP4 and its relatives: the major brand, else the compatible ones."""
    if head[4:8] != b"ftyp":
        return ""
    size = min(int.from_bytes(head[:4]), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
    for brand in brands:
        found = next((kind for pattern, kind in BRANDS if re.fullmatch(pattern, brand)), "")
        if found == "image/heic" and any(re.fullmatch(rb"avi[fs]", other) for other in brands):
            return "image/avif"
        if found:
            return found
    return ""


def _ogg(head: bytes) -> str:
    """What flows in the first stream: after the page's header of 27 bytes and its table of segments."""
    if head[:4] != b"OggS" or len(head) < 28:
        return ""
    stream = head[27 + head[26] :]
    if stream.startswith(b"\x80theora"):
        return "video/ogg"
    heard = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
    return "audio/ogg" if stream.startswith(heard) else ""


def _matroska(head: bytes) -> str:
    """WebM; by its codecs sound alone, or pictures."""
    if head[:4] != b"\x1a\x45\xdf\xa3" or b"webm" not in head[:64]:
        return ""
    seen = b"V_VP8" in head or b"V_VP9" in head or b"V_AV1" in head
    return "audio/webm" if not seen and (b"A_OPUS" in head or b"A_VORBIS" in head) else "video/webm"


def _frames(head: bytes) -> str:
    """MP3 without tags: a frame of layer III with a bit rate and a sample rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return ""
    rates = head[2] >> 4, head[2] >> 2 & 3
    return "audio/mpeg" if 0 < rates[0] < 15 and rates[1] != 3 and head[1] & 0x18 != 0x08 else ""
