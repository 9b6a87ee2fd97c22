// The decision about a pair, with its reason; a merge also says which record stays and whose values.
import { Button, Radio, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { ApiProblem } from '~/api/problem';
import { useRegions } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasDuty } from '~/app/roles';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput } from '~/ui/fields';
import { officeToday } from '~/ui/format';
import { Notice } from '~/ui/states';
import { useShow } from './Pair';
import { type Comparison, type Step, steps, takeable } from './types';

interface Props {
  pair: Comparison;
  step: Step;
  close: () => void;
  done: () => void;
}

export function Decide(props: Props) {
  const { pair, step, close, done } = props;
  const { t } = useTranslation();
  const act = useAct();
  const exempts = hasDuty(useAccount(), 'override');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const [override, setOverride] = useState('');
  const [survivor, setSurvivor] = useState(older(pair));
  const [taken, setTaken] = useState<string[]>([]);
  const refusedOverlap = act.error instanceof ApiProblem && act.error.code === 'claim_overlap';
  const asks = step !== 'confirm-merge';

  function body() {
    if (!asks) return undefined;
    const said = { reason: reason.trim() };
    if (step === 'later') return until ? { ...said, until } : said;
    if (step !== 'merge') return said;
    return {
      ...said,
      survivor_id: survivor,
      take_from_merged: taken,
      ...(override.trim() ? { override_reason: override.trim() } : {}),
    };
  }

  function submit() {
    void act
      .run(
        (key) =>
          call(`/duplicate-candidates/${pair.id}/${steps[step].path}`, {
            method: 'POST',
            key,
            etag: `"${pair.version}"`,
            ...(asks ? { body: body() } : {}),
          }),
        t(step === 'merge' && pair.needs_second_word ? 'dup.done.proposed' : `dup.done.${step}`),
      )
      .then((ok) => ok && done());
  }

  return (
    <FormDialog
      opened
      close={close}
      size={step === 'merge' ? 'lg' : 'md'}
      title={t(`dup.step.${step}`)}
      submitText={t(`dup.step.${step}`)}
      danger={step === 'undo-merge'}
      busy={act.busy}
      error={act.error}
      disabled={asks && !reason.trim()}
      onSubmit={submit}
    >
      <p>{t(`dup.step_lead.${step}`)}</p>
      {step === 'merge' && (
        <>
          {pair.needs_second_word && <Notice tone="warn" title={t('dup.second_word')} />}
          <WhoStays pair={pair} value={survivor} set={setSurvivor} />
          <Values pair={pair} survivor={survivor} taken={taken} set={setTaken} />
        </>
      )}
      {asks && <Reason step={step} value={reason} set={setReason} />}
      {step === 'later' && (
        <DateInput
          label={`${t('dup.open_again')} (${t('ui.optional')})`}
          min={officeToday()}
          value={until}
          onChange={setUntil}
        />
      )}
      {refusedOverlap && exempts && (
        <Textarea
          label={t('dup.override')}
          description={t('dup.override_why')}
          maxLength={1000}
          value={override}
          onChange={(event) => setOverride(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}

/** The record that was there first stays, unless somebody decides otherwise. */
function older(pair: Comparison): string {
  const { a, b } = pair;
  if (!a || !b) return '';
  return a.created_at <= b.created_at ? a.id : b.id;
}

/** One line, so that Enter decides; the usual reasons are one press away. */
function Reason({ step, value, set }: { step: Step; value: string; set: (text: string) => void }) {
  const { t } = useTranslation();
  const three = ['first', 'second', 'third'] as const;
  const usual =
    step === 'distinct'
      ? three.map((at) => t(`dup.usual_distinct.${at}`))
      : step === 'merge'
        ? three.map((at) => t(`dup.usual_merge.${at}`))
        : [];
  return (
    <div className="stack">
      <TextInput
        label={t('ui.reason')}
        required
        data-autofocus
        autoComplete="off"
        maxLength={1000}
        value={value}
        onChange={(event) => set(event.currentTarget.value)}
      />
      {usual.length > 0 && (
        <div className="row">
          {usual.map((text) => (
            <Button key={text} size="sm" variant="default" onClick={() => set(text)}>
              {text}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

function WhoStays(props: { pair: Comparison; value: string; set: (id: string) => void }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const { a, b } = props.pair;
  if (!a || !b) return null;
  return (
    <Radio.Group label={t('dup.who_stays')} value={props.value} onChange={props.set}>
      <div className="stack">
        {[a, b].map((side) => (
          <Radio
            key={side.id}
            value={side.id}
            label={[
              side.name ?? t('dup.unnamed'),
              side.number_masked,
              regions.full(side.region_code),
              word('data_source', side.source),
            ]
              .filter(Boolean)
              .join(' · ')}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

/** Where both have a value and they differ: whose is kept. */
function Values(props: {
  pair: Comparison;
  survivor: string;
  taken: string[];
  set: (fields: string[]) => void;
}) {
  const { t } = useTranslation();
  const show = useShow();
  const { pair, survivor, taken, set } = props;
  const open = pair.fields.filter(
    (field) =>
      field.a !== null && field.b !== null && field.a !== field.b && takeable.includes(field.field),
  );
  if (open.length === 0) return null;
  const stays = pair.a?.id === survivor ? 'a' : 'b';
  const goes = stays === 'a' ? 'b' : 'a';
  return (
    <fieldset className="dup-values stack">
      <legend className="strong">{t('dup.whose_values')}</legend>
      {open.map((field) => (
        <Radio.Group
          key={field.field}
          label={word('dup_field', field.field)}
          value={taken.includes(field.field) ? 'merged' : 'survivor'}
          onChange={(value) =>
            set(
              value === 'merged'
                ? [...taken, field.field]
                : taken.filter((one) => one !== field.field),
            )
          }
        >
          <div className="row">
            <Radio value="survivor" label={show(field.field, field[stays])} />
            <Radio value="merged" label={show(field.field, field[goes])} />
          </div>
        </Radio.Group>
      ))}
    </fieldset>
  );
}
