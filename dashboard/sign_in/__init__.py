"""How people come in and go: a page without scripts, and a cookie that no script can read."""
