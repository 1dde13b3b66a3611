"""Items as they arrive become typed items, or are refused with a reason."""

import pytest

from engine.errors import InvalidItem
from engine.item import Value
from engine.rules.items import MAX_DEPTH, MAX_UNKNOWN_NAMES, OTHER_NAMES, ItemReader
from engine.rules.values import MAX_ID, MAX_MEMBERS, MAX_NAME, MAX_TEXT
from engine.rules.vocabulary import FieldType
from tests.unit.policies import vocabulary

WORDS = vocabulary(
    item__kind=FieldType.CHOICE,
    item__market=FieldType.TEXT_ID,
    item__created_at=FieldType.DATE,
    text=FieldType.TEXT,
    text__quoted_share=FieldType.SHARE,
    author__id=FieldType.TEXT_ID,
    author__account_age=FieldType.DURATION,
    author__verified=FieldType.YES_NO,
    links__count=FieldType.COUNT,
    links__domain=FieldType.DOMAINS,
    score__hate=FieldType.SCORE,
    price=FieldType.NUMBER,
    counter__posts=FieldType.COUNT,
)


def read(**raw: object) -> dict[str, Value]:
    """The fields of an item with these values, named with `__` for a dot."""
    item = ItemReader(WORDS).read(
        {"id": "i", "text": "", **{name.replace("__", "."): value for name, value in raw.items()}}
    )
    return {name: value for name, value in item.fields.items() if name != "text"}


def refused(**raw: object) -> InvalidItem:
    """Why an item with these values is refused."""
    with pytest.raises(InvalidItem) as caught:
        read(**raw)
    return caught.value


def test_nested_and_dotted_names_mean_the_same() -> None:
    """A sender may nest objects, write dots, or mix both."""
    nested = {
        "id": "i",
        "item": {"kind": "comment"},
        "author": {"id": "u", "account_age": 5},
        "text": "a",
    }
    dotted = {"id": "i", "item.kind": "comment", "author.id": "u", "text": "a"}
    mixed = {"author": {"account_age": 5}, **dotted}
    assert ItemReader(WORDS).read(nested) == ItemReader(WORDS).read(mixed)


def test_a_field_may_be_an_object_too() -> None:
    """`text` beside `text.quoted_share` may come as text or, with the share alone, as an object."""
    assert read(text__quoted_share=0.5) == {"text.quoted_share": 0.5}
    image = {"id": "i", "kind": "image", "text": {"quoted_share": 0.5}}
    assert ItemReader(WORDS).read(image).fields == {"item.kind": "image", "text.quoted_share": 0.5}


def test_common_names_need_no_prefix() -> None:
    """`kind`, `market`, `language` and `created_at` are those of the item."""
    fields = read(kind="comment", market="NO", language="nb", created_at=5)
    assert fields == {
        "item.kind": "comment",
        "item.market": "NO",
        "item.language": "nb",
        "item.created_at": 5,
    }


def test_kind_is_post_where_none_arrived() -> None:
    """An item that names no kind is a post."""
    assert ItemReader(WORDS).read({"id": "i", "text": "a"}).kind == "post"


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        ("score__hate", 1, 1),
        ("score__hate", 0.25, 0.25),
        ("text__quoted_share", "80%", 0.8),
        ("text__quoted_share", " 33.3 % ", 0.333),
        ("links__count", 3.0, 3),
        ("price", -2.5, -2.5),
        ("author__account_age", 90, 90),
        ("author__account_age", "2 days", 172_800.0),
        ("author__account_age", "1.5 hours", 5_400.0),
        ("author__account_age", "P1DT12H", 129_600.0),
        ("author__account_age", "PT0.5S", 0.5),
        ("item__created_at", "1970-01-02", 86_400.0),
        ("item__created_at", "1970-01-01T01:00:00+01:00", 0.0),
        ("item__created_at", "1970-01-01T00:01:00Z", 60.0),
        ("author__verified", True, True),
        ("author__verified", "No", False),
        ("author__id", 17, "17"),
        ("links__domain", ["a.example", "a.example"], frozenset({"a.example"})),
        ("links__domain", [], frozenset()),
        ("links__domain", ["Buy.Example."], frozenset({"buy.example"})),
        ("counter__posts", 7, 7),
    ],
)
def test_values_are_typed_by_the_vocabulary(field: str, written: object, value: Value) -> None:
    """Every form that a type allows becomes the one value that rules compare."""
    assert read(**{field: written}) == {field.replace("__", "."): value}


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("score__hate", 0.0),
        ("score__hate", 1.0),
        ("score__hate", 0),
        ("text__quoted_share", 1),
        ("links__count", 0),
        ("price", 2**64),
        ("author__id", "x" * MAX_NAME),
        ("author__id", ""),
        ("text", "x" * MAX_TEXT),
        ("item__created_at", 253_402_300_799),
    ],
)
def test_limits_themselves_are_allowed(field: str, written: Value) -> None:
    """A value at the very edge is taken as it is."""
    raw = {"id": "x" * MAX_ID, "text": "", field.replace("__", "."): written}
    assert ItemReader(WORDS).read(raw).fields[field.replace("__", ".")] == written


