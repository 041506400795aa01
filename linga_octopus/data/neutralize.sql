-- A copy of the database must not reach the merchant's Octopus, nor be reached by it. Not even when
-- somebody enters the credentials again: only a system administrator can change the address.
UPDATE octopus_account
   SET access_id = NULL,
       webhook_token = NULL,
       base_url = 'https://neutralized.invalid/' || id,
       auto_stock_sync = FALSE,
       state = CASE state WHEN 'unsubscribed' THEN state ELSE 'subscribed' END;

UPDATE octopus_sync_run
   SET state = 'stopped'
 WHERE state IN ('queued', 'running', 'waiting');

-- What the original still has to send is not the copy's to send, whomever it is connected to.
DELETE FROM octopus_order_notification;
DELETE FROM octopus_stock_event;
DELETE FROM octopus_stock_pending;
UPDATE octopus_stock_level SET resend = FALSE WHERE resend;
UPDATE octopus_order SET push_status = NULL WHERE push_status = 'pending';
