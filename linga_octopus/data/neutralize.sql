-- A copy of the database must not reach the merchant's Octopus, nor be reached by it.
UPDATE octopus_account
   SET access_id = NULL,
       webhook_token = NULL,
       auto_stock_sync = FALSE,
       state = CASE state WHEN 'unsubscribed' THEN state ELSE 'subscribed' END;

UPDATE octopus_sync_run
   SET state = 'stopped'
 WHERE state IN ('queued', 'running', 'waiting');
