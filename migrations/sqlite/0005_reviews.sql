-- What an import would do, counted when the schema was generated or last edited.

ALTER TABLE generated_schemas ADD COLUMN review TEXT;   -- JSON: forecast of rows and cells, and notices; NULL for schemas from before it was kept
