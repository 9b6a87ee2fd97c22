// The rule as a sentence one writes by choosing: groups of conditions, each line with its connecting word.
import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { createContext, use, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice, NumberBox } from './bits';
import { ConditionFields } from './Condition';
import {
  addTo,
  change,
  type Group,
  group,
  type Join,
  type Leaf,
  leaf,
  type Members,
  members,
  newCondition,
  type Op,
  type RuleNode,
} from './rule-tree';

/** Groups within groups, so deep the builder offers them; deeper ones that were written elsewhere are shown. */
const DEPTH = 3;

interface Desk {
  root: Group;
  setRoot: (root: Group) => void;
  /** What the service says about a node. */
  faults: Map<number, string[]>;
  warnings: Map<number, string[]>;
  /** The node that was just added, which takes the focus. */
  fresh: { current: number | null };
}

const DeskContext = createContext<Desk | null>(null);
function useDesk(): Desk {
  const desk = use(DeskContext);
  if (!desk) throw new Error('no rule around this');
  return desk;
}

export function Builder(props: Omit<Desk, 'fresh'>) {
  const fresh = useRef<number | null>(null);
  const { t } = useTranslation();
  return (
    <DeskContext value={{ ...props, fresh }}>
      <div className="rule-builder">
        <GroupBody node={props.root} subject="household" depth={1} lead={t('rule.eligible_if')} />
      </div>
    </DeskContext>
  );
}

type Subject = 'household' | 'member';
interface BodyProps {
  node: Group;
  subject: Subject;
  depth: number;
  lead?: string;
  /** A single condition needs no word that joins it. */
  quiet?: boolean;
}

function GroupBody({ node, subject, depth, lead, quiet = false }: BodyProps) {
  const { t } = useTranslation();
  const desk = useDesk();
  const joins: Join[] = ['all', 'any', 'none'];
  const named = !quiet || node.of.length > 1 || node.join !== 'all';
  return (
    <>
      {(lead || named) && (
        <div className="clause-line clause-lead">
          {lead && <span className="strong">{lead}</span>}
          {named && (
            <Choice
              label={t('rule.joined')}
              value={node.join}
              options={joins.map((value) => ({ value, label: t(`rule.join.${value}`) }))}
              onChange={(join) =>
                desk.setRoot(change(desk.root, node.id, (n) => ({ ...n, join }) as RuleNode))
              }
            />
          )}
        </div>
      )}
      {node.of.length > 0 && (
        <ol className="clauses">
          {node.of.map((child, at) => (
            <li key={child.id} className="clause">
              {at > 0 && (
                <span className="clause-joint" aria-hidden="true">
                  {t(`rule.joint.${node.join}`)}
                </span>
              )}
              <Line node={child} subject={subject} depth={depth} />
            </li>
          ))}
        </ol>
      )}
      <Findings id={node.id} />
      <AddRow into={node} subject={subject} depth={depth} />
    </>
  );
}

function Line({ node, subject, depth }: { node: RuleNode; subject: Subject; depth: number }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const box = useRef<HTMLFieldSetElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the line that was just added takes the focus
  useEffect(() => {
    if (desk.fresh.current !== node.id) return;
    desk.fresh.current = null;
    box.current?.querySelector<HTMLElement>('select, input:not([type=hidden]), button')?.focus();
  }, []);
  const bad = desk.faults.has(node.id);
  const remove = () => {
    // The focus goes to where the next condition is added, never into nothing.
    const next = box.current
      ?.closest('ol')
      ?.parentElement?.querySelector<HTMLElement>(':scope > .clause-add button');
    desk.setRoot(change(desk.root, node.id, () => null));
    next?.focus();
  };
  const bin = (
    <ActionIcon
      variant="subtle"
      className="clause-remove"
      aria-label={t('rule.remove')}
      title={t('rule.remove')}
      onClick={remove}
    >
      <IconTrash size={20} aria-hidden="true" />
    </ActionIcon>
  );
  return (
    <fieldset ref={box} className="clause-box" data-bad={bad || undefined} data-kind={node.kind}>
      <legend className="sp-visually-hidden">{t(`rule.kind.${kindOf(node)}`)}</legend>
      {node.kind === 'leaf' ? (
        <div className="clause-line">
          <LeafFields node={node} subject={subject} />
          {bin}
        </div>
      ) : node.kind === 'members' ? (
        <>
          <div className="clause-line">
            <MembersLead node={node} />
            {bin}
          </div>
          <GroupBody node={node.where} subject="member" depth={depth + 1} quiet />
        </>
      ) : (
        <>
          <div className="clause-line clause-group-head">
            <span className="muted small">{t('rule.kind.group')}</span>
            {bin}
          </div>
          <GroupBody node={node} subject={subject} depth={depth + 1} />
        </>
      )}
      {node.kind !== 'group' && <Findings id={node.id} />}
    </fieldset>
  );
}

