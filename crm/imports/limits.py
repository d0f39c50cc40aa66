"""How much of a file we take. Said before the upload, held while it streams."""

from tenants.kit import uploads

LARGEST = uploads.LARGEST

LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes that a spreadsheet may unpack to
MOST_PARTS = 2_000  # files inside a spreadsheet
MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000  # characters; what is longer is cut
LONGEST_LINE = 1_000_000  # bytes of one line of a text file: more is none
SAMPLE = 200  # rows that are looked at to tell what the columns are
SHOWN = 20  # rows of the preview
CHUNK = 2_000  # rows of one transaction
READING_TIME = 80.0  # seconds for one file; a worker's limit is 90
TURN = 40.0  # seconds of work after which a worker lets others have a turn
MB = 1024 * 1024
