import { Checkbox } from '@mantine/core';
import './services.css';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import { formatDate, officeToday } from '~/ui/format';
import type { ServiceRequest } from './types';

const running = ['received', 'handled', 'approved'];

/** The last day in time; says so where it has passed and the request still waits for us. */
export function RequestDue({ request }: { request: ServiceRequest }) {
  const { t } = useTranslation();
  const late = request.due_on < officeToday() && running.includes(request.status);
  return (
    <span className="row">
      {formatDate(request.due_on)}
      {late && <span className="badge badge-bad">{t('problems.overdue')}</span>}
    </span>
  );
}

/** The documents of a service, to be ticked as they are laid on the counter. */
export function DocumentTicks({
  codes,
  shown,
  onChange,
  legend,
}: {
  codes: string[];
  shown: string[];
  onChange: (shown: string[]) => void;
  legend: string;
}) {
  const documents = useCodes('documents');
  return (
    <fieldset className="plain-fieldset stack">
      <legend className="strong">{legend}</legend>
      {codes.map((code) => (
        <Checkbox
          key={code}
          label={documents.name(code)}
          checked={shown.includes(code)}
          onChange={(event) =>
            onChange(
              event.currentTarget.checked
                ? [...shown, code]
                : shown.filter((other) => other !== code),
            )
          }
        />
      ))}
    </fieldset>
  );
}
