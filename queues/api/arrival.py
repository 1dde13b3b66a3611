"""The page on which somebody with an invitation sets a password."""

from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

#: The page runs the script below and asks us alone.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tierwise: set a password</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 15vh auto }
  body { padding: 0 1rem }
  label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
  input, button { padding: .5rem; margin: .25rem 0 1rem }
</style>
<h1>Set a password</h1>
<form id="form">
  <label for="password">Password, at least as long as a short sentence</label>
  <input id="password" type="password" autocomplete="new-password" required autofocus>
  <label for="again">The same again</label>
  <input id="again" type="password" autocomplete="new-password" required>
  <button>Set it</button>
</form>
<p id="told" role="status"></p>
<script src="invitation/start.js"></script>
</html>
"""
#: What stands behind `#` is sent to no server and stands in no log; it leaves the address at once.
_START: Final = """\
"use strict";
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
const form = document.getElementById("form");
const told = document.getElementById("told");
const value = (name) => document.getElementById(name).value;
if (!token) {
  form.hidden = true;
  told.textContent = "This page needs the whole link of an invitation.";
}
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (value("password") !== value("again")) {
    told.textContent = "The two are different.";
    return;
  }
  let answer;
  let said;
  try {
    answer = await fetch("v1/people/invitations:accept", {
      method: "POST",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify({token, password: value("password")}),
    });
    said = await answer.json();
  } catch {
    told.textContent = "The service cannot be reached. Try again.";
    return;
  }
  if (answer.ok) {
    form.remove();
    // Nobody has the session that came with it.
    const headers = {Authorization: `Bearer ${said.token}`};
    fetch("v1/sessions/current", {method: "DELETE", headers}).catch(() => {});
  }
  told.textContent = answer.ok
    ? `Your password is set. Sign in as ${said.person.name}.`
    : said.detail;
});
"""


def receive(app: FastAPI) -> None:
    """Give the application the page; it needs no credential but the link itself."""

    async def show_page(_request: Request) -> Response:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    async def show_start(_request: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    app.router.routes += [
        Route("/invitation", show_page),
        Route("/invitation/start.js", show_start),
    ]
