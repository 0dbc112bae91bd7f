-- An event may be put off for reasons it has nothing to do with (a failure of EventBridge, missing rights): that
-- is counted apart from its own refusals, so that it never gets parked for it. Blocked are those that
-- wait until access or configuration is changed.
ALTER TABLE outbox_retry
    ADD COLUMN deferrals  int     NOT NULL DEFAULT 0,
    ADD COLUMN is_blocked boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT retried_after_an_attempt,
    ADD CONSTRAINT retried_after_an_attempt CHECK (attempts >= 0 AND deferrals >= 0 AND attempts + deferrals >= 1);

CREATE INDEX parked_events_by_reason ON outbox_parked (reason, order_id);
