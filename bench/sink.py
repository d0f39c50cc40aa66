"""A mail server that takes every mail and forgets it:  python -m bench.sink PORT"""

import asyncio
import sys

GREETING, OK, GO_ON, BYE = b"220 sink\r\n", b"250 OK\r\n", b"354 go on\r\n", b"221 bye\r\n"
EXTENSIONS = b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, command after command (RFC 5321)."""
    writer.write(GREETING)
    while line := await reader.readline():
        command = line[:4].upper()
        if command == b"DATA":
            writer.write(GO_ON)
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(OK)
        elif command == b"EHLO":
            writer.write(EXTENSIONS)
        elif command == b"QUIT":
            writer.write(BYE)
            break
        else:
            writer.write(OK)
        await writer.drain()
    writer.close()


async def main(port: int) -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=50_000_000)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
