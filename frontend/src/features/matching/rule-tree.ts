// A rule as the builder edits it: groups of conditions with ids of their own, and back to the wire's JSON.
// What the service reports carries a pointer into that JSON; `emit` remembers which pointer is which node.

export type Literal = string | number | boolean;
export type Clause = Record<string, unknown>;

export type Join = 'all' | 'any' | 'none';
export type Op = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
export type FactTest = Op | 'is' | 'is_not' | 'between';

export interface Group {
  id: number;
  kind: 'group';
  join: Join;
  of: RuleNode[];
}

/** A clause about the people of the household, one by one. */
export interface Members {
  id: number;
  kind: 'members';
  quant: 'some' | 'none' | 'count';
  op: Op;
  value: number | null;
  where: Group;
}

export type Condition =
  | { what: 'fact'; fact: string; test: FactTest; values: (Literal | null)[]; unit?: string }
  | {
      what: 'age';
      test: 'under' | 'from' | 'between';
      a: number | null;
      b: number | null;
      unit: 'years' | 'months';
      on?: string;
    }
  | {
      what: 'decile';
      min: number;
      max: number;
      scope: string;
      sources: string[];
      months: number | null;
    }
  | {
      what: 'problem';
      negated: boolean;
      needs: string[];
      ppks: string[];
      severity: string;
      statuses: string[];
    }
  | { what: 'receives'; negated: boolean; classes: string[]; programs: string[]; days: number }
  | { what: 'area'; negated: boolean; areas: string[] };

export interface Leaf {
  id: number;
  kind: 'leaf';
  is: Condition;
}

export type RuleNode = Group | Members | Leaf;
export type What = Condition['what'];

/** Confirmed and not over: what counts where a rule does not say. */
export const OPEN_STATUSES = ['verified', 'in_service', 'partly_resolved'];

let last = 0;
const fresh = () => {
  last += 1;
  return last;
};

export const group = (join: Join = 'all', of: RuleNode[] = []): Group => ({
  id: fresh(),
  kind: 'group',
  join,
  of,
});
export const leaf = (is: Condition): Leaf => ({ id: fresh(), kind: 'leaf', is });
export const members = (of: RuleNode[] = []): Members => ({
  id: fresh(),
  kind: 'members',
  quant: 'some',
  op: 'ge',
  value: 2,
  where: group('all', of),
});

export function newCondition(what: Exclude<What, 'fact'>): Condition {
  switch (what) {
    case 'age':
      return { what, test: 'under', a: 5, b: null, unit: 'years' };
    case 'decile':
      return { what, min: 1, max: 2, scope: 'national', sources: [], months: null };
    case 'problem':
      return {
        what,
        negated: false,
        needs: [],
        ppks: [],
        severity: 'low',
        statuses: OPEN_STATUSES,
      };
    case 'receives':
      return { what, negated: true, classes: [], programs: [], days: 0 };
    case 'area':
      return { what, negated: false, areas: [] };
  }
}

// ---- reading ----

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const numberOr = (value: unknown, other: number | null): number | null =>
  typeof value === 'number' ? value : other;

function one(clause: Clause): [string, Clause] {
  const [operator = '', body] = Object.entries(clause)[0] ?? [];
  return [operator, (body ?? {}) as Clause];
}

function groupOf(node: RuleNode): Group {
  return node.kind === 'group' ? node : group('all', [node]);
}

/** The node a stored clause reads as. */
export function read(clause: Clause): RuleNode {
  const [operator, body] = one(clause);
  switch (operator) {
    case 'all':
    case 'any':
      return group(operator, (body as unknown as Clause[]).map(read));
    case 'not':
      return readNot(body);
    case 'any_member':
      return { ...members(), where: groupOf(read(body)) };
    case 'count_members':
      return {
        ...members(),
        quant: 'count',
        op: body.op as Op,
        value: numberOr(body.value, null),
        where: body.where ? groupOf(read(body.where as Clause)) : group(),
      };
    default:
      return leaf(readLeaf(operator, body));
  }
}

function readNot(inner: Clause): RuleNode {
  const node = read(inner);
  if (node.kind === 'members' && node.quant === 'some') return { ...node, quant: 'none' };
  if (node.kind === 'group' && node.join === 'any') return { ...node, join: 'none' };
  if (node.kind === 'leaf') {
    if ('negated' in node.is && !node.is.negated) {
      return { ...node, is: { ...node.is, negated: true } };
    }
    if (node.is.what === 'fact' && node.is.test === 'is' && node.is.values.length > 1) {
      return { ...node, is: { ...node.is, test: 'is_not' } };
    }
  }
  return group('none', [node]);
}

