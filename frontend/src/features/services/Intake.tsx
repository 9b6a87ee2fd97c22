// The busy counter in one page: find or enter the family, note what is wrong, take the request in.
// Everything is reached by the keyboard in the order of the conversation; one button stores it all.
import { Button, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, newKey } from '~/api/http';
import { useCodes, useRegions } from '~/api/reference';
import type { HouseholdDetail, Problem } from '~/api/types';
import { word } from '~/i18n';
import { useAct } from '~/ui/act';
import { isLikely, namedBy } from '~/ui/entry';
import { PickSelect } from '~/ui/fields';
import { Card, Page } from '~/ui/page';
import { Notice, ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { emptyFamily, type Family, FamilyForm, familyBody, useOwnVillages } from './FamilyForm';
import { FindFamily } from './FindFamily';
import { DocumentTicks } from './service-bits';
import type { ServiceRequest } from './types';

interface Outcome {
  household: string;
  problem?: string;
  request?: string;
}

const severities = ['emergency', 'high', 'medium', 'low'];

export default function Intake() {
  const { t } = useTranslation();
  const [round, setRound] = useState(0);
  return <Visit key={round} next={() => setRound(round + 1)} title={t('places.intake')} />;
}

function Visit({ next, title }: { next: () => void; title: string }) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const services = useCodes('services');
  const regions = useRegions();
  const villages = useOwnVillages();
  const act = useAct();
  const [chosen, setChosen] = useState<string | null>(null);
  const [family, setFamily] = useState<Family | null>(null);
  const [need, setNeed] = useState({ code: '', severity: 'medium', description: '' });
  const [service, setService] = useState({ code: '', person: '', purpose: '', addressee: '' });
  const [shown, setShown] = useState<string[]>([]);
  const [done, setDone] = useState<Outcome | null>(null);
  // What was stored already is not stored again when the rest is tried anew.
  const stored = useRef<Outcome>({ household: '' });
  const keys = useRef({ household: newKey(), problem: newKey(), request: newKey() });
  const detail = useResource<HouseholdDetail>(
    ['households', chosen ?? ''],
    `/households/${chosen}`,
    chosen !== null,
  ).data?.data;
  const entry = services.entries.find((item) => item.code === service.code);
  const required = (entry?.attrs?.documents as string[] | undefined) ?? [];
  const ready =
    (chosen !== null || (family?.region_code && family.members[0]?.name)) &&
    (need.code || service.code);

  async function save() {
    const saved = stored.current;
    if (!saved.household) {
      saved.household =
        chosen ??
        (
          await call<HouseholdDetail>('/households', {
            method: 'POST',
            body: familyBody(family ?? emptyFamily()),
            key: keys.current.household,
          })
        ).data.id;
    }
    if (need.code && !saved.problem) {
      const body = {
        subject: { kind: 'household', id: saved.household },
        need_code: need.code,
        severity: need.severity,
        ...(need.description.trim() ? { description: need.description.trim() } : {}),
      };
      const key = keys.current.problem;
      saved.problem = (await call<Problem>('/problems', { method: 'POST', body, key })).data.id;
    }
    if (service.code && !saved.request) {
      const body = {
        service_code: service.code,
        subject: service.person
          ? { kind: 'individual', id: service.person }
          : { kind: 'household', id: saved.household },
        documents: shown,
        ...(saved.problem ? { problem_id: saved.problem } : {}),
        ...(service.purpose.trim() ? { purpose: service.purpose.trim() } : {}),
        ...(service.addressee.trim() ? { addressee: service.addressee.trim() } : {}),
      };
      const key = keys.current.request;
      const made = await call<ServiceRequest>('/service-requests', { method: 'POST', body, key });
      saved.request = made.data.id;
    }
    setDone({ ...saved });
  }

  if (done) return <Stored outcome={done} next={next} title={title} />;
  return (
    <Page title={title} lead={t('intake.lead')}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void act.run(save, t('intake.done'));
        }}
      >
        <Card title={t('intake.who')}>
          {detail ? (
            <div className="spread">
              <p>
                <span className="strong">{detail.head_name}</span>
                <span className="muted">
                  {' '}
                  · {regions.full(detail.region_code)} ·{' '}
                  {t('intake.members', { count: detail.members.length })}
                </span>
              </p>
              <Button variant="default" onClick={() => setChosen(null)}>
                {t('intake.other')}
              </Button>
            </div>
          ) : family ? (
            <FamilyForm
              family={family}
              change={setFamily}
              choose={(id) => {
                setFamily(null);
                setChosen(id);
              }}
              back={() => setFamily(null)}
              named={namedBy(act.error)}
            />
          ) : (
            <FindFamily
              choose={setChosen}
              create={(name) => setFamily(emptyFamily(name, villages))}
            />
          )}
        </Card>
        <Card title={t('intake.what')}>
          <div className="intake-grid">
            <PickSelect
              label={`${t('problems.need')} (${t('ui.optional')})`}
              options={needs.options}
              value={need.code}
              onChange={(code) => setNeed({ ...need, code })}
            />
            <PickSelect
              label={t('problems.severity')}
              options={severities.map((value) => ({ value, label: word('severity', value) }))}
              value={need.severity}
              onChange={(severity) => setNeed({ ...need, severity })}
            />
          </div>
          {need.code && (
            <Textarea
              label={`${t('problems.description')} (${t('ui.optional')})`}
              description={t('problems.description_hint')}
              value={need.description}
              maxLength={4000}
              onChange={(event) => setNeed({ ...need, description: event.currentTarget.value })}
            />
          )}
        </Card>
        <Card title={t('intake.service')}>
          <div className="intake-grid">
            <PickSelect
              label={`${t('services.service')} (${t('ui.optional')})`}
              options={services.options}
              value={service.code}
              onChange={(code) => {
                setService({ ...service, code });
                setShown([]);
              }}
            />
            {detail && service.code && (
              <PickSelect
                label={t('services.for_whom')}
                options={detail.members
                  .filter((person) => person.life_status === 'alive')
                  .map((person) => ({ value: person.id, label: person.name ?? '' }))}
                value={service.person}
                onChange={(person) => setService({ ...service, person })}
              />
            )}
          </div>
          {service.code && (
            <>
              <DocumentTicks
                legend={t('services.shown')}
                codes={required}
                shown={shown}
                onChange={setShown}
              />
              <div className="intake-grid">
                <TextInput
                  label={`${t('services.purpose')} (${t('ui.optional')})`}
                  value={service.purpose}
                  maxLength={500}
                  onChange={(event) =>
                    setService({ ...service, purpose: event.currentTarget.value })
                  }
                />
                <TextInput
                  label={`${t('services.addressee')} (${t('ui.optional')})`}
                  value={service.addressee}
                  maxLength={200}
                  onChange={(event) =>
                    setService({ ...service, addressee: event.currentTarget.value })
                  }
                />
              </div>
            </>
          )}
        </Card>
        <ProblemNotice error={isLikely(act.error) ? null : act.error} />
        {!ready && <p className="muted">{t('intake.not_ready')}</p>}
        <div>
          <Button type="submit" loading={act.busy} disabled={!ready}>
            {t('intake.save')}
          </Button>
        </div>
      </form>
    </Page>
  );
}

function Stored({ outcome, next, title }: { outcome: Outcome; next: () => void; title: string }) {
  const { t } = useTranslation();
  return (
    <Page title={title}>
      <Card>
        <Notice tone="good" title={t('intake.done')} />
        <div className="row">
          {outcome.request && (
            <Button component={Link} to={`/service-requests/${outcome.request}`}>
              {t('intake.open_request')}
            </Button>
          )}
          {outcome.problem && (
            <Button component={Link} to={`/problems/${outcome.problem}`} variant="default">
              {t('intake.open_problem')}
            </Button>
          )}
          <Button component={Link} to={`/households/${outcome.household}`} variant="default">
            {t('problems.open_household')}
          </Button>
          <Button variant="default" onClick={next} data-autofocus>
            {t('intake.next')}
          </Button>
        </div>
      </Card>
    </Page>
  );
}
