// The plan: goals and who does what until when. Shown as a list, changed as a whole.
import { Button, NumberInput, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import { word } from '~/i18n';
import { allowed, CanButton, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatDate, formatMoney, officeToday } from '~/ui/format';
import { Card } from '~/ui/page';
import { Empty, ProblemNotice } from '~/ui/states';
import type { CaseRecord, Goal, PlanAction } from './types';

interface Props {
  record: CaseRecord;
  etag: string | undefined;
}

export function CasePlan({ record, etag }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const act = useAct();
  const goals = record.plan?.goals ?? [];
  const agree = () =>
    void act.run(
      () =>
        call(`/cases/${record.id}`, {
          method: 'PATCH',
          body: { plan_agreed_date: officeToday() },
          etag,
        }),
      t('cases.plan_agreed_done'),
    );
  if (editing) return <EditPlan record={record} etag={etag} close={() => setEditing(false)} />;
  return (
    <Card
      title={t('cases.plan')}
      actions={
        <>
          {goals.length > 0 && !record.plan_agreed_date && allowed(record.can, 'edit') && (
            <Button loading={act.busy} onClick={agree}>
              {t('cases.plan_agree')}
            </Button>
          )}
          {allowed(record.can, 'edit') && (
            <CanButton
              can={record.can}
              action="edit"
              variant="default"
              onClick={() => setEditing(true)}
            >
              {t(goals.length > 0 ? 'ui.edit' : 'cases.plan_begin')}
            </CanButton>
          )}
        </>
      }
    >
      <ProblemNotice error={act.error} />
      {record.plan_agreed_date && (
        <p className="muted">
          {t('cases.plan_agreed', { date: formatDate(record.plan_agreed_date) })}
        </p>
      )}
      {goals.length === 0 ? (
        <Empty title={t('cases.no_plan')} why={t('cases.no_plan_why')} />
      ) : (
        goals.map((goal, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: goals have an order and no other identity
          <GoalView key={place} goal={goal} />
        ))
      )}
    </Card>
  );
}

function GoalView({ goal }: { goal: Goal }) {
  const needs = useCodes('needs');
  return (
    <section className="stack" aria-label={goal.text}>
      <div className="spread">
        <h3 className="card-title wrap-any">{goal.text}</h3>
        <StatusBadge group="goal_status" value={goal.status} />
      </div>
      <p className="muted small">
        {[goal.need_code && needs.name(goal.need_code), formatDate(goal.target_date)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <ul>
        {goal.actions.map((action, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: actions have an order and no other identity
          <li key={place} className="wrap-any">
            {action.text} <span className="muted">({action.responsible})</span>{' '}
            {action.due_date && <span className="muted">{formatDate(action.due_date)}</span>}{' '}
            {action.cost_idr ? (
              <span className="sp-num">{formatMoney(action.cost_idr)}</span>
            ) : null}{' '}
            <StatusBadge group="action_status" value={action.status} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const newAction = (): PlanAction => ({ text: '', responsible: '', status: 'planned' });
const newGoal = (): Goal => ({ text: '', status: 'open', actions: [newAction()] });

/** What an empty input leaves is left out; the server refuses the rest with its place. */
function cleaned(goals: Goal[]): Goal[] {
  return goals.map((goal) => ({
    text: goal.text.trim(),
    status: goal.status,
    ...(goal.need_code ? { need_code: goal.need_code } : {}),
    ...(goal.target_date ? { target_date: goal.target_date } : {}),
    actions: goal.actions
      .filter((action) => action.text.trim() || action.responsible.trim())
      .map((action) => ({
        text: action.text.trim(),
        responsible: action.responsible.trim(),
        status: action.status,
        ...(action.organization_id ? { organization_id: action.organization_id } : {}),
        ...(action.due_date ? { due_date: action.due_date } : {}),
        ...(typeof action.cost_idr === 'number' ? { cost_idr: action.cost_idr } : {}),
      })),
  }));
}

function EditPlan({ record, etag, close }: Props & { close: () => void }) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const act = useAct();
  const [goals, setGoals] = useState<Goal[]>(() =>
    record.plan && record.plan.goals.length > 0 ? record.plan.goals : [newGoal()],
  );
  const change = (at: number, part: Partial<Goal>) =>
    setGoals(goals.map((goal, place) => (place === at ? { ...goal, ...part } : goal)));
  return (
    <Card title={t('cases.plan')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void act
            .run(
              () =>
                call(`/cases/${record.id}`, {
                  method: 'PATCH',
                  body: { plan: { goals: cleaned(goals) } },
                  etag,
                }),
              t('cases.plan_saved'),
            )
            .then((done) => done && close());
        }}
      >
        <ProblemNotice error={act.error} />
        {goals.map((goal, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: goals have an order and no other identity
          <fieldset className="goal stack" key={at}>
            <legend>{t('cases.goal_n', { n: at + 1 })}</legend>
            <Textarea
              label={t('cases.goal')}
              description={t('cases.goal_hint')}
              required
              autosize
              maxLength={500}
              value={goal.text}
              onChange={(event) => change(at, { text: event.currentTarget.value })}
            />
            <div className="row">
              <PickSelect
                label={t('problems.need')}
                options={needs.options}
                value={goal.need_code ?? ''}
                onChange={(value) => change(at, { need_code: value || null })}
              />
              <DateInput
                label={t('cases.target')}
                value={goal.target_date ?? ''}
                onChange={(value) => change(at, { target_date: value || null })}
              />
              <PickSelect
                label={t('ui.status')}
                options={['open', 'met', 'dropped'].map((value) => ({
                  value,
                  label: word('goal_status', value),
                }))}
                value={goal.status}
                onChange={(value) => value && change(at, { status: value as Goal['status'] })}
              />
            </div>
            <Actions actions={goal.actions} change={(actions) => change(at, { actions })} />
            <div>
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={18} aria-hidden="true" />}
                onClick={() => setGoals(goals.filter((_, place) => place !== at))}
              >
                {t('cases.remove_goal', { n: at + 1 })}
              </Button>
            </div>
          </fieldset>
        ))}
        <div className="spread">
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setGoals([...goals, newGoal()])}
          >
            {t('cases.add_goal')}
          </Button>
          <div className="row">
            <Button variant="default" onClick={close}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={act.busy}>
              {t('cases.save_plan')}
            </Button>
          </div>
        </div>
      </form>
    </Card>
  );
}

function Actions({
  actions,
  change,
}: {
  actions: PlanAction[];
  change: (actions: PlanAction[]) => void;
}) {
  const { t } = useTranslation();
  const set = (at: number, part: Partial<PlanAction>) =>
    change(actions.map((action, place) => (place === at ? { ...action, ...part } : action)));
  return (
    <div className="stack">
      {actions.map((action, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: actions have an order and no other identity
        <div className="goal-action" key={at}>
          <TextInput
            label={t('cases.action')}
            maxLength={500}
            value={action.text}
            onChange={(event) => set(at, { text: event.currentTarget.value })}
          />
          <TextInput
            label={t('cases.responsible')}
            maxLength={200}
            value={action.responsible}
            onChange={(event) => set(at, { responsible: event.currentTarget.value })}
          />
          <DateInput
            label={t('cases.due')}
            value={action.due_date ?? ''}
            onChange={(value) => set(at, { due_date: value || null })}
          />
          <NumberInput
            label={t('cases.cost')}
            min={0}
            hideControls
            thousandSeparator="."
            decimalSeparator=","
            allowDecimal={false}
            value={action.cost_idr ?? ''}
            onChange={(value) => set(at, { cost_idr: typeof value === 'number' ? value : null })}
          />
          <PickSelect
            label={t('ui.status')}
            options={['planned', 'doing', 'done', 'dropped'].map((value) => ({
              value,
              label: word('action_status', value),
            }))}
            value={action.status}
            onChange={(value) => value && set(at, { status: value as PlanAction['status'] })}
          />
        </div>
      ))}
      <div>
        <Button
          variant="subtle"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => change([...actions, newAction()])}
        >
          {t('cases.add_action')}
        </Button>
      </div>
    </div>
  );
}