function readLeaf(operator: string, body: Clause): Condition {
  switch (operator) {
    case 'compare': {
      const value = body.value as Literal;
      const test = body.op as Op;
      const coded = typeof value !== 'number';
      return {
        what: 'fact',
        fact: String(body.fact),
        test: coded && test === 'eq' ? 'is' : coded && test === 'ne' ? 'is_not' : test,
        values: [value],
        ...(body.unit ? { unit: String(body.unit) } : {}),
      };
    }
    case 'in':
      return {
        what: 'fact',
        fact: String(body.fact),
        test: 'is',
        values: body.values as Literal[],
      };
    case 'between':
      return {
        what: 'fact',
        fact: String(body.fact),
        test: 'between',
        values: [body.from as Literal, body.to as Literal],
        ...(body.unit ? { unit: String(body.unit) } : {}),
      };
    case 'age':
      return readAge(body);
    case 'decile':
      return {
        what: 'decile',
        min: numberOr(body.min, 1) ?? 1,
        max: numberOr(body.max, 10) ?? 10,
        scope: String(body.scope ?? 'national'),
        sources: strings(body.sources),
        months: numberOr(body.max_age_months, null),
      };
    case 'has_problem':
      return {
        what: 'problem',
        negated: false,
        needs: strings(body.needs),
        ppks: strings(body.ppks),
        severity: String(body.min_severity ?? 'low'),
        statuses: body.statuses ? strings(body.statuses) : OPEN_STATUSES,
      };
    case 'receives':
      return {
        what: 'receives',
        negated: false,
        classes: strings(body.overlap_classes),
        programs: strings(body.programs),
        days: numberOr(body.within_days, 0) ?? 0,
      };
    default:
      return { what: 'area', negated: false, areas: strings(body) };
  }
}

function readAge(body: Clause): Condition {
  const [min, max] = [numberOr(body.min, null), numberOr(body.max, null)];
  const common = {
    what: 'age' as const,
    unit: body.unit === 'months' ? ('months' as const) : ('years' as const),
    ...(body.on ? { on: String(body.on) } : {}),
  };
  if (min === null) return { ...common, test: 'under', a: max === null ? null : max + 1, b: null };
  if (max === null) return { ...common, test: 'from', a: min, b: null };
  return { ...common, test: 'between', a: min, b: max };
}

/** The tree of a stored rule; an empty one where there is none yet. */
export function readRule(rule: Clause | null | undefined): Group {
  return rule ? groupOf(read(rule)) : group();
}

// ---- writing ----

/** Pointers of the JSON with the node each belongs to, outermost first. */
export type Places = [pointer: string, id: number][];

export function emit(node: RuleNode, at = '', places: Places = []): Clause {
  places.push([at, node.id]);
  if (node.kind === 'leaf') return emitLeaf(node.is);
  if (node.kind === 'members') {
    const here = node.quant === 'none' ? `${at}/not` : at;
    if (node.quant === 'count') {
      const where = node.where.of.length > 0;
      return {
        count_members: {
          ...(where ? { where: emitInner(node.where, `${at}/count_members/where`, places) } : {}),
          op: node.op,
          value: node.value,
        },
      };
    }
    const some = { any_member: emitInner(node.where, `${here}/any_member`, places) };
    return node.quant === 'none' ? { not: some } : some;
  }
  const [only] = node.of;
  if (node.join === 'none') {
    if (only && node.of.length === 1) return { not: emit(only, `${at}/not`, places) };
    return { not: { any: node.of.map((n, i) => emit(n, `${at}/not/any/${i}`, places)) } };
  }
  return { [node.join]: node.of.map((n, i) => emit(n, `${at}/${node.join}/${i}`, places)) };
}

/** What a person must be: one condition stands for itself. */
function emitInner(where: Group, at: string, places: Places): Clause {
  const [only] = where.of;
  if (only && where.of.length === 1 && where.join !== 'none') {
    places.push([at, where.id]);
    return emit(only, at, places);
  }
  return emit(where, at, places);
}

