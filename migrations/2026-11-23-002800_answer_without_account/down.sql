DROP TABLE referral_answers;
DROP TRIGGER referrals_end_links ON referrals;
DROP FUNCTION referrals_end_links();
DROP TABLE referral_links;
DROP FUNCTION contact_shared(organizations);
DROP INDEX clients_organization;
DROP INDEX grants_organization;
DROP FUNCTION organization_has_account(uuid);
