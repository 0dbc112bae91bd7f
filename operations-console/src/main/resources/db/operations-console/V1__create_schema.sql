-- Append-only: which operator changed which message, execution, order or customer, and why.
CREATE TABLE audit_trail (
    id                bigint      GENERATED ALWAYS AS IDENTITY,
    recorded_at       timestamptz NOT NULL DEFAULT now(),
    -- The subject of the operator's access token, and the name in it.
    performed_by      text        NOT NULL,
    performed_by_name text        NOT NULL,
    action            text        NOT NULL,
    subject           text        NOT NULL,
    reason            text        NOT NULL,
    detail            text,
    CONSTRAINT audit_trail_key PRIMARY KEY (id),
    CONSTRAINT actor_is_named CHECK (performed_by <> '')
);
CREATE INDEX audit_trail_by_subject ON audit_trail (subject, recorded_at, id);
CREATE INDEX audit_trail_by_time ON audit_trail (recorded_at, id);

-- What a redrive, a discard or a dismissal would do, as an operator was shown it. Its result is compared with it.
CREATE TABLE redrive_plan (
    id              uuid        NOT NULL,
    target          text        NOT NULL,
    action          text        NOT NULL,
    selection       jsonb       NOT NULL,
    force           boolean     NOT NULL,
    -- Whether all items of the target were read.
    complete        boolean     NOT NULL,
    planned_by      text        NOT NULL,
    planned_by_name text        NOT NULL,
    planned_at      timestamptz NOT NULL DEFAULT now(),
    -- A plan of many items is PLANNING while they are added; changed_at is when the last ones were.
    state           text        NOT NULL DEFAULT 'PLANNING',
    item_count      integer     NOT NULL DEFAULT 0,
    changed_at      timestamptz NOT NULL DEFAULT now(),
    -- When the queue was scanned, if its messages come from the index of dead letters.
    indexed_at      timestamptz,
    -- Why it could not be finished.
    note            text,
    CONSTRAINT redrive_plan_key PRIMARY KEY (id),
    CONSTRAINT plan_state_is_known CHECK (state IN ('PLANNING', 'READY', 'FAILED')),
    CONSTRAINT failed_with_note CHECK ((state = 'FAILED') = (note IS NOT NULL))
);
CREATE INDEX redrive_plan_by_time ON redrive_plan (planned_at);

CREATE TABLE redrive_plan_item (
    plan_id        uuid    NOT NULL,
    item_id        text    NOT NULL,
    -- In which sequence the items were read.
    position       integer NOT NULL,
    order_id       uuid,
    type           text    NOT NULL,
    order_state    text    NOT NULL,
    planned_action text    NOT NULL,
    explanation    text    NOT NULL,
    CONSTRAINT redrive_plan_item_key PRIMARY KEY (plan_id, item_id),
    CONSTRAINT item_of_a_plan FOREIGN KEY (plan_id) REFERENCES redrive_plan (id) ON DELETE CASCADE,
    CONSTRAINT planned_action_is_known CHECK (
        planned_action IN ('REDRIVEN', 'SKIPPED', 'BLOCKED', 'DISCARDED', 'DISMISSED'))
);

