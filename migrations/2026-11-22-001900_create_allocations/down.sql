DROP TABLE allocation_left_out;
DROP TABLE allocation_lines;
DROP TABLE allocation_plans;
