-- Why what was not redriven was not: [{"fate":…, "why":…, "count":…, "ids":[…]}].
ALTER TABLE redrive ADD COLUMN reasons jsonb NOT NULL DEFAULT '[]';
ALTER TABLE redrive DROP CONSTRAINT known_action;
ALTER TABLE redrive ADD CONSTRAINT known_action CHECK (action IN ('REDRIVE', 'DISCARD', 'DISMISS'));

-- Failed executions that a person took off the list. Step Functions keeps an execution for 90 days and deletes none
-- on request. One that is redriven and fails again is listed again: its redrive count is higher then.
CREATE TABLE dismissed_execution (
    name          text        NOT NULL,
    redrive_count integer     NOT NULL,
    dismissed_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dismissed_once PRIMARY KEY (name, redrive_count)
);
