"""What becomes of a campaign's mail after it left: opened, followed, told apart from machines.

tokens     what a mail's links carry: business and recipient, signed
links      a mail's text with its links led through us
scanners   what a single request says of who made it
doors      links and picture as they are fetched: a touch is written, nothing else
judging    a worker's verdict over touches; what a person did goes to the recipient's line
"""
