-- Events that wait to be published. Rows are inserted and deleted, never updated, and the key is the
-- only index: whatever changes while a row waits is in outbox_retry.
CREATE TABLE outbox (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    shard       smallint    NOT NULL,
    order_id    uuid        NOT NULL,
    event_id    text        NOT NULL,
    event_type  text        NOT NULL,
    detail      text        NOT NULL,
    occurred_at timestamptz NOT NULL,
    added_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_outbox_row_per_id PRIMARY KEY (id),
    CONSTRAINT known_shard CHECK (shard BETWEEN 0 AND 15)
) WITH (
    -- All rows die young, so vacuum comes by the number of dead rows and does not dawdle. Giving
    -- space back to the file system would lock out the inserts for a moment each time.
    autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.1,
    vacuum_truncate = false,
    toast.autovacuum_vacuum_threshold = 500,
    toast.autovacuum_vacuum_scale_factor = 0.01,
    toast.vacuum_truncate = false
);

-- An order whose next event was refused, and when it may be tried again.
CREATE TABLE outbox_retry (
    order_id   uuid        NOT NULL,
    outbox_id  bigint      NOT NULL,
    attempts   int         NOT NULL,
    not_before timestamptz NOT NULL,
    reason     text        NOT NULL,
    CONSTRAINT one_retry_per_order PRIMARY KEY (order_id),
    CONSTRAINT retried_after_an_attempt CHECK (attempts >= 1)
);

-- Events that were given up, each with the reason, until a person releases them.
CREATE TABLE outbox_parked (
    id          bigint      NOT NULL,
    shard       smallint    NOT NULL,
    order_id    uuid        NOT NULL,
    event_id    text        NOT NULL,
    event_type  text        NOT NULL,
    detail      text        NOT NULL,
    occurred_at timestamptz NOT NULL,
    added_at    timestamptz NOT NULL,
    attempts    int         NOT NULL,
    reason      text        NOT NULL,
    parked_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_parked_row_per_id PRIMARY KEY (id)
);
CREATE INDEX parked_events_of_order ON outbox_parked (order_id);

-- Who publishes which shard, until when by the clock of this database. The token grows with every
-- owner, so that one who was paused and comes back is told apart from the one who took over.
CREATE TABLE outbox_shard (
    shard      smallint    NOT NULL,
    owner      uuid,
    token      bigint      NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL DEFAULT '-infinity',
    CONSTRAINT one_owner_per_shard PRIMARY KEY (shard),
    CONSTRAINT known_shard CHECK (shard BETWEEN 0 AND 15)
) WITH (fillfactor = 50);
INSERT INTO outbox_shard (shard) SELECT * FROM generate_series(0, 15);

-- The relays that are alive, so that each takes no more than its part of the shards.
CREATE TABLE outbox_relay (
    id         uuid        NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT one_row_per_relay PRIMARY KEY (id)
);
