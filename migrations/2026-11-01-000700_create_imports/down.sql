DROP TABLE import_rejected, import_issues, imports;
