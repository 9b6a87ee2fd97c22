// What somebody says is wrong in the record, on the household's page: to dispute, to examine.
import { Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { Correction, HouseholdDetail } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { PickSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import { Facts } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { useFactText } from './fact-text';

const personal = [
  'name',
  'birth_date',
  'sex',
  'mother_name',
  'relation',
  'marital_status',
  'phone',
];
const shared = ['street', 'rt', 'rw'];

type Papers = (item: Correction) => ReactNode;

export function HouseholdCorrections({
  household,
  evidence,
}: {
  household: HouseholdDetail;
  /** The papers of a correction: the business of another part. */
  evidence: Papers;
}) {
  const { t } = useTranslation();
  const account = useAccount();
  const [adding, setAdding] = useState(false);
  const query = usePage<Correction>('/corrections', { household_id: household.id, limit: 100 });
  const may =
    household.status === 'active' &&
    hasRole(account, 'citizen', 'coordinator', 'social_worker', 'village_operator');
  return (
    <div className="stack">
      {may && (
        <div className="row">
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            {t('corrections.add')}
          </Button>
        </div>
      )}
      {query.isError && query.data === undefined ? (
        <div className="card">
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : query.data === undefined ? (
        <div className="card">
          <Loading />
        </div>
      ) : query.data.data.length === 0 ? (
        <div className="card">
          <Empty title={t('corrections.none')} why={t('corrections.none_why')} />
        </div>
      ) : (
        query.data.data.map((item) => <Item key={item.id} item={item} evidence={evidence} />)
      )}
      {adding && <Dispute household={household} close={() => setAdding(false)} />}
    </div>
  );
}

function Item({ item, evidence }: { item: Correction; evidence: Papers }) {
  const { t } = useTranslation();
  const say = useFactText();
  const [verb, setVerb] = useState<'accept' | 'reject' | 'withdraw' | null>(null);
  return (
    <article className="card card-pad stack" aria-label={word('correction_fact', item.fact)}>
      <div className="spread">
        <div>
          <h2 className="card-title">{word('correction_fact', item.fact)}</h2>
          <p className="muted small">{item.subject_name}</p>
        </div>
        <StatusBadge group="correction_status" value={item.status} />
      </div>
      <Facts
        items={[
          [t('corrections.recorded'), say(item.fact, item.recorded_value)],
          [
            t('corrections.claimed'),
            <strong key="claimed">{say(item.fact, item.claimed_value)}</strong>,
          ],
          [t('corrections.explanation'), item.explanation],
          [t('corrections.submitted'), formatInstant(item.submitted_at)],
          item.examined_at ? [t('corrections.examined'), formatInstant(item.examined_at)] : null,
          item.decision_reason ? [t('ui.reason'), item.decision_reason] : null,
        ]}
      />
      {evidence(item)}
      <div className="row">
        {(['accept', 'reject', 'withdraw'] as const)
          .filter((name) => allowed(item.can, name))
          .map((name) => (
            <Button
              key={name}
              variant={name === 'accept' ? 'filled' : 'default'}
              onClick={() => setVerb(name)}
            >
              {t(`corrections.${name}`)}
            </Button>
          ))}
      </div>
      {verb && <Decide item={item} verb={verb} close={() => setVerb(null)} />}
    </article>
  );
}

function Decide(props: {
  item: Correction;
  verb: 'accept' | 'reject' | 'withdraw';
  close: () => void;
}) {
  const { item, verb, close } = props;
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');
  const written = reason.trim();
  function submit() {
    void act.run(
      async (key) => {
        await call(`/corrections/${item.id}/${verb}`, {
          method: 'POST',
          key,
          etag: `"${item.version}"`,
          body: verb === 'withdraw' ? undefined : written ? { reason: written } : {},
        });
        close();
      },
      t(`corrections.${verb}_done`),
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t(`corrections.${verb}`)}
      submitText={t(`corrections.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={verb === 'reject'}
      disabled={verb === 'reject' && !written}
      onSubmit={submit}
    >
      <p>{t(`corrections.${verb}_lead`)}</p>
      {verb !== 'withdraw' && (
        <Textarea
          label={verb === 'reject' ? t('ui.reason') : `${t('ui.reason')} (${t('ui.optional')})`}
          required={verb === 'reject'}
          value={reason}
          maxLength={1000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}

function Dispute({ household, close }: { household: HouseholdDetail; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [subject, setSubject] = useState('');
  const [fact, setFact] = useState('');
  const [claimed, setClaimed] = useState('');
  const [why, setWhy] = useState('');
  const errors = fieldErrors(act.error);
  const facts = subject === household.id ? shared : personal;
  function submit() {
    const kind = subject === household.id ? 'household' : 'individual';
    const body = {
      subject: { kind, id: subject },
      fact,
      claimed_value: claimed.trim(),
      explanation: why.trim(),
    };
    void act.run(async (key) => {
      await call('/corrections', { method: 'POST', body, key });
      close();
    }, t('corrections.added'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('corrections.add')}
      submitText={t('corrections.send')}
      busy={act.busy}
      error={act.error}
      disabled={!subject || !fact || !claimed.trim() || !why.trim()}
      onSubmit={submit}
    >
      <PickSelect
        label={t('corrections.subject')}
        required
        options={[
          { value: household.id, label: t('problems.subject_household') },
          ...household.members
            .filter((person) => person.life_status === 'alive')
            .map((person) => ({ value: person.id, label: person.name ?? '' })),
        ]}
        value={subject}
        onChange={(value) => {
          setSubject(value);
          setFact('');
        }}
      />
      {subject && (
        <PickSelect
          label={t('corrections.fact')}
          required
          options={facts.map((value) => ({ value, label: word('correction_fact', value) }))}
          value={fact}
          onChange={setFact}
        />
      )}
      <TextInput
        label={t('corrections.claimed')}
        description={fact === 'birth_date' ? t('corrections.date_hint') : undefined}
        required
        value={claimed}
        maxLength={300}
        error={errors.claimed_value}
        onChange={(event) => setClaimed(event.currentTarget.value)}
      />
      <Textarea
        label={t('corrections.explanation')}
        description={t('corrections.explanation_hint')}
        required
        value={why}
        maxLength={2000}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
