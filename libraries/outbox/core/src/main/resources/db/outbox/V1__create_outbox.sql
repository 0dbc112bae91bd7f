-- The tables of the transactional outbox. Flyway runs this file (location classpath:db/outbox), or any
-- other tool, or psql -f.

-- Events that wait to be published. Rows are inserted and deleted, never updated, and the primary key is
-- the only index: whatever changes while a row waits is in outbox_retry.
CREATE TABLE outbox (
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    target       text        NOT NULL,
    shard        smallint    NOT NULL,
    event_key    text        NOT NULL,
    event_id     text        NOT NULL,
    event_type   text        NOT NULL,
    payload      bytea       NOT NULL,
    content_type text        NOT NULL,
    -- Names and values in turn.
    headers      text[]      NOT NULL DEFAULT '{}',
    occurred_at  timestamptz NOT NULL,
    stored_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_shard_range CHECK (shard BETWEEN 0 AND 15),
    CONSTRAINT outbox_headers_in_pairs CHECK (cardinality(headers) % 2 = 0)
) WITH (
    -- All rows are short-lived, so vacuum starts by the number of dead rows and without delays. Truncating
    -- the file would lock out inserts for a moment each time.
    autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.1,
    vacuum_truncate = false,
    toast.autovacuum_vacuum_threshold = 500,
    toast.autovacuum_vacuum_scale_factor = 0.01,
    toast.vacuum_truncate = false
);

-- Events with a delivery time. At that time they move to outbox and get an id there.
CREATE TABLE outbox_scheduled (
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    target       text        NOT NULL,
    shard        smallint    NOT NULL,
    event_key    text        NOT NULL,
    event_id     text        NOT NULL,
    event_type   text        NOT NULL,
    payload      bytea       NOT NULL,
    content_type text        NOT NULL,
    headers      text[]      NOT NULL DEFAULT '{}',
    occurred_at  timestamptz NOT NULL,
    stored_at    timestamptz NOT NULL DEFAULT now(),
    deliver_at   timestamptz NOT NULL,
    CONSTRAINT outbox_scheduled_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_scheduled_shard_range CHECK (shard BETWEEN 0 AND 15),
    CONSTRAINT outbox_scheduled_headers_in_pairs CHECK (cardinality(headers) % 2 = 0)
);
CREATE INDEX outbox_scheduled_due ON outbox_scheduled (deliver_at);

-- Keys whose next event was not accepted, and when it may be sent again. Attempts are rejections of the
-- event's content, which lead to parking. Deferrals are failures that are not the event's own and never do.
-- Blocked are those that wait until access or configuration is changed.
CREATE TABLE outbox_retry (
    target     text        NOT NULL,
    event_key  text        NOT NULL,
    outbox_id  bigint      NOT NULL,
    attempts   int         NOT NULL,
    deferrals  int         NOT NULL DEFAULT 0,
    is_blocked boolean     NOT NULL DEFAULT false,
    not_before timestamptz NOT NULL,
    reason     text        NOT NULL,
    CONSTRAINT outbox_retry_pkey PRIMARY KEY (target, event_key),
    CONSTRAINT outbox_retry_has_failures CHECK (attempts >= 0 AND deferrals >= 0 AND attempts + deferrals >= 1)
);

-- Events that were rejected too often, each with the reason, until an operator releases or discards them.
CREATE TABLE outbox_parked (
    id           bigint      NOT NULL,
    target       text        NOT NULL,
    shard        smallint    NOT NULL,
    event_key    text        NOT NULL,
    event_id     text        NOT NULL,
    event_type   text        NOT NULL,
    payload      bytea       NOT NULL,
    content_type text        NOT NULL,
    headers      text[]      NOT NULL DEFAULT '{}',
    occurred_at  timestamptz NOT NULL,
    stored_at    timestamptz NOT NULL,
    attempts     int         NOT NULL,
    reason       text        NOT NULL,
    parked_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_parked_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_parked_by_key ON outbox_parked (event_key, target);
CREATE INDEX outbox_parked_by_reason ON outbox_parked (reason, event_key);

-- Parked events that an operator discarded: what was not published and why.
CREATE TABLE outbox_discarded (
    id             bigint      NOT NULL,
    target         text        NOT NULL,
    event_key      text        NOT NULL,
    event_id       text        NOT NULL,
    event_type     text        NOT NULL,
    payload        bytea       NOT NULL,
    content_type   text        NOT NULL,
    headers        text[]      NOT NULL DEFAULT '{}',
    occurred_at    timestamptz NOT NULL,
    stored_at      timestamptz NOT NULL,
    parked_reason  text        NOT NULL,
    parked_at      timestamptz NOT NULL,
    discard_reason text        NOT NULL,
    discarded_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_discarded_pkey PRIMARY KEY (id)
);

-- Which relay publishes which shard of a target, until when by the clock of this database. The
-- token grows with every owner, so that a paused relay can be distinguished from the one that took
-- over.
CREATE TABLE outbox_shard (
    target           text        NOT NULL,
    shard            smallint    NOT NULL,
    lease_owner      uuid,
    token            bigint      NOT NULL DEFAULT 0,
    lease_expires_at timestamptz NOT NULL DEFAULT '-infinity',
    CONSTRAINT outbox_shard_pkey PRIMARY KEY (target, shard),
    CONSTRAINT outbox_shard_range CHECK (shard BETWEEN 0 AND 15)
);
-- Leases are renewed all the time. While an old snapshot is open elsewhere, vacuum cannot remove the earlier
-- versions of these rows. In this index all of them lie before now(), so that no poll reads them.
CREATE INDEX outbox_shard_leases ON outbox_shard (target, lease_owner, lease_expires_at);

-- The relays that are alive, so that each takes no more than its share of the shards.
CREATE TABLE outbox_relay (
    id         uuid        NOT NULL,
    target     text        NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT outbox_relay_pkey PRIMARY KEY (id)
);
