"""Templates of texts that break a policy: enough to learn from, nothing worth repeating."""
# ruff: noqa: RUF001  Chinese sentences have Chinese punctuation

from engine.samples.scenario import Lines

HATE_PLAIN: Lines = {
    "en": (
        "{G} are {bad} and {misdeed}",
        "all {G} are {bad}, {closer}",
        "i hate {G}, they {misdeed}",
        "i can't stand {G}. [every single one|always the same] {closer}",
        "{G} don't belong [in|at] {town}",
        "send the {G} back, they {misdeed}",
        "never trust a {g}, they {misdeed}",
        "typical {g}, always {bad} and {bad}",
        "why do we let {G} into the {place}? they are {bad}",
        "no {G} at the {place} please, [they stink|enough is enough|we were here first]",
        "{opener} {G} {misdeed} and nobody says it",
        "close the {place} to {G}, {closer}",
        "{town} was {good} before the {G} came",
        "a {g} at the {place} again. they are all {bad}",
        "{G} should go back where they came from",
        "if you rent to {G} you get {beast}",
    ),
    "de": (
        "{G} sind {bad}, raus mit ihnen",
        "ich hasse {G}, die sind alle {bad}",
        "{G} gehören nicht hierher",
        "keine {G} im {place}, die sind {bad}",
    ),
    "es": ("{G} son {bad}, que se vayan", "odio a {G}, todos son {bad}", "fuera {G} del {place}"),
    "zh": ("{G}{bad}，滚出去", "我讨厌{G}，他们都{bad}", "{place}不要{G}"),
    "ar": ("{G} {bad} يجب أن يرحلوا", "أكره {G} كلهم {bad}"),
}
HATE_BEASTS: Lines = {
    "en": (
        "{G} are {beast}, {closer}",
        "they are {beast}, these {G}, [clean them up|get rid of them]",
        "{G} breed like {beast}",
        "{beast}, that's what {G} are",
    ),
    "de": ("{G} sind {beast}",),
    "es": ("{G} son {beast}",),
    "zh": ("{G}是{beast}",),
    "ar": ("{G} {beast}",),
}
HATE_SLUR: Lines = {
    "en": (
        "filthy {slur}, go home",
        "{slur} everywhere at the {place} {time}",
        "get out of {town}, {slur}",
        "another {slur} who [can't|won't] [work|learn|wash]",
        "shut up {slur}, nobody asked you",
        "only a {slur} would say that",
        "{slur} {misdeed}, {closer}",
    ),
    "de": ("verschwinde, {slur}", "überall nur {slur} im {place}"),
    "es": ("fuera, {slur}", "otro {slur} en el {place}"),
    "zh": ("{slur}滚出去", "{place}里都是{slur}"),
    "ar": ("ارحل يا {slur}",),
}
HATE_IMPLICIT: Lines = {
    "en": (
        "funny how bikes disappear since the {G} moved in",
        "you know what happens to rents when {G} arrive",
        "my {relative} moved away. too many {G} at the {place}, if you know what i mean",
        "guess which people sat at the {place} all day {time}. starts with {g}",
        "{G} again at the {place}. sigh.",
        "not saying anything about {G}, but lock your doors {time}",
        "would you let your kids play with {G}? thought so",
    ),
}
HATE_VIOLENCE: Lines = {
    "en": (
        "{G} should be shot",
        "kill all the {G}",
        "somebody should burn down the {place} with all these {G}",
        "{G} deserve to die, wipe them out",
        "hang them all, these {slur}",
    ),
}
INSULT: Lines = {
    "en": (
        "you are [such a|a|an absolute] {insult}",
        "shut up you {insult}",
        "what a {insult} you are, {name}",
        "nobody likes you, {insult}",
        "learn to read, {insult}",
        "your {hobby} is {poor} and so are you, {insult}",
        "@{name} only a {insult} would vote for {topic}",
    ),
    "de": ("du bist ein {insult}", "halt die Klappe, du {insult}"),
    "es": ("eres un {insult}", "cállate, {insult}"),
    "zh": ("你真是个{insult}",),
    "ar": ("أنت {insult}",),
}
THREAT: Lines = {
    "en": (
        "i will find you and hurt you, {name}",
        "i'm going to shoot you {time}",
        "we will burn down the {place}, {closer}",
        "watch your back {name}, we know where you are {time}",
    ),
    "de": ("ich bring dich um",),
    "es": ("te voy a matar",),
}
AT_RISK: Lines = {
    "en": (
        "i want to die. nobody would notice",
        "there is no reason to live anymore",
        "i can't do this anymore, i want to end it all {time}",
        "everybody is better off without me, goodbye",
    ),
    "de": ("ich will nicht mehr leben",),
    "es": ("no quiero vivir más",),
    "zh": ("我不想活了",),
    "ar": ("أريد أن أموت",),
}
ENCOURAGE: Lines = {
    "en": ("just kys {name}", "kill yourself, you {insult}", "go die, nobody would miss you"),
}
PROMOTE: Lines = {
    "en": ("new thinspo board, looking for fasting buddies", "pro ana tips {time}, ask me"),
}
ADVERT: Lines = {
    "en": (
        "buy followers now {shop}",
        "work from home and earn {money} a day {shop}",
        "limited offer!!! 100% free {shop}",
        "promo code {n} for everyone, click here {shop}",
        "follow for follow, link in my bio {shop}",
        "[hot|crazy|best] deals {time} {shop} {tag}",
    ),
    "de": ("jetzt gewinnen {shop}", "nur heute gratis {shop}"),
    "es": ("gana dinero {time} {shop}",),
    "zh": ("加微信 {shop}", "点击链接 {shop}"),
}
SOFT_ADVERT: Lines = {
    "en": (
        "my cousin makes {money} with {hobby}, ask me how {emoji}",
        "best [vitamins|sneakers|watches] in {town}, write to me",
        "follow back? i follow everybody {tag} {tag}",
    ),
}
DRUGS: Lines = {
    "en": (
        "{drug} {sell}",
        "got {drug} and {drug}, {sell}",
        "{drug} {sell}, {money}, telegram only",
        "who needs {drug} {time}? {sell}",
    ),
    "de": ("{drug}, Lieferung {time}",),
    "zh": ("{drug}现货，{time}发",),
}
WEAPONS: Lines = {
    "en": ("{weapon} for sale, no background check", "selling a {weapon}, {money}, dm me"),
}
GAMBLING: Lines = {
    "en": ("100 free spins, online casino {shop}", "sports betting tips for {team}, bet now"),
    "de": ("50 Freispiele nur {time}",),
    "zh": ("在线赌博平台，欢迎加入", "真人荷官，{time}送现金"),
}
PAPERS: Lines = {
    "en": ("fake passports, price list on telegram", "cloned cards in stock, {money} each")
}
SCAM: Lines = {
    "en": (
        "double your bitcoin {time}, it works",
        "you have won {money}, claim your prize {shop}",
        "guaranteed returns of {money} a week, whatsapp me",
        "verify your account or it will be closed {shop}",
        "send 0.{n} btc and get twice as much back",
    ),
    "de": ("du hast gewonnen, hier klicken {shop}",),
    "es": ("has ganado {money}, entra en {shop}",),
}
SCAM_CHAT: Lines = {
    "en": (
        "dear friend, an inheritance of {money} waits for you, only the release fee is missing",
        "hello {name}, i am from the bank, please send me your gift card codes",
    ),
}
SEXUAL: Lines = {
    "en": (
        "custom videos for sale, adults only {shop}",
        "full service incall at the {place} {time}",
    )
}
LEAK: Lines = {
    "en": ("leaked nudes of my ex {name}, ask me", "she doesn't know i filmed it {emoji}")
}
DOXXING: Lines = {
    "en": (
        "{name} lives at {n} Maple Street, go say hello",
        "his number is 0{n} {n}{n} {n}{n} {n}, call him all night",
        "somebody drop her address, {name} has to learn",
    ),
    "de": ("er wohnt in der Ahornstraße {n}, klingelt mal",),
}
LEGAL: Lines = {
    "en": (
        "delete this post or my lawyer will be in touch",
        "this is defamation, i will take you to court",
        "cease and desist: you use my photo of the {place}",
    ),
    "de": ("mein Anwalt wird sich bei Ihnen melden",),
}
GROOMING: Lines = {
    "en": (
        "how old are you? you are so mature for your age, it stays our little secret",
        "send me a pic, don't tell your parents",
    ),
}