def test_a_set_may_have_ten_thousand_members() -> None:
    """The largest set possible is taken whole."""
    members = [f"{number}.example" for number in range(MAX_MEMBERS)]
    assert read(links__domain=members) == {"links.domain": frozenset(members)}


class Exact(float):
    """A number of a kind of its own, as other libraries have."""


def test_numbers_of_other_libraries_become_plain_ones() -> None:
    """Whatever calls itself a float is stored as one."""
    assert type(read(price=Exact(2.5))["price"]) is float


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("score__hate", 1.01, "a score lies between 0 and 1, not at 1.01"),
        ("score__hate", "0.5", "expected a number, got `0.5`"),
        ("score__hate", True, "expected a number, got yes"),
        ("score__hate", float("nan"), "is no finite number"),
        ("price", float("inf"), "is no finite number"),
        ("price", 10**400, "is no finite number"),
        ("text__quoted_share", 80, "a share lies between 0 and 1, not at 80"),
        ("text__quoted_share", "80", "expected a share such as 0.8 or 80%, got `80`"),
        ("links__count", 2.5, "a count is a whole number from 0, not 2.5"),
        ("links__count", -1, "a count is a whole number from 0, not -1"),
        ("links__count", -2.0, "a count is a whole number from 0, not -2.0"),
        ("author__id", 2**65, "expected text, got a number"),
        ("item__created_at", 253_402_300_800, "are these milliseconds?"),
        ("author__account_age", "soon", "`soon` is not a duration"),
        ("author__account_age", "P", "`P` is not a duration"),
        ("item__created_at", 1_772_366_400_000_000, "are these milliseconds?"),
        ("item__created_at", "yesterday", "expected a date"),
        ("author__verified", 1, "expected yes or no, got a number"),
        ("kind", "story", "expected one of post, comment, image, appeal, got `story`"),
        ("author__id", 1.5, "expected text, got a number"),
        ("author__id", {"a": 1}, "expected text, got an object"),
        ("author__id", "x" * (MAX_NAME + 1), "has 4,097 characters; up to 4,096 are possible"),
        ("links__domain", "a.example", "expected a list, got `a.example`"),
        ("links__domain", [None], "expected text, got a NoneType"),
        ("links__domain", ["x"] * (MAX_MEMBERS + 1), "has 10,001 members"),
        ("text", ["a"], "expected text, got a list"),
        ("text", "x" * (MAX_TEXT + 1), "has 1,000,001 characters; up to 1,000,000 are possible"),
        ("author", "u", "expected an object"),
    ],
)
def test_what_no_field_can_hold_is_refused(field: str, written: object, reason: str) -> None:
    """A value of another type or out of bounds is never guessed at: the item is refused."""
    assert reason in refused(**{field: written}).reason


def test_a_refusal_names_the_field() -> None:
    """Whoever sent the item is told which of its values is meant."""
    assert str(refused(kind=5)).startswith("`item.kind`: ")


def test_a_long_text_is_not_repeated_in_the_reason() -> None:
    """What a person wrote does not get into logs by way of an error."""
    assert "another text" in refused(score__hate="words that somebody wrote in private").reason


@pytest.mark.parametrize("written", [None, "", "x" * (MAX_ID + 1), 1.5, True, ["i"]])
def test_an_item_needs_an_id(written: object) -> None:
    """An id has 1 to 512 characters; without one nothing can be said about the item later."""
    assert refused(id=written).field == "id"


