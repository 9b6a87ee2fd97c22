// The next step of a decision, and the ways out. What the server allows stands in `can`.
import { Button, NumberInput, Radio, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { fieldErrors } from '~/ui/problem-text';
import type { Decision } from './types';

const steps = ['notify', 'answer', 'confirm', 'take_effect', 'reverse', 'withdraw'] as const;
type Verb = (typeof steps)[number];
const channels = ['in_person', 'home_visit', 'letter', 'phone'];
const quiet: readonly Verb[] = ['withdraw', 'answer'];

export function DecisionActions({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  return (
    <>
      {steps
        .filter((step) => allowed(decision.can, step))
        .map((step) => (
          <Button
            key={step}
            variant={quiet.includes(step) ? 'default' : 'filled'}
            onClick={() => setVerb(step)}
          >
            {t(`decisions.verbs.${step}`)}
          </Button>
        ))}
      {verb && <Step decision={decision} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

function Step({ decision, verb, close }: { decision: Decision; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const asked = useCodes('decision_effects').entries.find((e) => e.code === decision.effect);
  const least = Number((asked?.attrs as { answer_days?: number } | undefined)?.answer_days ?? 10);
  const own = hasRole(useAccount(), 'citizen');
  const [channel, setChannel] = useState('in_person');
  const [days, setDays] = useState<string | number>('');
  const [effective, setEffective] = useState('');
  const [text, setText] = useState('');
  const errors = fieldErrors(act.error);
  const written = text.trim();
  const words = verb === 'answer' || verb === 'withdraw' || verb === 'reverse';
  const told = verb === 'notify' || (verb === 'answer' && !own);
  const body =
    verb === 'notify'
      ? {
          channel,
          ...(typeof days === 'number' ? { answer_days: days } : {}),
          ...(effective ? { effective_on: effective } : {}),
        }
      : verb === 'answer'
        ? { said: written, ...(own ? {} : { channel }) }
        : words
          ? { reason: written }
          : undefined;

  function submit() {
    void act.run(
      async (key) => {
        const path = verb === 'take_effect' ? 'take-effect' : verb;
        await call(`/decisions/${decision.id}/${path}`, {
          method: 'POST',
          body,
          key,
          etag: `"${decision.version}"`,
        });
        close();
      },
      t(`decisions.done.${verb}`),
    );
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t(`decisions.verbs.${verb}`)}
      submitText={t(`decisions.verbs.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={verb === 'confirm' || verb === 'take_effect'}
      disabled={words && !written}
      onSubmit={submit}
    >
      <p>{t(`decisions.explain.${verb}`)}</p>
      {told && (
        <Radio.Group
          label={t(verb === 'notify' ? 'decisions.told_how' : 'decisions.heard_how')}
          value={channel}
          onChange={setChannel}
        >
          <div className="stack">
            {channels.map((value) => (
              <Radio key={value} value={value} label={word('notice_channel', value)} />
            ))}
          </div>
        </Radio.Group>
      )}
      {verb === 'notify' && (
        <>
          <NumberInput
            label={`${t('decisions.answer_days')} (${t('ui.optional')})`}
            description={t('decisions.answer_days_hint', { days: least })}
            min={least}
            max={90}
            allowDecimal={false}
            value={days}
            error={errors.answer_days}
            onChange={setDays}
          />
          <TextInput
            type="date"
            label={`${t('decisions.effective')} (${t('ui.optional')})`}
            description={t('decisions.effective_hint')}
            value={effective}
            error={errors.effective_on}
            onChange={(event) => setEffective(event.currentTarget.value)}
          />
        </>
      )}
      {words && (
        <Textarea
          label={verb === 'answer' ? t('decisions.said') : t('ui.reason')}
          required
          autosize
          minRows={3}
          value={text}
          maxLength={verb === 'answer' ? 4000 : 1000}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
