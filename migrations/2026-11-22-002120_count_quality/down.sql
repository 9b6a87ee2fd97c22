DROP TABLE quality_runs;
DROP TABLE quality_counts;
