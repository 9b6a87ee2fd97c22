// Pure: from the form's values to the wire.
import { parseMoney } from '~/ui/format';

export interface ProgramValues {
  code: string;
  name_id: string;
  name_en: string;
  organization_id: string;
  pillar: string;
  needs: string[];
  access_mode: string;
  kind: string;
  unit: string;
  value: string;
  period: string;
  overlap_class: string;
  claim_unit: string;
  legal_basis: string;
  how_to_apply: string;
}

export function programBody(values: ProgramValues) {
  return {
    code: values.code.trim(),
    name: { id: values.name_id.trim(), en: values.name_en.trim() || values.name_id.trim() },
    organization_id: values.organization_id,
    pillar: values.pillar,
    needs: values.needs,
    access_mode: values.access_mode,
    benefit: {
      kind: values.kind,
      unit: values.claim_unit,
      value_idr: parseMoney(values.value) ?? 0,
      period: values.period,
    },
    claim_unit: values.claim_unit,
    ...(values.overlap_class ? { overlap_class: values.overlap_class } : {}),
    ...(values.legal_basis.trim() ? { legal_basis: values.legal_basis.trim() } : {}),
    ...(values.how_to_apply.trim() ? { how_to_apply: values.how_to_apply.trim() } : {}),
  };
}
