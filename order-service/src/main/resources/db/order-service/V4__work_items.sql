-- Orders that a person must look at, and why. A row stays; resolving one says by whom.
CREATE TABLE work_item (
    id          uuid        NOT NULL,
    order_id    uuid        NOT NULL,
    kind        text        NOT NULL,
    reason      text        NOT NULL,
    raised_at   timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    resolved_by text,
    note        text,
    CONSTRAINT one_work_item_per_id PRIMARY KEY (id),
    CONSTRAINT work_item_of_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT known_kind CHECK (kind IN
        ('WORKFLOW_FAILED', 'COMPENSATION_FAILED', 'OUT_OF_ORDER', 'EVENT_PARKED', 'STUCK')),
    CONSTRAINT resolved_by_somebody CHECK ((resolved_at IS NULL) = (resolved_by IS NULL))
);
CREATE UNIQUE INDEX one_open_item_per_order_and_kind ON work_item (order_id, kind) WHERE resolved_at IS NULL;
CREATE INDEX open_work_items ON work_item (raised_at, id) WHERE resolved_at IS NULL;

INSERT INTO work_item (id, order_id, kind, reason)
SELECT gen_random_uuid(), id,
       CASE WHEN attention LIKE 'workflow %' THEN 'WORKFLOW_FAILED'
            WHEN attention LIKE '%could not be published%' THEN 'EVENT_PARKED'
            ELSE 'OUT_OF_ORDER' END,
       attention
FROM orders WHERE attention IS NOT NULL;

-- Open orders are few; whoever looks for those that stand still looks at these alone.
CREATE INDEX open_orders ON orders (id)
    WHERE state IN ('PENDING', 'CONFIRMED', 'DISPATCHING', 'CANCEL_REQUESTED');

-- What changed since, for those who follow all orders.
CREATE INDEX transitions_by_time ON order_transition (recorded_at, id);
