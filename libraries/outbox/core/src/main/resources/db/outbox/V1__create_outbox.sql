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

-- What a relay runs for each batch. The outbox is nearly empty, and holds a million events an hour later. Postgres
-- would plan by what it knew of the empty table, until it analyzes it again within a minute or more: it would read
-- and sort the whole backlog for each batch. So the only plans left are those that follow the primary key. They
-- look expensive to Postgres, which would compile them each time.

-- The first events that may be published, in sequence: the first one, and those that follow until there are
-- max_events or max_bytes of payload; the last one may exceed these. With the bytes of payload up to each event.
--
-- owner: the relay; the shards it has lost by this database's clock are left out
-- busy_keys: keys that are left out, compared by hash, which Postgres does for no `<> ALL` of a parameter
CREATE FUNCTION outbox_oldest(
    from_id bigint, of_target text, owner uuid, shards smallint[], busy_keys text[],
    max_events int, max_bytes bigint
) RETURNS TABLE (
    id bigint, shard smallint, event_key text, event_id text, event_type text, payload bytea,
    content_type text, headers text[], occurred_at timestamptz, attempts int, deferrals int, behind boolean,
    bytes bigint
) LANGUAGE plpgsql STABLE
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT * FROM (
        SELECT o.id, o.shard, o.event_key, o.event_id, o.event_type, o.payload,
               o.content_type, o.headers, o.occurred_at,
               CASE WHEN r.outbox_id = o.id THEN r.attempts ELSE 0 END,
               CASE WHEN r.outbox_id = o.id THEN r.deferrals ELSE 0 END,
               (SELECT true FROM outbox_parked p
                WHERE p.event_key = o.event_key AND p.target = o.target LIMIT 1) IS NOT NULL,
               sum(octet_length(o.payload)) OVER (ORDER BY o.id ROWS UNBOUNDED PRECEDING) AS bytes
        FROM outbox o
        LEFT JOIN LATERAL (
            -- With a limit, here and for parked events, Postgres looks rows up by the whole key only, and does
            -- not read all of a target.
            SELECT outbox_id, retry.attempts, retry.deferrals, not_before FROM outbox_retry AS retry
            WHERE retry.target = o.target AND retry.event_key = o.event_key LIMIT 1) AS r ON true
        WHERE o.id >= from_id
          AND o.target = of_target
          AND o.shard = ANY (ARRAY (
                  SELECT s.shard FROM outbox_shard s
                  WHERE s.target = of_target AND s.lease_owner = owner AND s.lease_expires_at > now()
                  -- So that no other index fits.
                  ORDER BY s.lease_expires_at))
          AND o.shard = ANY (shards)
          AND (r.not_before IS NULL OR r.not_before <= now() AND r.outbox_id >= from_id)
          AND o.event_key NOT IN (SELECT unnest(busy_keys))
        ORDER BY o.id
        LIMIT max_events) AS oldest
    WHERE oldest.bytes - octet_length(oldest.payload) < max_bytes
    ORDER BY oldest.id;
END
$$;

-- The id of the first event; null when there is none.
CREATE FUNCTION outbox_lowest_id(from_id bigint, of_target text, shards smallint[]) RETURNS bigint
LANGUAGE plpgsql STABLE
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off
AS $$
BEGIN
    RETURN (SELECT o.id FROM outbox o
            WHERE o.id >= from_id AND o.target = of_target AND o.shard = ANY (shards)
            ORDER BY o.id LIMIT 1);
END
$$;

-- Deletes events that were published, and what is known of their retries.
--
-- retried_keys, retried_ids: the keys and ids of those that were sent before
CREATE PROCEDURE outbox_delete_published(
    ids bigint[], of_target text, retried_keys text[], retried_ids bigint[]
) LANGUAGE plpgsql
  SET enable_seqscan = off SET jit = off
AS $$
BEGIN
    DELETE FROM outbox WHERE id = ANY (ids);
    IF cardinality(retried_ids) > 0 THEN
        DELETE FROM outbox_retry
        WHERE target = of_target AND event_key = ANY (retried_keys) AND outbox_id = ANY (retried_ids);
    END IF;
END
$$;
