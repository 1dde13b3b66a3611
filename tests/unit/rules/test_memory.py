"""What is remembered about items: answers by value, and what follows from their form."""

from engine.rules import memory
from engine.rules.context import Context
from engine.rules.memory import ByForm, Question, remembering


def _says_whether_old(context: Context) -> bool | None:
    age = context.fields.get("age")
    return None if age is None else age == 7


def test_a_form_is_worked_out_once() -> None:
    """The same names are looked at once, whatever the items hold."""
    asked: list[tuple[str, ...]] = []

    def length(form: tuple[str, ...]) -> int:
        asked.append(form)
        return len(form)

    lengths = ByForm(length)
    forms = (Context({"a": 1, "b": 2}).form, Context({"a": 3, "b": 4}).form, ())
    assert [lengths.of(form) for form in forms] == [2, 2, 0]
    assert asked == [("a", "b"), ()]


def test_forms_without_end_do_not_fill_the_memory() -> None:
    """Beyond so many forms it starts anew, with the same answers."""
    asked: list[tuple[str, ...]] = []

    def first_of(form: tuple[str, ...]) -> str:
        asked.append(form)
        return form[0]

    first = ByForm(first_of)
    names = [f"field-{number}" for number in range(memory.MOST_FORMS + 1)]
    assert [first.of((name,)) for name in names] == names
    assert first.of((names[0],)) == names[0]
    assert asked.count((names[0],)) == 2
    assert first.of((names[-1],)) == names[-1]
    assert asked.count((names[-1],)) == 1


def test_a_question_is_settled_where_nothing_it_looks_at_arrived() -> None:
    """Then its answer is the one for an item that brings nothing."""
    question = Question(remembering(_says_whether_old, ("age",)), ("age",))
    assert question.settled({"text", "size"})
    assert question.unread() is None
    assert not question.settled({"age"})
    assert question.check(Context({"age": 7})) is True


def test_a_question_about_texts_is_never_settled() -> None:
    """Texts differ from item to item."""
    assert not Question(_says_whether_old, None).settled(())
