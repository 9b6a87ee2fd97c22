// Aid that was given although the guard against a second one stood; each is looked at by another.
import { Button, Radio, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { LocalizedText } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';

interface Override {
  id: string;
  referral_id: string;
  program_name: LocalizedText;
  overlap_class: string;
  region_code: string;
  reason: string;
  overridden_at: string | null;
  /** Null while it waits for its review. */
  finding: string | null;
  review_note: string | null;
  can: string[];
}

const findings = ['justified', 'not_justified'] as const;

export default function OverrideList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const regions = useRegions();
  const [reviewing, setReviewing] = useState<Override | null>(null);
  const query = usePage<Override>('/overlap-overrides', listQuery(control));
  const reviewed = (value: string) => t(value === 'true' ? 'overlaps.reviewed' : 'overlaps.waits');
  const columns: Column<Override>[] = [
    {
      id: 'program',
      header: t('referrals.program'),
      lead: true,
      cell: (row) => (
        <Link to="/referrals/$id" params={{ id: row.referral_id }}>
          {name(row.program_name)}
        </Link>
      ),
    },
    { id: 'reason', header: t('ui.reason'), cell: (row) => row.reason },
    { id: 'region', header: t('problems.region'), cell: (row) => regions.full(row.region_code) },
    { id: 'when', header: t('overlaps.when'), cell: (row) => formatInstant(row.overridden_at) },
    {
      id: 'finding',
      header: t('overlaps.finding'),
      cell: (row) =>
        row.finding ? (
          <>
            <StatusBadge group="override_finding" value={row.finding} />
            {row.review_note && <span className="muted small"> {row.review_note}</span>}
          </>
        ) : (
          t('overlaps.waits')
        ),
    },
  ];
  return (
    <Page title={t('places.overlaps')} lead={t('overlaps.lead')}>
      <ListPage<Override>
        id="overlap-overrides"
        caption={t('places.overlaps')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        filters={
          <FilterSelect
            label={t('overlaps.review')}
            value={control.search.reviewed}
            options={['false', 'true'].map((value) => ({ value, label: reviewed(value) }))}
            onChange={(value) => control.setFilter('reviewed', value)}
          />
        }
        chip={(_, value) => reviewed(value)}
        empty={{ title: t('overlaps.none'), why: t('overlaps.none_why') }}
        cellActions={(row) =>
          allowed(row.can, 'review') && (
            <Button variant="subtle" size="sm" onClick={() => setReviewing(row)}>
              {t('overlaps.review')}
              <span className="sp-visually-hidden"> {name(row.program_name)}</span>
            </Button>
          )
        }
      />
      {reviewing && <Review of={reviewing} close={() => setReviewing(null)} />}
    </Page>
  );
}

function Review({ of, close }: { of: Override; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [finding, setFinding] = useState('');
  const [note, setNote] = useState('');
  const body = { finding, ...(note.trim() ? { note: note.trim() } : {}) };
  return (
    <FormDialog
      opened
      close={close}
      title={t('overlaps.review')}
      submitText={t('ui.save')}
      busy={act.busy}
      error={act.error}
      disabled={!finding}
      onSubmit={() =>
        void act
          .run(
            () => call(`/overlap-overrides/${of.id}/review`, { method: 'POST', body }),
            t('overlaps.review_done'),
          )
          .then((ok) => ok && close())
      }
    >
      <p className="wrap-any">{of.reason}</p>
      <Radio.Group label={t('overlaps.finding')} required value={finding} onChange={setFinding}>
        <div className="stack">
          {findings.map((value) => (
            <Radio key={value} value={value} label={word('override_finding', value)} />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        label={`${t('ui.note')} (${t('ui.optional')})`}
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
