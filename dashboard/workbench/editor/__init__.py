"""The editor of rule files: CodeMirror, bundled, and what surrounds it. See the README."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

_BUNDLE: Final = Path(__file__).with_name("editor.js")
_ADDRESS: Final = "/workbench/editor.js"
#: A file is asked for by the hash of what is in it, and so never anew.
_LASTS: Final = "public, max-age=31536000, immutable"
_HTML: Final = """
<div class="bench">
  <nav class="files" aria-label="Files"></nav>
  <div class="text"></div>
  <div class="state" role="status"></div>
  <div class="findings"></div>
</div>
"""
#: The module itself is too large to be sent with each answer.
_SCRIPT: Final = """
export default function (component) {
  const address = new URL(component.data.script, document.baseURI).href;
  let leave = () => {};
  import(address).then(({ show }) => { leave = show(component); });
  return () => leave();
}
"""


async def bundle(request: Request) -> Response:
    """The bundled editor."""
    del request
    return FileResponse(_BUNDLE, media_type="text/javascript", headers={"Cache-Control": _LASTS})


ROUTES: Final = (Route(_ADDRESS, bundle, methods=["GET"]),)


def rule_editor(key: str, data: Mapping[str, Any]) -> None:
    """Show the editor; what is done in it stands in the session state under `key`.

    - `written`: `number`, `path` and `text` of what was written last.
    - `opened`: `number`, `path` and `line` of what somebody wants to see.
    - `knows`: the digest of the completions that arrived.

    Args:
        key: Of the session state.
        data: See `answer` in `src/editor.js`.
    """
    component = st.components.v2.component(
        "tierwise_rule_editor", html=_HTML, css=_css(), js=_SCRIPT
    )
    component(
        key=key,
        data={**data, "script": _address()},
        on_written_change=lambda: None,
        on_opened_change=lambda: None,
        on_knows_change=lambda: None,
    )


@cache
def _address() -> str:
    digest = hashlib.sha256(_BUNDLE.read_bytes()).hexdigest()[:16]
    return f"{_ADDRESS}?{digest}"


@cache
def _css() -> str:
    return Path(__file__).with_name("editor.css").read_text(encoding="utf-8")
