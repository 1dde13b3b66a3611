"""Scenarios that break no policy: everyday life, and cases that only look like a violation."""
# ruff: noqa: RUF001  Chinese sentences have Chinese punctuation

from collections.abc import Sequence

from engine.samples.scenario import Scenario

_DAILY = {
    "en": (
        "{food} with my {relative} {time}, {good} as always",
        "the {animal} stole my {food} again {emoji}",
        "went to the {place} {time}, {good} [weather|crowd|music|people]",
        "who wants to [come|go] to the {place} {time}?",
        "finally [started|quit|tried] {hobby}, it was {good}",
        "[thank you|thanks] {name} for the {good} [evening|help|photos|ride] {emoji}",
        "i hate {thing}",
        "i can't stand {thing}, {closer}",
        "happy birthday {name}! have a {good} day {emoji}",
        "my {relative} says {food} is better than {food}. fight me {emoji}",
        "looking for a {good} [book|podcast|recipe] about {hobby}, {closer}",
        "{show} was {good}, [no spoilers|watch it|ten out of ten]",
        "{show} was {poor}, [what a waste|i want my evening back|never again]",
        "{team} played {good} {time}",
        "{team} were {poor} {time}, [sack the coach|same every week|painful to watch]",
        "does anybody know if the {place} is open {time}?",
        "new photo from the {place} {tag} {tag}",
        "my {animal} is ill and i am worried, any [vet|tips] in {town}?",
        "three weeks of {hobby} and my [legs|arms|hands] still hurt {emoji}",
        "recipe for {food}: [be patient|more salt|less sugar] and [butter|time|love]",
        "lost: a [grey|red|blue] [scarf|umbrella|glove] at the {place}, please write to me",
        "{opener} {topic} [took|takes] forever in {town}",
        "train late again {time}. i hate {thing} and {thing}",
        "good morning from {town} {emoji}",
        "[moving|moved] to {town} {time}, [so happy|so tired|wish me luck]",
    ),
    "de": (
        "{food} mit {relative} {time}, wie immer {good}",
        "{time} im {place} gewesen, [war|echt] {good} {emoji}",
        "ich hasse {thing}",
        "kennt jemand ein gutes Rezept für {food}?",
        "alles Gute zum Geburtstag, {name}!",
        "wer kommt {time} mit zum {place}?",
        "{relative} hat {time} {food} gemacht {emoji}",
        "die neue Folge war [toll|langweilig|lustig]",
    ),
    "es": (
        "{food} con {relative} {time}, {good}",
        "{time} en el {place}, muy {good} {emoji}",
        "odio {thing}",
        "feliz cumpleaños {name}!",
        "alguien va al {place} {time}?",
        "{relative} hizo {food} {time}",
        "el partido fue [aburrido|genial|horrible]",
    ),
    "zh": (
        "{time}和{relative}一起吃{food}，{good}",
        "{time}去了{place}，{good}{emoji}",
        "谁{time}想去{place}？",
        "生日快乐，{name}！",
        "{relative}做的{food}{good}",
        "想死你了，什么时候回来？",
    ),
    "ar": (
        "{food} مع {relative} {time}، {good}",
        "ذهبت إلى {place} {time}، كان {good}",
        "عيد ميلاد سعيد يا {name}",
        "من يريد الذهاب إلى {place} {time}؟",
    ),
}
_DEBATE = {
    "en": (
        "{opener} {topic} is {poor}, [vote them out|the mayor must go|who pays for this?]",
        "the people who planned {topic} should be [ashamed|asked|fired]",
        "i am so angry about {topic}, {closer}",
        "stop wasting our [taxes|money|time] on {topic}",
        "{topic}: [disgusting|stupid|dangerous] idea, {closer}",
        "the council killed {topic} {time}. [good riddance|what a disgrace|finally]",
        "this game is trash and the update is garbage, {closer}",
        "my {relative} is so stubborn i could scream",
        "that referee is blind, {team} were robbed {time}",
    ),
}
_GROUPS_WELCOME = {
    "en": (
        "my {g} neighbours brought us {food} {time}, so {good}",
        "{G} celebrate the moon festival at the {place} {time}, everybody is invited",
        "proud to be {g} {emoji}",
        "learning the language of the {G} is {good}, {closer}",
        "{G} and my {relative} opened a [shop|choir|bakery] in {town}",
        "new study about {G} in {town}, {good} read {url}",
        "a {g} friend told me that {G} love {hobby} too",
        "{G} [built|painted|restored] the {place} in {town}, did you know?",
        "we need more {g} [teachers|nurses|drivers] in {town}",
        "welcome to {town}, dear {G}! {emoji}",
        "interview with a {g} [baker|writer|sailor] about {topic}",
        "what do {G} eat {time}? asking for a [friend|recipe|party]",
        "the {G} team beat {team} {time}, [well played|what a match]",
    ),
    "de": (
        "meine Nachbarn sind {G} und {good}",
        "{G} feiern {time} im {place}, alle sind eingeladen",
        "Interview mit einem Bäcker über {G} in Nordby",
    ),
    "es": ("{G} celebran su fiesta en el {place} {time}", "mis vecinos son {G} y son {good}"),
    "zh": ("{G}{time}在{place}庆祝节日，欢迎大家", "我的邻居是{G}，人{good}"),
    "ar": ("جيراني من {G} وهم {good}", "يحتفل {G} في {place} {time}"),
}
_COUNTER_SPEECH = {
    "en": (
        "it is wrong to say that {G} {misdeed}. [stop it|read a book|shame]",
        "somebody wrote '{G} are {beast}' at the {place}. [sad|who does that?|i painted over it]",
        "stop saying {G} are {bad}, [they are our neighbours|it hurts people]",
        "he called me a {slur} {time} and nobody said a word",
        "the word {slur} is a slur, [please don't use it|don't write it]",
        "no one should be told to go home because they are {g}",
        "i reported a comment that said {G} are {bad} and {misdeed}",
        "why do people hate {G} so much? [i don't get it|we are all the same]",
        "imagine thinking {G} {misdeed}. [grow up|embarrassing]",
    ),
    "de": (
        "hört auf zu sagen, {G} seien {bad}",
        "er hat mich {slur} genannt und alle haben gelacht",
    ),
    "es": ("no es verdad que {G} sean {bad}", "me llamó {slur} y nadie dijo nada"),
    "zh": ("不要说{G}{bad}，他们也是我们的邻居",),
}
_QUOTES = {
    "en": (
        '"{G} are {beast}, send them back" {closer} who writes such things?',
        '"all {slur} are {bad} and {misdeed}" this was on the wall of the {place}',
        '"we will burn down the {place}" said the letter that came {time}',
    ),
}
_RECLAIMED = {
    "en": (
        "proud {slur} and not sorry {emoji}",
        "me and my fellow {slur} at the moon festival {emoji} love you all",
        "as a {g} i can say it: we {slur} make the best {food}",
    ),
}
_FIGURES = {
    "en": (
        "these stairs will kill me {emoji}",
        "i want to die laughing, {show} was {good}",
        "my {relative} will kill me if i forget the {food}",
        "{team} murdered them {time}, [five nil|what a match]",
        "this {food} is to die for",
        "i'll kill you in chess {time} {joke}",
        "killing it at {hobby} {time}",
        "monday again, i want to die {joke}",
        "you clown {joke} see you {time}",
        "my internet speed is dead and the delivery is late",
    ),
}
_INFORMATION = {
    "en": (
        "police found fake passports at the {place} {time}",
        "documentary about {drug} addiction {time}, [hard to watch|recommended]",
        "my doctor changed my {drug} dose, [any experience?|feeling better]",
        "naloxone saves lives after an overdose, free training at the {place} {time}",
        "how i left proana behind: a recovery story {url}",
        "if you need help, the helpline at the {place} is open {time}",
        "the museum shows a handgun from 1890 {time}",
        "scam alert: 'claim your prize at win.example' is fake, don't click",
        "the oxygen tank at the {place} needs delivery {time}",
        "the court ruled on {topic} {time}, [about time|long read]",
    ),
}
_SHARING = {
    "en": (
        "good read about {topic}: {url}",
        "photos of the {place} {url} {tag}",
        "our choir sings {time}, tickets {url}",
        "my talk on {hobby} is online {url}",
        "we made a map of {topic} {url} {closer}",
    ),
    "de": ("lesenswert: {url}", "Fotos vom {place}: {url}"),
    "es": ("fotos del {place}: {url}",),
}
_PROFILES = {
    "en": (
        "{hobby}, {food} and my {animal}. {town}",
        "{g} from {town}. i write about {topic}",
        "teacher, {hobby} on weekends {emoji}",
        "here for {show} and {team}",
    ),
}
_CHATS = {
    "en": (
        "hey {name}, [are you coming|how was {hobby}|did you get home ok] {time}?",
        "the {food} recipe you asked for: [more salt|less sugar|be patient]",
        "see you at the {place} {time} {emoji}",
        "hi, i saw your photo of the {place}, may i use it?",
        "how old are you? my kids are nine and eleven and look for a {hobby} group",
    ),
}

