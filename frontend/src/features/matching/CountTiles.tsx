import { useTranslation } from 'react-i18next';
import { formatNumber } from '~/ui/format';
import { Few } from './Impact';
import type { MatchCounts } from './types';

/** Eligible, needs data, and what share of the candidates is still unknown. */
export function CountTiles({ counts }: { counts: Pick<MatchCounts, 'eligible' | 'needs_data'> }) {
  const { t } = useTranslation();
  const { eligible, needs_data: open } = counts;
  const all = (eligible ?? 0) + (open ?? 0);
  const share = eligible === null || open === null || all === 0 ? null : (100 * open) / all;
  return (
    <div className="count-tiles">
      <p className="impact-head impact-more">
        <span className="impact-number">
          <Few value={eligible} />
        </span>
        {t('match.households_eligible')}
      </p>
      <p className="impact-head count-open">
        <span className="impact-number">
          <Few value={open} />
        </span>
        {t('match.households_open')}
      </p>
      {share !== null && (
        <div className="impact-head count-share">
          <span className="impact-number sp-num">{formatNumber(Math.round(share))} %</span>
          {t('match.share_open')}
          <span className="meter count-meter" aria-hidden="true">
            <span style={{ width: `${share}%` }} />
          </span>
        </div>
      )}
    </div>
  );
}
