SET lock_timeout = '5s';

CREATE TABLE letter_template_activations (
    id uuid PRIMARY KEY,
    template_id uuid NOT NULL REFERENCES letter_templates (id),
    service_code text NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    written_by uuid,
    activated_by uuid,
    activated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (service_code, serial),
    CONSTRAINT letter_template_activations_four_eyes CHECK (activated_by <> written_by)
);
CREATE INDEX letter_template_activations_template ON letter_template_activations (template_id, serial);
COMMENT ON TABLE letter_template_activations IS 'Which text of a service''s letters came into force when; the newest is in force. Append-only.';
COMMENT ON COLUMN letter_template_activations.id IS 'Id.';
COMMENT ON COLUMN letter_template_activations.template_id IS 'The text.';
COMMENT ON COLUMN letter_template_activations.service_code IS 'Code of the list services.';
COMMENT ON COLUMN letter_template_activations.serial IS 'Counted up for the service.';
COMMENT ON COLUMN letter_template_activations.written_by IS 'Who wrote the text; never who puts it into force.';
COMMENT ON COLUMN letter_template_activations.activated_by IS 'Who put it into force; null for what ships with the service.';
COMMENT ON COLUMN letter_template_activations.activated_at IS 'When.';
-- What was in force until now stays in force.
INSERT INTO letter_template_activations (id, template_id, service_code, serial)
SELECT DISTINCT ON (t.service_code) gen_random_uuid(), t.id, t.service_code, 1 FROM letter_templates t ORDER BY t.service_code, t.version DESC;
CREATE TRIGGER letter_template_activations_append_only BEFORE UPDATE OR DELETE ON letter_template_activations
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
