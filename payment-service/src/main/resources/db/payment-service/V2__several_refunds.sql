-- A payment may be given back in several parts, and a gateway's refusal is noted with what was refused.
ALTER TABLE payment
    ADD COLUMN refund_key    text,
    ADD COLUMN refund_amount numeric(14, 4),
    DROP CONSTRAINT refunded_says_how_much,
    ADD CONSTRAINT refunded_says_how_much CHECK (
        CASE WHEN status = 'UNKNOWN' AND asked = 'REFUND' THEN true
             ELSE (status = 'REFUNDED') = (refunded_amount IS NOT NULL) END),
    ADD CONSTRAINT a_refund_under_way_says_whose_and_how_much CHECK (
        (status = 'UNKNOWN' AND asked = 'REFUND')
            = (refund_key IS NOT NULL AND refund_amount IS NOT NULL)),
    ADD CONSTRAINT all_refunds_within_captured CHECK (
        refund_amount > 0 AND coalesce(refunded_amount, 0) + refund_amount <= captured_amount);

ALTER TABLE operation
    ADD COLUMN answer_captured numeric(14, 4),
    ADD COLUMN answer_refunded numeric(14, 4),
    ADD COLUMN gateway_code    text,
    ADD CONSTRAINT a_refund_says_what_is_left CHECK (
        (coalesce(answer, '') = 'REFUNDED')
            = (answer_captured IS NOT NULL AND answer_refunded IS NOT NULL)),
    ADD CONSTRAINT refused_or_answered CHECK (answer IS NULL OR gateway_code IS NULL);
