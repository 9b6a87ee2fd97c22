// Small parts that several case screens share.
import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { type CaseRecord, stages } from './types';
import './cases.css';

export function CaseBadges({ record }: { record: CaseRecord }) {
  const { t } = useTranslation();
  return (
    <span className="row">
      <StatusBadge group="case_stage" value={record.stage} />
      {record.emergency && <span className="badge badge-bad">{t('cases.emergency')}</span>}
      {record.sensitivity === 'restricted' && (
        <span className="badge badge-warn">{t('cases.restricted')}</span>
      )}
    </span>
  );
}

/** Where the case stands on its way; a screen reader hears the stage and its place. */
export function StageBar({ record }: { record: CaseRecord }) {
  const { t } = useTranslation();
  const stage = record.stage === 'suspended' ? record.stage_before : record.stage;
  const at = (stages as readonly (string | null)[]).indexOf(stage);
  return (
    <ol className="stage-bar" aria-label={t('cases.way')}>
      {stages.map((name, place) => (
        <li
          key={name}
          aria-current={place === at ? 'step' : undefined}
          data-past={place < at || undefined}
        >
          {word('case_stage', name)}
        </li>
      ))}
    </ol>
  );
}
