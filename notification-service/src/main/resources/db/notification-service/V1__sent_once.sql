-- What was told about which order: one row for each fact and channel, claimed before the message leaves.
-- Neither address nor name; the contact is asked for at the moment of sending and forgotten.
CREATE TABLE notification (
    id            uuid        NOT NULL CONSTRAINT notification_id PRIMARY KEY,
    order_id      uuid        NOT NULL,
    event_type    text        NOT NULL,
    channel       text        NOT NULL CONSTRAINT known_channel CHECK (channel IN ('EMAIL', 'TOPIC')),
    order_version integer     NOT NULL,
    state         text        NOT NULL
        CONSTRAINT known_state CHECK (state IN ('CLAIMED', 'SENT', 'UNKNOWN', 'SUPERSEDED')),
    claimed_at    timestamptz NOT NULL DEFAULT now(),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT told_once UNIQUE (order_id, event_type, channel)
);

CREATE INDEX notification_unsettled ON notification (state, claimed_at)
    WHERE state IN ('CLAIMED', 'UNKNOWN');
