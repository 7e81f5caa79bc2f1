"""`footnote serve`: the web page and the HTTP API."""

from __future__ import annotations

import socket

import click

from assistant.cli.options import answerer_options, command_options, print_json, settings_with
from assistant.settings import Settings
from assistant.wiring import wired
from corpus.errors import PortInUse


@click.command("serve")
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="The port to listen on; 0 takes a free one.  [default: 8000]")
@command_options
@answerer_options
def serve_command(settings: Settings, as_json: bool, local_llm: bool, host: str | None, port: int | None) -> None:
    """Serve the web page and the HTTP API until interrupted."""
    import uvicorn

    from assistant.http.app import create_app

    settings = settings_with(settings, host=host, port=port)
    with wired(settings, local_llm=local_llm) as footnote, _listening(settings) as listener:
        footnote.store.count()  # a library that cannot be used is said before anything is served
        writer = footnote.answerer  # and so is a language model
        address, bound = listener.getsockname()[:2]
        url = f"http://{f'[{address}]' if ':' in address else address}:{bound}"
        app = create_app(footnote)
        if as_json:
            print_json({"url": url})
        else:
            click.echo(f"Footnote is serving on {url} (the API's documentation: {url}/docs). Ctrl-C stops it.")
            if writer.host:
                click.echo(f"A language model writes the answers: questions and evidence go to {writer.host}.")
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
        uvicorn.Server(config).run(sockets=[listener])


def _listening(settings: Settings) -> socket.socket:
    """A socket that listens on the settings' address: who connects before the server runs waits for it.

    Raises:
        PortInUse: it is taken, or may not be used.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        raise PortInUse(
            f"cannot listen on {settings.host}:{settings.port} ({reason})", "choose another with --port or --host"
        ) from error
    return listener
