-- What a service does that accepts an order with one statement after the other: seven round trips, as the JDBC
-- driver makes them (the begin travels with the first statement). Parameters: run, event, response, personal, n.
\set n :n + 1
\startpipeline
BEGIN;
WITH claim AS (
    SELECT pg_try_advisory_xact_lock(hashtextextended('POST /orders by plain-' || CAST(:client_id AS text) || E'\n' || CAST(:run AS text) || '-' || CAST(:n AS text), 0)) AS won)
SELECT claim.won, first.fingerprint, first.status, first.location, first.body
  FROM claim LEFT JOIN idempotency_key first
       ON first.scope = 'POST /orders by plain-' || CAST(:client_id AS text)
      AND first.key = CAST(:run AS text) || '-' || CAST(:n AS text) AND first.expires_at > now();
\endpipeline
SELECT sku, name, unit_price, currency FROM article WHERE sku = ANY (ARRAY['BENCH-1', 'BENCH-2', 'BENCH-3']);
INSERT INTO orders (id, customer_ref, state, total_amount, currency, placed_at, personal_data)
VALUES (CAST(lpad(to_hex(CAST(:run AS bigint) + CAST(:n AS bigint)), 16, '0') || lpad(to_hex(CAST(:client_id AS bigint)), 16, '0') AS uuid),
        'plain-' || CAST(:client_id AS text), 'PENDING', 37.50, 'EUR', now(), CAST(:personal AS bytea));
INSERT INTO order_line (order_id, position, sku, name, quantity, unit_price)
SELECT CAST(lpad(to_hex(CAST(:run AS bigint) + CAST(:n AS bigint)), 16, '0') || lpad(to_hex(CAST(:client_id AS bigint)), 16, '0') AS uuid),
       line.position, line.sku, 'A mug for measurements', 1, 12.50
  FROM (VALUES (0, 'BENCH-1'), (1, 'BENCH-2'), (2, 'BENCH-3')) AS line (position, sku);
INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload, content_type, headers, occurred_at)
VALUES ('events', CAST(:n AS bigint) % 16,
        CAST(CAST(lpad(to_hex(CAST(:run AS bigint) + CAST(:n AS bigint)), 16, '0') || lpad(to_hex(CAST(:client_id AS bigint)), 16, '0') AS uuid) AS text),
        CAST(CAST(lpad(to_hex(CAST(:run AS bigint) + CAST(:n AS bigint)), 16, '0') || lpad(to_hex(CAST(:client_id AS bigint)), 16, '0') AS uuid) AS text),
        'OrderCreated', CAST(:event AS bytea), 'application/json', '{}', now());
INSERT INTO idempotency_key AS k (scope, key, fingerprint, status, location, body, expires_at)
VALUES ('POST /orders by plain-' || CAST(:client_id AS text), CAST(:run AS text) || '-' || CAST(:n AS text), '\x76313a00', 201,
        '/orders/' || CAST(lpad(to_hex(CAST(:run AS bigint) + CAST(:n AS bigint)), 16, '0') || lpad(to_hex(CAST(:client_id AS bigint)), 16, '0') AS uuid),
        CAST(:response AS bytea), now() + interval '24 hours')
ON CONFLICT (scope, key) DO UPDATE
   SET fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location, body = excluded.body,
       expires_at = excluded.expires_at
 WHERE k.expires_at <= now();
COMMIT;
