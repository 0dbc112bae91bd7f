-- Of a mail that may or may not have left: who made sure that the customer knows, and how.
ALTER TABLE notification
    ADD COLUMN settled_by text,
    ADD COLUMN note       text,
    ADD CONSTRAINT settled_in_words CHECK ((settled_by IS NULL) = (note IS NULL));