function emitLeaf(is: Condition): Clause {
  switch (is.what) {
    case 'fact':
      return emitFact(is);
    case 'age': {
      const bounds =
        is.test === 'under'
          ? { max: (is.a ?? 0) - 1 }
          : is.test === 'from'
            ? { min: is.a }
            : { min: is.a, max: is.b };
      return { age: { ...bounds, unit: is.unit, ...(is.on ? { on: is.on } : {}) } };
    }
    case 'decile':
      return {
        decile: {
          min: is.min,
          max: is.max,
          scope: is.scope,
          ...(is.sources.length > 0 ? { sources: is.sources } : {}),
          ...(is.months === null ? {} : { max_age_months: is.months }),
        },
      };
    case 'problem':
      return not(is.negated, {
        has_problem: {
          ...(is.needs.length > 0 ? { needs: is.needs } : {}),
          ...(is.ppks.length > 0 ? { ppks: is.ppks } : {}),
          min_severity: is.severity,
          statuses: is.statuses,
        },
      });
    case 'receives':
      return not(is.negated, {
        receives: {
          ...(is.classes.length > 0 ? { overlap_classes: is.classes } : {}),
          ...(is.programs.length > 0 ? { programs: is.programs } : {}),
          within_days: is.days,
        },
      });
    case 'area':
      return not(is.negated, { area_in: is.areas as unknown as Clause });
  }
}

const not = (negated: boolean, clause: Clause): Clause => (negated ? { not: clause } : clause);

function emitFact(is: Extract<Condition, { what: 'fact' }>): Clause {
  const unit = is.unit ? { unit: is.unit } : {};
  const [first, second] = is.values;
  if (is.test === 'between')
    return { between: { fact: is.fact, from: first, to: second, ...unit } };
  if (is.test === 'is' || is.test === 'is_not') {
    if (is.values.length === 1) {
      return { compare: { fact: is.fact, op: is.test === 'is' ? 'eq' : 'ne', value: first } };
    }
    return not(is.test === 'is_not', { in: { fact: is.fact, values: is.values } });
  }
  return { compare: { fact: is.fact, op: is.test, value: first, ...unit } };
}

/** The node a pointer of the service speaks of: the innermost whose own pointer it begins with. */
export function nodeAt(pointer: string, places: Places): number | undefined {
  let best: [string, number] | undefined;
  for (const place of places) {
    const [at] = place;
    const within = at === '' || pointer === at || pointer.startsWith(`${at}/`);
    if (within && (!best || at.length >= best[0].length)) best = place;
  }
  return best?.[1];
}

// ---- completeness and editing ----

/** Nodes that still lack something, so that the rule cannot be asked about yet. */
export function unfinished(node: RuleNode): number[] {
  if (node.kind === 'leaf') return finished(node.is) ? [] : [node.id];
  if (node.kind === 'members') {
    const lacks =
      node.quant === 'count' ? node.value === null || node.value < 0 : node.where.of.length === 0;
    return [...(lacks ? [node.id] : []), ...node.where.of.flatMap(unfinished)];
  }
  return [...(node.of.length === 0 ? [node.id] : []), ...node.of.flatMap(unfinished)];
}

function finished(is: Condition): boolean {
  const whole = (value: number | null) => value !== null && Number.isInteger(value) && value >= 0;
  switch (is.what) {
    case 'fact':
      return (
        is.fact !== '' &&
        is.values.length >= (is.test === 'between' ? 2 : 1) &&
        is.values.every((value) => value !== null && value !== '')
      );
    case 'age':
      return is.test === 'between'
        ? whole(is.a) && whole(is.b)
        : whole(is.a) && (is.test !== 'under' || (is.a ?? 0) > 0);
    case 'decile':
      return is.min <= is.max;
    case 'problem':
      return is.needs.length + is.ppks.length > 0 && is.statuses.length > 0;
    case 'receives':
      return is.classes.length + is.programs.length > 0;
    case 'area':
      return is.areas.length > 0;
  }
}

function mapChildren(node: RuleNode, change: (child: RuleNode) => RuleNode | null): RuleNode {
  const keep = (of: RuleNode[]) =>
    of.map(change).filter((child): child is RuleNode => child !== null);
  if (node.kind === 'group') return { ...node, of: keep(node.of) };
  if (node.kind === 'members') {
    const where = change(node.where);
    return { ...node, where: where?.kind === 'group' ? where : group() };
  }
  return node;
}

/** Replaces one node; null takes it out. The root itself stays. */
export function change(root: Group, id: number, to: (node: RuleNode) => RuleNode | null): Group {
  const step = (node: RuleNode): RuleNode | null =>
    node.id === id ? to(node) : mapChildren(node, step);
  const changed = step(root);
  return changed?.kind === 'group' ? changed : root;
}

export function addTo(root: Group, groupId: number, child: RuleNode): Group {
  return change(root, groupId, (node) =>
    node.kind === 'group' ? { ...node, of: [...node.of, child] } : node,
  );
}

/** The same rule, whatever way it was written. */
export function sameRule(a: Clause | null | undefined, b: Clause | null | undefined): boolean {
  const plain = (rule: Clause | null | undefined) =>
    rule ? JSON.stringify(emit(groupOf(read(rule)))) : '';
  return plain(a) === plain(b);
}
