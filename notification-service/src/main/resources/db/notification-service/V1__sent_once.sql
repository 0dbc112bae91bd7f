-- What was told to whom about which order. A row is claimed before the message leaves.
CREATE TABLE notification (
    order_id    uuid        NOT NULL,
    event_type  text        NOT NULL,
    channel     text        NOT NULL,
    state       text        NOT NULL,
    claimed_at  timestamptz NOT NULL DEFAULT now(),
    changed_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT told_once PRIMARY KEY (order_id, event_type, channel),
    CONSTRAINT known_channel CHECK (channel IN ('EMAIL', 'TOPIC')),
    CONSTRAINT known_state CHECK (state IN ('CLAIMED', 'SENT', 'UNKNOWN'))
);
CREATE INDEX notification_unsettled ON notification (claimed_at) WHERE state <> 'SENT';
