"""The standard conditions of the source, as lists and patterns to start from."""

from typing import Final

#: By the name of the condition: domains that are commonly meant by it. They are lists of our own.
DOMAINS: Final = {
    "image hosting sites": (
        "500px.com",
        "flickr.com",
        "giphy.com",
        "gyazo.com",
        "i.redd.it",
        "ibb.co",
        "imagebam.com",
        "imageshack.com",
        "imgbb.com",
        "imgur.com",
        "photobucket.com",
        "postimg.cc",
        "prntscr.com",
        "tinypic.com",
    ),
    "video hosting sites": (
        "dailymotion.com",
        "gfycat.com",
        "liveleak.com",
        "metacafe.com",
        "streamable.com",
        "v.redd.it",
        "vid.me",
        "vimeo.com",
        "youtu.be",
        "youtube.com",
    ),
    "streaming sites": (
        "azubu.tv",
        "hitbox.tv",
        "kick.com",
        "twitch.tv",
        "ustream.tv",
    ),
    "crowdfunding sites": (
        "crowdrise.com",
        "gofundme.com",
        "indiegogo.com",
        "kickstarter.com",
        "patreon.com",
        "petitions24.com",
        "rockethub.com",
    ),
    "meme generator sites": (
        "imgflip.com",
        "livememe.com",
        "makeameme.org",
        "memebase.com",
        "memecenter.com",
        "memegenerator.net",
        "quickmeme.com",
    ),
}
#: By the name of the condition: a pattern, and the fields of the source it is looked for in.
PATTERNS: Final = {
    "direct image links": ("url", r"\.(?:png|jpe?g|gifv?)(?:$|\?)"),
    "facebook links": ("url+body", r"\b(?:facebook\.com|fb\.com|fb\.me|fbcdn\.net)\b"),
    "amazon affiliate links": (
        "url+body",
        r"\b(?:amazon\.[a-z.]{2,6}|amzn\.\w{2,3})/\S*[?&/]tag=\w",
    ),
}
