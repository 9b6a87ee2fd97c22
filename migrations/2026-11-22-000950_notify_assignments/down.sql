DROP TRIGGER households_notify_move ON households;
DROP FUNCTION notify_assigned_move();
DROP TRIGGER assignments_notify ON assignments;