const kindOf = (node: RuleNode) =>
  node.kind === 'leaf' ? ('condition' as const) : (node.kind as 'group' | 'members');

function LeafFields({ node, subject }: { node: Leaf; subject: Subject }) {
  const desk = useDesk();
  return (
    <ConditionFields
      is={node.is}
      subject={subject}
      onChange={(is) => desk.setRoot(change(desk.root, node.id, (n) => ({ ...n, is }) as RuleNode))}
    />
  );
}

const ops: Op[] = ['ge', 'le', 'eq', 'gt', 'lt', 'ne'];

function MembersLead({ node }: { node: Members }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const set = (part: Partial<Members>) =>
    desk.setRoot(change(desk.root, node.id, (n) => ({ ...n, ...part }) as RuleNode));
  return (
    <>
      <Choice
        label={t('rule.kind.members')}
        value={node.quant}
        options={(['some', 'none', 'count'] as const).map((value) => ({
          value,
          label: t(`rule.quant.${value}`),
        }))}
        onChange={(quant) => set({ quant: quant as Members['quant'] })}
      />
      {node.quant === 'count' && (
        <>
          <Choice
            label={t('rule.how_many')}
            value={node.op}
            options={ops.map((value) => ({ value, label: t(`rule.test.${value}`) }))}
            onChange={(op) => set({ op: op as Op })}
          />
          <NumberBox
            label={t('rule.people')}
            value={node.value}
            onChange={(value) => set({ value })}
          />
          <span className="clause-word">
            {t(node.where.of.length > 0 ? 'rule.people_who' : 'rule.people')}
          </span>
        </>
      )}
    </>
  );
}

function Findings({ id }: { id: number }) {
  const desk = useDesk();
  const [faults, warnings] = [desk.faults.get(id) ?? [], desk.warnings.get(id) ?? []];
  return (
    <>
      {faults.map((text) => (
        <p key={text} className="clause-fault" role="alert">
          {text}
        </p>
      ))}
      {warnings.map((text) => (
        <p key={text} className="clause-warning">
          {text}
        </p>
      ))}
    </>
  );
}

const forHousehold = ['decile', 'members', 'problem', 'fact', 'receives', 'area'] as const;
const forMember = ['age', 'fact', 'problem', 'receives'] as const;
type Kind = (typeof forHousehold)[number] | (typeof forMember)[number];

function make(kind: Kind): RuleNode {
  if (kind === 'members') return members();
  if (kind === 'fact') return leaf({ what: 'fact', fact: '', test: 'is', values: [] });
  return leaf(newCondition(kind));
}

function AddRow({ into, subject, depth }: { into: Group; subject: Subject; depth: number }) {
  const { t } = useTranslation();
  const desk = useDesk();
  function add(node: RuleNode) {
    desk.fresh.current = node.id;
    desk.setRoot(addTo(desk.root, into.id, node));
  }
  const kinds: readonly Kind[] = subject === 'household' ? forHousehold : forMember;
  return (
    <div
      className="clause-add"
      role="group"
      aria-label={t(subject === 'household' ? 'rule.add_household' : 'rule.add_member')}
    >
      {kinds.map((kind) => (
        <Button
          key={kind}
          variant="light"
          size="sm"
          className="clause-add-button"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={() => add(make(kind))}
        >
          {subject === 'household'
            ? t(`rule.add_to_household.${kind as 'fact'}`)
            : t(`rule.add_to_member.${kind as 'fact'}`)}
        </Button>
      ))}
      {depth < DEPTH && (
        <Button
          variant="subtle"
          size="sm"
          className="clause-add-button"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={() => add(group('any'))}
        >
          {t('rule.add_group')}
        </Button>
      )}
    </div>
  );
}
