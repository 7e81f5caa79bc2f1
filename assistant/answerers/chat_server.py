"""A chat server that speaks OpenAI's protocol, through the official client. The only module that knows it."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.errors import BadRequest, ModelUnavailable, ServerFailed

if TYPE_CHECKING:
    import httpx2
    import openai

OPENAI_URL = "https://api.openai.com/v1"
_CONNECT_SECONDS = 5.0
_NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server is and what it is asked for; the key is kept out of any repr."""

    base_url: str
    model: str
    api_key: str = field(default=_NO_KEY, repr=False)

    @property
    def host(self) -> str:
        """The host that text goes to, with its port where one is given.

        Raises:
            BadRequest: the address is none of the web.
        """
        try:
            parts = urlsplit(self.base_url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in ("http", "https"):
            raise BadRequest(
                f"OPENAI_BASE_URL is no web address ({self.base_url!r})",
                "give it as http://127.0.0.1:11434/v1",
                "openai_base_url",
            )
        name = f"[{host}]" if ":" in host else host
        return f"{name}:{port}" if port else name

    @property
    def may_go_by_proxy(self) -> bool:
        """Whether a proxy of the environment may come between: not on this machine, nor where it would read along."""
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        try:
            local = ipaddress.ip_address(host).is_loopback
        except ValueError:
            local = host == "localhost"
        return parts.scheme == "https" and not local


class ChatServer:
    """Streams what a model writes. ``seconds`` bound the silence between two pieces, and the whole, alike."""

    def __init__(self, address: ServerAddress, *, seconds: float, answer_tokens: int) -> None:
        _require_client()
        self.host = address.host
        self._address = address
        self._seconds = seconds
        self._tokens = answer_tokens

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """What the model writes, piece by piece. A server may take twice the seconds at worst: to begin, and to end.

        Raises:
            ServerFailed: there is no answer, or it ends before the model was done.
        """
        import httpx2
        import openai

        started = False
        try:
            with self._client() as client, self._started(client, messages) as chunks:
                started = True
                yield from self._texts(chunks)
        except openai.APITimeoutError as error:
            raise ServerFailed(f"took longer than {self._seconds:g} seconds", "raise llm_seconds") from error
        except openai.APIStatusError as error:
            raise ServerFailed(_status(error.status_code), "check OPENAI_BASE_URL and FOOTNOTE_LLM_MODEL") from error
        except (openai.APIConnectionError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = "broke off" if started else "cannot be reached"
            raise ServerFailed(reason, "check that it runs, and OPENAI_BASE_URL") from error
        except openai.APIError as error:
            raise ServerFailed("answered with an error", "see the server's own log") from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ServerFailed("does not speak OpenAI's protocol", "check OPENAI_BASE_URL") from error
        except (ImportError, OSError) as error:
            raise ServerFailed(
                f"cannot be asked ({error})", "check the environment's proxies and certificates"
            ) from error

    def _client(self) -> openai.OpenAI:
        import openai

        deadline = time.monotonic() + self._seconds
        http_client = openai.DefaultHttpxClient(
            follow_redirects=False,  # the notice names the host that text goes to: it goes nowhere else
            trust_env=self._address.may_go_by_proxy,
            event_hooks={
                "request": [self._without_account],
                "response": [lambda response: _bound(response, deadline)],
            },
        )
        timeout = openai.Timeout(self._seconds, connect=min(_CONNECT_SECONDS, self._seconds))
        return openai.OpenAI(
            base_url=self._address.base_url,
            api_key=self._address.api_key,
            max_retries=0,
            timeout=timeout,
            http_client=http_client,
        )

    def _without_account(self, request: httpx2.Request) -> None:
        """Takes an account's names with OpenAI, which the client finds in the environment, from requests to others."""
        if urlsplit(self._address.base_url).hostname != urlsplit(OPENAI_URL).hostname:
            for name in ("OpenAI-Organization", "OpenAI-Project"):
                request.headers.pop(name, None)

    def _started(self, client: openai.OpenAI, messages: Sequence[Mapping[str, str]]) -> Any:
        """The stream of chunks. Some models refuse the usual limits; they are asked once more in the newer way."""
        import openai

        create: Any = client.chat.completions.create
        asked = {"model": self._address.model, "messages": list(messages), "stream": True}
        try:
            return create(**asked, max_tokens=self._tokens, temperature=0)
        except openai.BadRequestError:
            return create(**asked, max_completion_tokens=self._tokens)

    def _texts(self, chunks: Any) -> Iterator[str]:
        ended: object = None
        chunk = None
        for chunk in chunks:
            for choice in chunk.choices[:1]:
                text = choice.delta.content if choice.delta else None
                if isinstance(text, str) and text:
                    yield text
                ended = choice.finish_reason or ended
        if ended == "length":
            raise ServerFailed(f"wrote more than {self._tokens} tokens", "raise llm_answer_tokens")
        if chunk is None:
            raise ServerFailed("does not speak OpenAI's protocol", "check OPENAI_BASE_URL")
        if ended != "stop":
            raise ServerFailed("broke off", "ask again")


def _bound(response: httpx2.Response, deadline: float) -> None:
    """Ends a response at the deadline, also where its server keeps it alive without saying anything."""
    import httpx2

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, inner: httpx2.SyncByteStream) -> None:
            self._inner = inner

        def __iter__(self) -> Iterator[bytes]:
            for piece in self._inner:
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the deadline has passed", request=response.request)
                yield piece

        def close(self) -> None:
            self._inner.close()

    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = Bounded(response.stream)


def _status(code: int) -> str:
    meaning = {401: "refused the key", 403: "refused the key", 404: "knows no such model or address"}
    meaning[429] = "has too much to do"
    return f"{meaning.get(code, 'answered with an error')} (status {code})"


def _require_client() -> None:
    """Raises ModelUnavailable where the extra is not installed."""
    try:
        import openai  # noqa: F401
    except ImportError as error:
        raise ModelUnavailable(
            "the client for language models is not installed", "run `pip install -e '.[llm]'` in Footnote's folder"
        ) from error