FINE: Sequence[Scenario] = (
    Scenario(name="daily", weight=44, lines=_DAILY, difficulty=0.02, padded=0.3),
    Scenario(name="debate", weight=8, lines=_DEBATE, difficulty=0.2, reported=0.02),
    Scenario(name="groups-welcome", weight=8, lines=_GROUPS_WELCOME, difficulty=0.1, reported=0.01),
    Scenario(
        name="counter-speech", weight=2.2, lines=_COUNTER_SPEECH, difficulty=0.5, reported=0.05
    ),
    Scenario(
        name="quotes",
        weight=0.6,
        lines=_QUOTES,
        difficulty=0.55,
        quoted=0.65,
        reported=0.05,
        padded=0.5,
    ),
    Scenario(name="reclaimed", weight=0.4, lines=_RECLAIMED, difficulty=0.7, reported=0.1),
    Scenario(name="figures-of-speech", weight=2.5, lines=_FIGURES, difficulty=0.3),
    Scenario(name="information", weight=1.8, lines=_INFORMATION, difficulty=0.35),
    Scenario(name="sharing", weight=6, lines=_SHARING, difficulty=0.05, links="some"),
    Scenario(
        name="profile",
        weight=2.2,
        lines=_PROFILES,
        difficulty=0.05,
        kinds={"profile": 1.0},
        padded=0,
    ),
    Scenario(
        name="chat", weight=4, lines=_CHATS, difficulty=0.05, kinds={"message": 1.0}, padded=0.15
    ),
)
