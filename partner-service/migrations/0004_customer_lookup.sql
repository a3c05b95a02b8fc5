-- A partner finds a customer by its own key or by the contact's e-mail address, however long its address book.
ALTER TABLE customers
  ADD KEY customers_by_reference (partner_id, partner_reference),
  ADD KEY customers_by_email (partner_id, contact_email);
