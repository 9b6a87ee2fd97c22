import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import { StatusBadge } from '~/ui/Badge';
import { formatInstant } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { useResource } from '~/ui/useResource';
import { LetterCard } from './LetterCard';
import { ServiceActions } from './ServiceActions';
import { RequestDue } from './service-bits';
import type { ServiceRequest } from './types';

const waiting = ['received', 'handled', 'approved', 'returned'] as const;

export function ServicePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const services = useCodes('services');
  const documents = useCodes('documents');
  const regions = useRegions();
  const query = useResource<ServiceRequest>(['service-requests', id], `/service-requests/${id}`);
  const request = query.data?.data;
  if (!request) return <RecordState query={query} back={t('places.services')} />;
  const names = (codes: string[]) => codes.map((code) => documents.name(code)).join(', ');
  const step = waiting.find((status) => status === request.status);
  return (
    <Page
      back={t('places.services')}
      title={services.name(request.service_code)}
      lead={request.subject_name || t('problems.subject_household')}
      actions={<ServiceActions request={request} />}
    >
      <Card>
        <div className="spread">
          <StatusBadge group="service_status" value={request.status} />
          <Button component={Link} to={`/households/${request.household_id}`} variant="subtle">
            {t('problems.open_household')}
          </Button>
        </div>
        {step && (
          <p className="muted">
            <span className="strong">{t('problems.next_step')}:</span> {t(`services.next.${step}`)}
          </p>
        )}
        <Facts
          items={[
            [t('services.purpose'), request.purpose],
            [t('services.addressee'), request.addressee],
            [t('services.required'), names(request.required_documents)],
            [t('services.shown'), names(request.documents)],
            request.missing_documents.length > 0
              ? [t('services.missing'), names(request.missing_documents)]
              : null,
            request.reason ? [t('ui.reason'), request.reason] : null,
            [t('problems.due'), <RequestDue key="due" request={request} />],
            request.responsible_organization_name
              ? [t('problems.responsible'), request.responsible_organization_name]
              : null,
            [t('problems.region'), regions.full(request.region_code)],
            [t('services.received'), formatInstant(request.received_at)],
            request.approved_at
              ? [t('services.approved'), formatInstant(request.approved_at)]
              : null,
          ]}
        />
      </Card>
      {request.letter_id && <LetterCard id={request.letter_id} />}
    </Page>
  );
}