-- One row for each redrive, discard or dismissal. A running one holds a lease of its target on the database's clock:
-- two instances never work on the same queue. When its instance dies, another one continues it with the task and the
-- items below; run_number distinguishes the two. A paused one keeps its target.
CREATE TABLE redrive (
    id               uuid        NOT NULL,
    target           text        NOT NULL,
    action           text        NOT NULL,
    requested_by     text        NOT NULL,
    requested_by_name text       NOT NULL,
    reason           text        NOT NULL,
    selection        text        NOT NULL,
    -- The selection, the rate and the flags, to continue; NULL when it cannot be continued.
    task             jsonb,
    -- What the operator saw before.
    plan_id          uuid,
    -- Whether the first item was processed, so that the others follow.
    canary_passed    boolean     NOT NULL DEFAULT false,
    run_number       integer     NOT NULL DEFAULT 1,
    state            text        NOT NULL DEFAULT 'RUNNING',
    started_at       timestamptz NOT NULL DEFAULT now(),
    lease_expires_at timestamptz NOT NULL,
    ended_at         timestamptz,
    done             integer     NOT NULL DEFAULT 0,
    skipped          integer     NOT NULL DEFAULT 0,
    blocked          integer     NOT NULL DEFAULT 0,
    failed           integer     NOT NULL DEFAULT 0,
    note             text,
    -- Why items were not redriven: [{"outcome":…, "description":…, "count":…, "ids":[…]}].
    reasons          jsonb       NOT NULL DEFAULT '[]',
    CONSTRAINT redrive_key PRIMARY KEY (id),
    CONSTRAINT plan_of_the_redrive FOREIGN KEY (plan_id) REFERENCES redrive_plan (id),
    CONSTRAINT action_is_known CHECK (action IN ('REDRIVE', 'DISCARD', 'DISMISS', 'EDIT')),
    CONSTRAINT state_is_known CHECK (state IN ('RUNNING', 'PAUSED', 'DONE', 'STOPPED', 'CANCELLED', 'ABANDONED')),
    CONSTRAINT ended_unless_running CHECK ((state IN ('RUNNING', 'PAUSED')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX one_running_redrive_per_target ON redrive (target) WHERE state IN ('RUNNING', 'PAUSED');
CREATE INDEX redrive_by_time ON redrive (started_at DESC, id);
CREATE INDEX redrive_by_plan ON redrive (plan_id) WHERE plan_id IS NOT NULL;

-- The result of each item of a redrive, so that a redrive that continues leaves out what it has processed, and its
-- result can be compared with its plan. A redriven item waits until its consumer has handled it or it came back; sent_id
-- and sent_to (message and queue, or execution and failed state) find that out.
CREATE TABLE redrive_item (
    redrive_id    uuid        NOT NULL,
    item_id       text        NOT NULL,
    result        text        NOT NULL,
    order_id      uuid,
    sent_id       text,
    sent_to       text,
    type          text,
    next_check_at timestamptz,
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT redrive_item_key PRIMARY KEY (redrive_id, item_id),
    CONSTRAINT item_of_a_redrive FOREIGN KEY (redrive_id) REFERENCES redrive (id),
    CONSTRAINT result_is_known CHECK (result IN (
        'WAITING', 'PROCESSED', 'NOT_BACK', 'CAME_BACK', 'NOT_PROCESSED', 'DISCARDED', 'DISMISSED', 'SKIPPED', 'BLOCKED',
        'FAILED')),
    CONSTRAINT waiting_item_is_checked CHECK (
        (result = 'WAITING') = (next_check_at IS NOT NULL)
        AND (result <> 'WAITING' OR (sent_id IS NOT NULL AND sent_to IS NOT NULL AND type IS NOT NULL)))
);
CREATE INDEX redrive_item_due ON redrive_item (next_check_at) WHERE result = 'WAITING';

-- Dead letters in whose place an edited message is sent. The row is written before it is sent: from then on the original
-- is never sent. Without sent_id it is not known whether the edited message was sent.
CREATE TABLE message_edit (
    queue       text        NOT NULL,
    message_id  text        NOT NULL,
    redrive_id  uuid        NOT NULL,
    order_id    uuid,
    -- [{"field":…, "before":…, "after":…}]
    changes     jsonb       NOT NULL,
    sent_id     text,
    sent_at     timestamptz,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT message_edit_key PRIMARY KEY (queue, message_id),
    CONSTRAINT edit_of_a_redrive FOREIGN KEY (redrive_id) REFERENCES redrive (id),
    CONSTRAINT sent_with_time CHECK ((sent_id IS NULL) = (sent_at IS NULL))
);

-- Discarded dead letters, as long as their queue would have kept them, to restore them. The body goes when the message
-- is restored.
CREATE TABLE discarded_message (
    queue             text        NOT NULL,
    message_id        text        NOT NULL,
    redrive_id        uuid        NOT NULL,
    order_id          uuid,
    type              text        NOT NULL,
    fingerprint       text        NOT NULL,
    cause             text        NOT NULL,
    body              text,
    attributes        jsonb       NOT NULL,
    discarded_by      text        NOT NULL,
    discarded_by_name text        NOT NULL,
    reason            text        NOT NULL,
    discarded_at      timestamptz NOT NULL DEFAULT now(),
    expires_at        timestamptz NOT NULL,
    restored_by       text,
    restored_by_name  text,
    restored_id       text,
    restored_at       timestamptz,
    -- Keeps two operators from restoring it twice.
    restore_lease_expires_at timestamptz NOT NULL DEFAULT '-infinity',
    CONSTRAINT discarded_message_key PRIMARY KEY (queue, message_id),
    CONSTRAINT discard_of_a_redrive FOREIGN KEY (redrive_id) REFERENCES redrive (id),
    CONSTRAINT body_until_restored CHECK ((body IS NULL) = (restored_id IS NOT NULL)),
    CONSTRAINT restored_with_time CHECK ((restored_id IS NULL) = (restored_at IS NULL))
);
CREATE INDEX discarded_message_by_time ON discarded_message (discarded_at DESC, message_id DESC);
CREATE INDEX discarded_message_by_order ON discarded_message (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX discarded_message_by_expiry ON discarded_message (expires_at);

-- How far the auditor has read the changes of orders and of the payment gateway, and which instance holds its lease.
CREATE TABLE audit_cursor (
    single_row       boolean     NOT NULL DEFAULT true,
    orders_cursor    text        NOT NULL DEFAULT '',
    gateway_cursor   text        NOT NULL DEFAULT '',
    lease_owner      uuid,
    lease_expires_at timestamptz NOT NULL DEFAULT '-infinity',
    CONSTRAINT audit_cursor_key PRIMARY KEY (single_row),
    CONSTRAINT only_one_cursor CHECK (single_row)
);
INSERT INTO audit_cursor DEFAULT VALUES;

-- When nothing was left to compare for each part of a round.
CREATE TABLE audit_part (
    part         text        NOT NULL,
    completed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_part_key PRIMARY KEY (part)
);
INSERT INTO audit_part (part) VALUES ('CHANGED_ORDERS'), ('DUE_RECHECKS'), ('GATEWAY_CHANGES'), ('STOCK');

-- A violated invariant: suspected during its grace period, open afterwards, cleared when the invariant holds again.
CREATE TABLE violation (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    invariant  text        NOT NULL,
    subject    text        NOT NULL,
    detail     text        NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now(),
    opened_at  timestamptz,
    cleared_at timestamptz,
    CONSTRAINT violation_key PRIMARY KEY (id),
    CONSTRAINT violation_names_invariant_and_subject CHECK (invariant <> '' AND subject <> '')
);
CREATE UNIQUE INDEX one_uncleared_violation ON violation (invariant, subject) WHERE cleared_at IS NULL;
CREATE INDEX violation_opened ON violation (id) WHERE opened_at IS NOT NULL;
CREATE INDEX violation_by_subject ON violation (subject, id);

-- Orders to check again although they did not change: the effects of a change may be late, and a violation may end.
CREATE TABLE audit_recheck (
    order_id uuid        NOT NULL,
    due_at   timestamptz NOT NULL,
    CONSTRAINT audit_recheck_key PRIMARY KEY (order_id)
);
CREATE INDEX audit_recheck_due ON audit_recheck (due_at);

-- Failed executions that an operator dismissed. Step Functions keeps an execution for 90 days and deletes none on
-- request. An execution that is redriven and fails again is listed again: its redrive count is higher then.
CREATE TABLE dismissed_execution (
    name          text        NOT NULL,
    redrive_count integer     NOT NULL,
    dismissed_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dismissed_execution_key PRIMARY KEY (name, redrive_count)
);

-- Append-only: which operator requested which change, before it is executed, and how it was answered. The status is null
-- when the instance stopped meanwhile.
CREATE TABLE operator_action (
    id                bigint      GENERATED ALWAYS AS IDENTITY,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    performed_by      text        NOT NULL,
    performed_by_name text        NOT NULL,
    endpoint          text        NOT NULL,
    path              text        NOT NULL,
    -- What was done to which order, article, customer or payment, and why.
    action            text        NOT NULL,
    subject           text        NOT NULL,
    reason            text,
    detail            text,
    -- Only of endpoints that execute a request once for each key.
    idempotency_key   text,
    response_status   integer,
    -- Whether the response was that of an earlier request with the same key.
    repeated          boolean     NOT NULL DEFAULT false,
    CONSTRAINT operator_action_pk PRIMARY KEY (id)
);
CREATE INDEX operator_action_by_path ON operator_action (lower(path));
CREATE INDEX operator_action_by_time ON operator_action (recorded_at, id);
CREATE INDEX operator_action_by_subject ON operator_action (subject, recorded_at, id);
CREATE INDEX operator_action_by_key ON operator_action (idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Actions of operators that a second person must confirm; the lease keeps two confirmations from executing one twice.
CREATE TABLE waiting_action (
    id                uuid        NOT NULL,
    action            text        NOT NULL,
    target            text        NOT NULL,
    description       text        NOT NULL,
    request           text        NOT NULL,
    requested_by      text        NOT NULL,
    requested_by_name text        NOT NULL,
    requested_at      timestamptz NOT NULL DEFAULT now(),
    expires_at        timestamptz NOT NULL,
    confirmed_by      text,
    confirmed_by_name text,
    confirmed_at      timestamptz,
    lease_expires_at  timestamptz,
    outcome           text,
    CONSTRAINT waiting_action_pk PRIMARY KEY (id),
    CONSTRAINT second_person_is_another CHECK (confirmed_by <> requested_by),
    CONSTRAINT confirmation_is_complete CHECK (
        (confirmed_at IS NULL) = (confirmed_by IS NULL) AND (confirmed_at IS NULL) = (confirmed_by_name IS NULL)),
    CONSTRAINT outcome_after_confirmation CHECK (outcome IS NULL OR confirmed_at IS NOT NULL),
    CONSTRAINT confirmed_until_execution_ends CHECK (
        outcome IS NOT NULL OR (confirmed_at IS NULL) = (lease_expires_at IS NULL))
);
CREATE INDEX waiting_actions_without_outcome ON waiting_action (requested_at, id) WHERE outcome IS NULL;

-- What the dead-letter queues contain, as of their last scan: SQS can neither search nor count by order, type or reason.
-- Without bodies. A row lasts as long as its message is in the queue.
CREATE TABLE dead_letter (
    queue             text        NOT NULL,
    message_id        text        NOT NULL,
    order_id          uuid,
    type              text        NOT NULL,
    fingerprint       text        NOT NULL,
    reason            text        NOT NULL,
    reported_by       text        NOT NULL,
    trace_id          text,
    target_queue      text,
    -- The message of which it is a copy, when its consumer rejected it.
    source_message_id text,
    sent_at           timestamptz NOT NULL,
    seen_at           timestamptz NOT NULL,
    CONSTRAINT dead_letter_key PRIMARY KEY (queue, message_id)
);
CREATE INDEX dead_letter_by_time ON dead_letter (sent_at, queue, message_id);
CREATE INDEX dead_letter_by_order ON dead_letter (order_id, sent_at, queue, message_id) WHERE order_id IS NOT NULL;
CREATE INDEX dead_letter_by_queue ON dead_letter (queue, sent_at, message_id);
CREATE INDEX dead_letter_by_fingerprint ON dead_letter (fingerprint, sent_at, queue, message_id);
CREATE INDEX dead_letter_by_type ON dead_letter (type, sent_at, queue, message_id);
CREATE INDEX dead_letter_by_message ON dead_letter (message_id);
CREATE INDEX dead_letter_by_source ON dead_letter (source_message_id) WHERE source_message_id IS NOT NULL;
CREATE INDEX dead_letter_by_reason ON dead_letter (lower(reason) text_pattern_ops);

-- What operators wrote about the dead letters with one cause.
CREATE TABLE dead_letter_group (
    fingerprint     text        NOT NULL,
    version         integer     NOT NULL,
    owner           text,
    note            text,
    changed_by      text        NOT NULL,
    changed_by_name text        NOT NULL,
    changed_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dead_letter_group_key PRIMARY KEY (fingerprint),
    CONSTRAINT version_from_one CHECK (version > 0)
);

-- When each dead-letter queue was scanned, and which instance does it. complete_at is when the last scan that read the
-- whole queue began; after next_due_at the next one is overdue. problem is why the last scan failed.
CREATE TABLE dead_letter_scan (
    queue            text        NOT NULL,
    lease_owner      uuid,
    lease_expires_at timestamptz NOT NULL DEFAULT '-infinity',
    next_scan_at     timestamptz NOT NULL DEFAULT '-infinity',
    complete_at      timestamptz,
    next_due_at      timestamptz,
    message_count    int         NOT NULL DEFAULT 0,
    problem          text,
    problem_since    timestamptz,
    CONSTRAINT dead_letter_scan_key PRIMARY KEY (queue),
    CONSTRAINT problem_has_a_beginning CHECK ((problem IS NULL) = (problem_since IS NULL))
);

-- A sample of each queue per minute of the last hours, for the lines on the first page. depth is null when the queue could
-- not be read, and for undelivered events, which have no consumer.
CREATE TABLE queue_sample (
    queue                 text        NOT NULL,
    sampled_at            timestamptz NOT NULL,
    depth                 integer,
    dead_letters          integer     NOT NULL,
    oldest_dead_letter_at timestamptz,
    CONSTRAINT queue_sample_key PRIMARY KEY (queue, sampled_at)
);
CREATE INDEX queue_sample_by_time ON queue_sample (sampled_at);

-- Sessions of people who signed in with a browser. The id and the key that encrypts the tokens are derived from the
-- cookie, so without the cookie this table contains no usable session or token.
CREATE TABLE operator_session (
    id           text        NOT NULL,
    subject      text        NOT NULL,
    name         text        NOT NULL,
    signed_in_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    tokens       bytea       NOT NULL,
    -- The lease of the request that renews the tokens, and when the next one may try it after the issuer did not respond.
    renewal_lease_expires_at timestamptz NOT NULL DEFAULT '-infinity',
    next_renewal_at          timestamptz NOT NULL DEFAULT '-infinity',
    CONSTRAINT operator_session_pk PRIMARY KEY (id)
);
