// What a fact holds, as people write it: dates as dates, codes by their names.
import { useCodes } from '~/api/reference';
import { word } from '~/i18n';
import { formatDate } from '~/ui/format';

export function useFactText() {
  const relations = useCodes('relation');
  const marital = useCodes('marital_status');
  return (fact: string, value: string | null): string => {
    if (!value) return '–';
    switch (fact) {
      case 'birth_date':
        return /^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value) : value;
      case 'sex':
        return word('sex', value);
      case 'relation':
        return relations.name(value) || value;
      case 'marital_status':
        return marital.name(value) || value;
      default:
        return value;
    }
  };
}
