-- What was given, to whom, by whom and why is written once; the gateway may start its clock and end it, and deletes none.
revoke update, delete, truncate on gateway.access_grant from sallyport_app;
grant update (activated_at, expires_at, revoked_at, revoked_by, revoke_reason) on gateway.access_grant to sallyport_app;
