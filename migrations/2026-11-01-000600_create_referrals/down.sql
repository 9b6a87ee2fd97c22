DROP TABLE claims, awards, referral_events, referrals;
