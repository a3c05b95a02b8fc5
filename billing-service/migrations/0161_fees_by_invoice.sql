-- All that a fee came to: the fee of a segment, its reversals and an operator's corrections.
CREATE INDEX fees_by_invoice ON fees (partner_id, invoice_id, line);
