// What was given about whom, to whom, by which step and under which agreement.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useOrganizations } from '~/api/reference';
import type { LocalizedText } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { FilterSelect } from '~/ui/fields';
import { formatDate, formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';

interface Disclosure {
  id: string;
  referral_id: string;
  organization_name: string;
  fields: string[];
  basis: string;
  purpose: LocalizedText;
  agreement_number: string | null;
  until: string | null;
  at: string;
}

export default function DisclosureList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const organizations = useOrganizations();
  const query = usePage<Disclosure>('/disclosures', listQuery(control));
  const columns: Column<Disclosure>[] = [
    { id: 'to', header: t('disclosures.to'), lead: true, cell: (row) => row.organization_name },
    {
      id: 'fields',
      header: t('disclosures.what'),
      cell: (row) => row.fields.map((field) => word('disclosed', field)).join(', '),
    },
    {
      id: 'basis',
      header: t('disclosures.basis'),
      cell: (row) => word('disclosure_basis', row.basis),
    },
    { id: 'purpose', header: t('disclosures.purpose'), cell: (row) => name(row.purpose) },
    {
      id: 'agreement',
      header: t('disclosures.agreement'),
      cell: (row) =>
        [row.agreement_number, row.until && t('disclosures.until', { date: formatDate(row.until) })]
          .filter(Boolean)
          .join(' · ') || '–',
    },
    { id: 'at', header: t('disclosures.at'), cell: (row) => formatInstant(row.at) },
  ];
  return (
    <Page
      title={t('disclosures.title')}
      lead={t('disclosures.lead')}
      actions={
        <Link to="/referrals" className="record-back">
          {t('board.to_all')}
        </Link>
      }
    >
      <ListPage<Disclosure>
        id="disclosures"
        caption={t('disclosures.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/referrals/${row.referral_id}`}
        filters={
          <FilterSelect
            label={t('disclosures.to')}
            value={control.search.organization_id}
            options={organizations.options}
            onChange={(value) => control.setFilter('organization_id', value)}
          />
        }
        chip={(_filter, value) => organizations.name(value)}
        empty={{ title: t('disclosures.empty'), why: t('disclosures.empty_why') }}
      />
    </Page>
  );
}