def test_null_is_absent() -> None:
    """A value that is `null` did not arrive, and an object that is `null` holds nothing."""
    assert read(score__hate=None, author=None) == {}


def test_a_post_needs_its_text() -> None:
    """A file whose text is called otherwise is noticed, instead of being published unread."""
    with pytest.raises(InvalidItem, match="missing; send"):
        ItemReader(WORDS).read({"id": "i", "body": "words"})
    assert ItemReader(WORDS).read({"id": "i", "kind": "image"}).fields == {"item.kind": "image"}


def test_a_value_given_twice_is_refused() -> None:
    """Of two values for one field none is taken silently."""
    assert refused(author__id="u", author={"id": "v"}).reason == "given twice"
    assert refused(kind="post", item={"kind": "post"}).reason == "given twice"


def test_unknown_names_are_counted_and_not_walked() -> None:
    """What the vocabulary does not know is left out, and shown to whoever cares."""
    reader = ItemReader(WORDS)
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"x": deep}
    raw = {"id": "i", "text": "", "thread": deep, "author": {"karma": 1}}
    assert [reader.read(raw).fields for _ in range(2)] == [{"text": ""}] * 2
    assert reader.unknown == {"thread": 2, "author.karma": 2}


def test_the_count_of_unknown_names_is_bounded() -> None:
    """A sender that makes up names does not fill the memory."""
    reader = ItemReader(WORDS)
    names = {f"made-up-{number}": 1 for number in range(MAX_UNKNOWN_NAMES + 5)}
    reader.read({"id": "i", "text": "", **names})
    assert len(reader.unknown) == MAX_UNKNOWN_NAMES + 1
    assert reader.unknown[OTHER_NAMES] == 5


def test_strict_refuses_unknown_names() -> None:
    """With `strict`, a name that is written wrong is an error."""
    with pytest.raises(InvalidItem, match="the vocabulary has no such field"):
        ItemReader(WORDS, strict=True).read({"id": "i", "text": "", "author": {"karma": 1}})


def test_cells_of_a_table_are_read_by_type() -> None:
    """In a CSV file everything is text: numbers are parsed, sets split, and empty cells absent."""
    cells = {
        "id": "7",
        "text": "",
        "kind": "post",
        "score.hate": "0.5",
        "links.count": "2",
        "text.quoted_share": "50%",
        "links.domain": "a.example; b.example",
        "author.verified": "yes",
        "author.account_age": "3 days",
        "author.id": "",
        "item.created_at": "60",
    }
    assert ItemReader(WORDS, cells=True).read(cells).fields == {
        "text": "",
        "item.kind": "post",
        "score.hate": 0.5,
        "links.count": 2,
        "text.quoted_share": 0.5,
        "links.domain": frozenset({"a.example", "b.example"}),
        "author.verified": True,
        "author.account_age": 259_200.0,
        "item.created_at": 60,
    }


@pytest.mark.parametrize("cell", ["nan", "inf", "1_000", "0x10", "five", "1e999"])
def test_a_cell_that_is_no_number_is_refused(cell: str) -> None:
    """Only plain decimal numbers are numbers."""
    with pytest.raises(InvalidItem):
        ItemReader(WORDS, cells=True).read({"id": "i", "text": "", "price": cell})


def test_objects_are_nested_only_so_deep() -> None:
    """A name of very many parts may come dotted, not as objects within objects without end."""
    name = ".".join("a" * (MAX_DEPTH + 1))
    reader = ItemReader(vocabulary(**{name.replace(".", "__"): FieldType.NUMBER}))
    assert reader.read({"id": "i", name: 1}).fields == {name: 1}
    nested: dict[str, object] = {"a.a": 1}
    for _ in range(MAX_DEPTH - 1):
        nested = {"a": nested}
    assert reader.read({"id": "i", **nested}).fields == {name: 1}
    deeper: dict[str, object] = {"a": 1}
    for _ in range(MAX_DEPTH):
        deeper = {"a": deeper}
    with pytest.raises(InvalidItem, match="objects are nested deeper than 16"):
        reader.read({"id": "i", **deeper})


def test_a_declared_id_is_a_field_too() -> None:
    """Rules may look at the id where the vocabulary declares it."""
    reader = ItemReader(vocabulary(item__id=FieldType.TEXT_ID))
    assert reader.read({"id": "i"}).fields == {"item.id": "i"}
