"""`python -m queues.cli`, as processes of the service are started."""

from queues.cli.app import main

main()
