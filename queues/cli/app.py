"""All commands of `tierwise`, each loaded only when it runs."""

import sys
from typing import Final

import typer

from engine.cli import app as engine_app
from engine.cli.app import Command, Group
from engine.errors import TierwiseError

#: In the order of their names. What one needs is imported by its module alone.
SERVICE_COMMANDS: Final[tuple[Command | Group, ...]] = (
    Command(
        name="alive",
        module="queues.cli.alive",
        about="Say whether a process of this machine is alive.",
    ),
    Command(name="api", module="queues.cli.api", about="Serve the HTTP API."),
    Group(
        name="audit",
        about="The chain over audit events.",
        commands=(
            Command(
                name="verify",
                module="queues.cli.audit",
                about="Look whether audit events are as they were written.",
            ),
        ),
    ),
    Command(
        name="backtest",
        module="queues.cli.backtest",
        about="Try a policy on what came, and say what it would change.",
    ),
    Command(name="beat", module="queues.cli.beat", about="Ask workers for upkeep."),
    Command(
        name="certificates",
        module="queues.cli.certify",
        about="Show which rules may decide by themselves.",
        function="show",
    ),
    Command(
        name="certify",
        module="queues.cli.certify",
        about="Issue certificates of rules, and end them.",
    ),
    Command(
        name="console",
        module="queues.cli.console",
        about="Serve the console, for moderators, policy teams and managers.",
    ),
    Command(name="courier", module="queues.cli.courier", about="Deliver events to receivers."),
    Group(
        name="forecast",
        about="What was forecast of policies, and what happened.",
        commands=(
            Command(
                name="list", module="queues.cli.forecast", about="List forecasts.", function="show"
            ),
            Command(
                name="score",
                module="queues.cli.forecast",
                about="Compare forecasts whose days are over with what happened.",
            ),
        ),
    ),
    Group(
        name="gold",
        about="Items whose right answer is known.",
        commands=(
            Command(name="add", module="queues.cli.gold", about="Add items to a set."),
            Command(
                name="list", module="queues.cli.gold", about="List gold items.", function="show"
            ),
            Command(name="retire", module="queues.cli.gold", about="Show an item to nobody more."),
        ),
    ),
    Group(
        name="key",
        about="Keys of programs that call the API.",
        commands=(
            Command(
                name="create",
                module="queues.cli.key",
                about="Make a key, and show it this once.",
            ),
            Command(name="list", module="queues.cli.key", about="List keys.", function="show"),
            Command(name="revoke", module="queues.cli.key", about="Take a key back."),
        ),
    ),
    Command(
        name="demo",
        module="queues.cli.demo",
        about="Show everything at work on a file of items.",
    ),
    Command(
        name="diff",
        module="queues.cli.diff",
        about="Say what two policies differ in, by meaning.",
    ),
    Command(
        name="drift",
        module="queues.cli.drift",
        about="Tell what has moved: scores, labels, words, errors and rules.",
    ),
    Command(
        name="erase",
        module="queues.cli.erase",
        about="Erase an item, or an author with all items.",
    ),
    Command(
        name="migrate",
        module="queues.cli.migrate",
        about="Bring the database to the present form of its tables.",
    ),
    Group(
        name="outbox",
        about="Work that was given up.",
        commands=(
            Command(
                name="retry",
                module="queues.cli.outbox",
                about="Start anew with what was given up.",
            ),
            Command(
                name="stuck",
                module="queues.cli.outbox",
                about="Show what was tried too often, and never done.",
            ),
        ),
    ),
    Group(
        name="model",
        about="Classifiers that score texts.",
        commands=(
            Command(
                name="publish",
                module="queues.cli.model",
                about="Store a classifier under the hash of its content.",
            ),
            Command(
                name="list", module="queues.cli.model", about="List classifiers.", function="show"
            ),
            Command(
                name="show",
                module="queues.cli.model",
                about="Show a classifier with its figures, and why it was let in or not.",
                function="details",
            ),
            Command(
                name="activate",
                module="queues.cli.model",
                about="Let these classifiers score texts, and no others.",
            ),
            Command(
                name="rollback",
                module="queues.cli.model",
                about="Bring those into force that were in force before.",
            ),
        ),
    ),
    Group(
        name="override",
        about="Decisions about content, for whatever comes again.",
        commands=(
            Command(
                name="add", module="queues.cli.override", about="Decide about content for a time."
            ),
            Command(
                name="list",
                module="queues.cli.override",
                about="List overrides.",
                function="show",
            ),
            Command(name="withdraw", module="queues.cli.override", about="End an override now."),
        ),
    ),
    Command(
        name="post",
        module="queues.cli.post",
        about="Post a file of items to a running service.",
    ),
    Command(
        name="publish",
        module="queues.cli.publish",
        about="Compile rules and store them as a release.",
    ),
    Command(name="relay", module="queues.cli.relay", about="Send the outbox to Celery."),
    Group(
        name="release",
        about="Releases of the rules.",
        commands=(
            Command(
                name="list", module="queues.cli.release", about="List releases.", function="show"
            ),
            Command(
                name="activate",
                module="queues.cli.release",
                about="Bring a release into force.",
            ),
            Command(
                name="show",
                module="queues.cli.releasing",
                about="Show where a release is on its way.",
            ),
            Command(
                name="test",
                module="queues.cli.releasing",
                about="Run the tests of a release that is stored.",
            ),
            Command(name="approve", module="queues.cli.releasing", about="Stand behind a release."),
            Command(
                name="shadow",
                module="queues.cli.releasing",
                about="Let a release judge what comes in, without effect.",
            ),
            Command(
                name="canary",
                module="queues.cli.releasing",
                about="Let a release decide a share of what comes in.",
            ),
            Command(
                name="end",
                module="queues.cli.releasing",
                about="End what is tried beside the release in force.",
            ),
            Command(
                name="rollback",
                module="queues.cli.release",
                about="Bring the release into force that was in force before.",
            ),
        ),
    ),
    Command(
        name="replay",
        module="queues.cli.replay",
        about="Judge what is stored of an item again, and name what differs.",
    ),
    Command(
        name="report",
        module="queues.cli.report",
        about="Compare the service with its targets.",
    ),
    Command(
        name="retention",
        module="queues.cli.retention",
        about="Drop what was kept long enough.",
    ),
    Command(
        name="rollup",
        module="queues.cli.rollup",
        about="Sum up what figures are told from.",
    ),
    Command(
        name="retrain",
        module="queues.cli.retrain",
        about="Train models from what people decided.",
    ),
    Group(
        name="rule",
        about="How rules do.",
        commands=(
            Command(
                name="list",
                module="queues.cli.rule",
                about="Tell how all rules do.",
                function="show_all",
            ),
            Command(
                name="show",
                module="queues.cli.rule",
                about="Tell all about one rule, and what changes without it.",
            ),
        ),
    ),
    Command(
        name="services",
        module="queues.cli.services",
        about="Run PostgreSQL and Valkey alone, for developers.",
    ),
    Group(
        name="sign-off",
        about="Rules that somebody answers for.",
        commands=(
            Command(
                name="give",
                module="queues.cli.certify",
                about="Answer for a rule.",
                function="sign_off",
            ),
            Command(name="withdraw", module="queues.cli.certify", about="Take a sign-off back."),
        ),
    ),
    Command(
        name="simulate",
        module="queues.cli.simulate",
        about="Let simulated reviewers work a deployment.",
    ),
    Command(
        name="statements",
        module="queues.cli.statements",
        about="Export statements for the EU's Transparency Database.",
    ),
    Command(name="up", module="queues.cli.up", about="Run everything on this machine."),
    Group(
        name="user",
        about="People who work here.",
        commands=(
            Command(
                name="add",
                module="queues.cli.user",
                about="Add a person, and show the link that lets them in.",
            ),
            Command(name="list", module="queues.cli.user", about="List people.", function="show"),
            Command(
                name="set",
                module="queues.cli.user",
                about="Change what is known of a person.",
                function="change",
            ),
            Command(
                name="invite",
                module="queues.cli.user",
                about="Let a person set a password, once.",
            ),
            Command(
                name="disable", module="queues.cli.user", about="Let a person sign in no more."
            ),
            Command(name="enable", module="queues.cli.user", about="Let a person sign in again."),
            Command(
                name="unlink",
                module="queues.cli.user",
                about="Forget who a person is at the sign-in provider.",
            ),
        ),
    ),
    Command(name="worker", module="queues.cli.worker", about="Do what is asked for in the outbox."),
)
COMMANDS: Final = (*engine_app.COMMANDS, *SERVICE_COMMANDS)


def main() -> None:
    """Run the command line of this process; what Tierwise can explain is explained."""
    try:
        engine_app.main(COMMANDS)
    except TierwiseError as error:
        typer.echo(f"tierwise: {error}", err=True)
        sys.exit(1)
