// Facts of a person in words: each variable has a code list of its own name, mostly.
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import { word } from '~/i18n';

const functions = new Set([
  'seeing',
  'hearing',
  'walking',
  'hands',
  'remembering',
  'self_care',
  'communicating',
  'learning',
  'behaviour',
]);

export function FactList({ facts }: { facts: Record<string, unknown> }) {
  const { t } = useTranslation();
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== '');
  if (known.length === 0) return null;
  return (
    <details className="more-facts">
      <summary>
        {t('individual.facts')} ({known.length})
      </summary>
      <dl className="facts">
        {known.map(([key, value]) => (
          <div key={key}>
            <dt>{word('fact', key)}</dt>
            <dd>
              <FactValue name={key} value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function FactValue({ name, value }: { name: string; value: unknown }) {
  const { t } = useTranslation();
  if (typeof value === 'boolean') return t(value ? 'ui.yes' : 'ui.no');
  if (typeof value !== 'string') return String(value);
  return <CodeName slug={functions.has(name) ? 'function_level' : name} code={value} />;
}

export function CodeName({ slug, code }: { slug: string; code: string }) {
  return useCodes(slug).name(code);
}
