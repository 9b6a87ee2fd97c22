import { useTranslation } from 'react-i18next';
import type { Assessment, Evaluation, Scored } from '~/api/forms';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { formatNumber } from '~/ui/format';

export function AssessmentBadges({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation();
  return (
    <span className="row">
      <StatusBadge group="assessment_status" value={assessment.status} />
      <span className="badge badge-info">{word('assessment_kind', assessment.kind)}</span>
      {assessment.sensitivity === 'restricted' && (
        <span className="badge badge-warn">{t('assessments.restricted')}</span>
      )}
      {assessment.instrument.outdated && <span className="badge">{t('assessments.outdated')}</span>}
    </span>
  );
}

/** What the answers came to, in one line a score, as signed. */
export function ScoreLine({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  if (assessment.scores.length === 0) return '–';
  return assessment.scores
    .map((score) => {
      const points = t('assessments.points_of', {
        points: formatNumber(score.points),
        most: formatNumber(score.most),
      });
      return score.band ? `${name(score.band)} (${points})` : points;
    })
    .join('; ');
}

/** Points, what they mean, and what counted. */
export function Scores({ evaluation }: { evaluation: Evaluation }) {
  return evaluation.scores.map((score) => <ScoreView key={score.code} score={score} />);
}

function ScoreView({ score }: { score: Scored }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const share = score.most > 0 ? Math.min(1, Math.max(0, score.points / score.most)) : 0;
  return (
    <div className="score">
      <div className="spread">
        <span className="strong">{name(score.name)}</span>
        <span className="sp-num">
          {t('assessments.points_of', {
            points: formatNumber(score.points),
            most: formatNumber(score.most),
          })}
        </span>
      </div>
      <div className="meter" aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </div>
      {score.band && <p className="score-band">{name(score.band)}</p>}
      {score.counted.length === 0 ? (
        score.points === 0 && <p className="muted small">{t('assessments.nothing_counted')}</p>
      ) : (
        <details>
          <summary>{t('assessments.counted', { n: score.counted.length })}</summary>
          <ul className="counted">
            {score.counted.map((item) => (
              <li key={`${name(item.label)} ${item.points}`}>
                <span>{name(item.label)}</span>
                <span className="sp-num">
                  {item.points > 0 ? '+' : ''}
                  {formatNumber(item.points)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
