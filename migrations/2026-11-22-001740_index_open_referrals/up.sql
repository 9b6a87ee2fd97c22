CREATE INDEX CONCURRENTLY referrals_open_by_organization ON referrals (to_organization_id) WHERE status IN ('sent', 'accepted', 'returned', 'scheduled', 'in_service');
