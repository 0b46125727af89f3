"""Background work and schedules without an extra server.

The queue is a table of the same database, so work asked for in a transaction is asked for exactly when the transaction
is. A worker (started by `gemba serve` beside the web server) runs it, tries again after a failure, gives the
schedule its turns and takes over the work of a worker that died. Work may therefore run twice: a job is written so
that the second run changes nothing.

Doors: `jobs.actions.enqueue(function, **arguments)`, `jobs.schedule.register(name, function, …)` from an
`apps.ready()`, `jobs.queries.state()` for the installation check.
"""
