-- One row for every time somebody redrives or discards. A running one holds its target by a lease on the
-- database's clock, so that two instances never work on the same queue, and one that died frees it.
CREATE TABLE redrive (
    id           uuid        NOT NULL,
    target       text        NOT NULL,
    action       text        NOT NULL,
    by_whom      text        NOT NULL,
    reason       text        NOT NULL,
    selection    text        NOT NULL,
    state        text        NOT NULL DEFAULT 'RUNNING',
    started_at   timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz NOT NULL,
    ended_at     timestamptz,
    done         integer     NOT NULL DEFAULT 0,
    skipped      integer     NOT NULL DEFAULT 0,
    held         integer     NOT NULL DEFAULT 0,
    failed       integer     NOT NULL DEFAULT 0,
    note         text,
    CONSTRAINT one_redrive_per_id PRIMARY KEY (id),
    CONSTRAINT known_action CHECK (action IN ('REDRIVE', 'DISCARD')),
    CONSTRAINT known_state CHECK (state IN ('RUNNING', 'DONE', 'STOPPED', 'ABANDONED')),
    CONSTRAINT ended_when_not_running CHECK ((state = 'RUNNING') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX one_redrive_at_a_time ON redrive (target) WHERE state = 'RUNNING';
