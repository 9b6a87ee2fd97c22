// Whom the rule would reach before it is put in force: how many more, how many fewer, where, and some of them by name.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '~/ui/format';
import { RegionMap } from '~/ui/map';
import { Card } from '~/ui/page';
import { Loading, ProblemNotice } from '~/ui/states';
import { HouseholdName } from './HouseholdName';
import type { RulePreview } from './types';
import type { RuleDraft } from './useRuleDraft';

export function Impact({ draft }: { draft: RuleDraft }) {
  const { t } = useTranslation();
  const { preview } = draft;
  return (
    <Card title={t('rule.impact')}>
      {!draft.sound && !preview.data ? (
        <p className="muted">{t('rule.impact_wait')}</p>
      ) : draft.askPreview ? (
        <div>
          <Button variant="default" onClick={draft.askPreview}>
            {t('rule.impact_ask')}
          </Button>
        </div>
      ) : preview.data ? (
        <Told preview={preview.data} />
      ) : preview.isError ? (
        <ProblemNotice error={preview.error} />
      ) : (
        <Loading lines={4} />
      )}
    </Card>
  );
}

/** A number that may be too small to tell. */
export function Few({ value, sign = '' }: { value: number | null; sign?: string }) {
  const { t } = useTranslation();
  if (value === null) return <span title={t('rule.few_why')}>{t('rule.few')}</span>;
  return (
    <span className="sp-num">
      {value === 0 ? '' : sign}
      {formatNumber(value)}
    </span>
  );
}

function Told({ preview }: { preview: RulePreview }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="impact-heads" role="status">
        <p className="impact-head impact-more">
          <span className="impact-number">
            <Few value={preview.added} sign="+" />
          </span>
          {t('rule.added')}
        </p>
        <p className="impact-head impact-less">
          <span className="impact-number">
            <Few value={preview.removed} sign="−" />
          </span>
          {t('rule.removed')}
        </p>
      </div>
      <dl className="impact-facts">
        <div>
          <dt>{t('rule.eligible_after')}</dt>
          <dd>
            <Few value={preview.before.eligible} /> → <Few value={preview.after.eligible} />
          </dd>
        </div>
        <div>
          <dt>{t('rule.open_after')}</dt>
          <dd>
            <Few value={preview.before.needs_data} /> → <Few value={preview.after.needs_data} />
          </dd>
        </div>
      </dl>
      {preview.districts.length > 0 && <Districts preview={preview} />}
      <Examples title={t('rule.examples_added')} ids={preview.added_examples} />
      <Examples title={t('rule.examples_removed')} ids={preview.removed_examples} />
    </>
  );
}

function Districts({ preview }: { preview: RulePreview }) {
  const { t } = useTranslation();
  const most = Math.max(
    1,
    ...preview.districts.flatMap((item) => [item.added ?? 0, item.removed ?? 0]),
  );
  const width = (value: number | null) => ({ width: `${(100 * (value ?? 0)) / most}%` });
  const say = (value: number | null) => (value === null ? t('rule.few') : formatNumber(value));
  return (
    <>
      <RegionMap
        level="kecamatan"
        kind="change"
        meaning={t('rule.impact')}
        format={formatNumber}
        absent={t('rule.no_change_there')}
        places={preview.districts.map((item) => ({
          code: item.region_code,
          value: item.added === null || item.removed === null ? null : item.added - item.removed,
          told: `−${say(item.removed)} / +${say(item.added)}`,
        }))}
      />
      <details className="impact-places" open={preview.districts.length <= 6 || undefined}>
        <summary>{t('rule.by_district', { count: preview.districts.length })}</summary>
        <table className="impact-table">
          <thead>
            <tr>
              <th scope="col">{t('rule.district')}</th>
              <th scope="col" className="num">
                {t('rule.less')}
              </th>
              <th scope="col" className="impact-bars">
                <span className="sp-visually-hidden">{t('rule.impact')}</span>
              </th>
              <th scope="col">{t('rule.more_households')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.districts.map((item) => (
              <tr key={item.region_code}>
                <th scope="row">{item.region_name}</th>
                <td className="num">
                  <Few value={item.removed} sign="−" />
                </td>
                <td className="impact-bars" aria-hidden="true">
                  <span className="impact-bar">
                    <span>
                      <i className="bar-less" style={width(item.removed)} />
                    </span>
                    <span>
                      <i className="bar-more" style={width(item.added)} />
                    </span>
                  </span>
                </td>
                <td>
                  <Few value={item.added} sign="+" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

function Examples({ title, ids }: { title: string; ids: string[] }) {
  if (ids.length === 0) return null;
  return (
    <div>
      <h3 className="impact-title">{title}</h3>
      <ul className="impact-examples">
        {ids.map((id) => (
          <li key={id}>
            <Link to="/households/$id" params={{ id }}>
              <HouseholdName id={id} />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
