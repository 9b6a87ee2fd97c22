DROP TABLE decision_answers;
DROP TABLE decisions;
UPDATE service_requests SET status = 'cancelled' WHERE status = 'rejected';
ALTER TABLE service_requests DROP CONSTRAINT service_requests_status_check;
ALTER TABLE service_requests ADD CONSTRAINT service_requests_status_check
    CHECK (status IN ('received', 'handled', 'approved', 'issued', 'returned', 'cancelled'));
