-- How far the auditor has read what was given back or cancelled at the gateway, by whomever.
ALTER TABLE audit_cursor ADD COLUMN gateway_after text NOT NULL DEFAULT '';
