// Before a draft is sent: aid of the same kind in the same time. Ours is a refusal, explained
// beforehand; what others report is a finding to look at.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overlap, OverlapsFound } from '~/api/sending';
import { useLanguage } from '~/i18n';
import { formatDate } from '~/ui/format';
import { Loading, Notice, ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';

export function Overlaps({ id }: { id: string }) {
  const query = useResource<OverlapsFound>(
    ['referrals', id, 'overlaps'],
    `/referrals/${id}/overlaps`,
  );
  if (query.isPending) return <Loading lines={2} />;
  if (query.isError) return <ProblemNotice error={query.error} />;
  return <OverlapNotices found={query.data.data} />;
}

export function OverlapNotices({ found }: { found: OverlapsFound }) {
  const { t } = useTranslation();
  const { overlap_class: kind, held, reported } = found;
  if (!kind) return null;
  if (held.length + reported.length === 0)
    return <Notice tone="good" title={t('overlaps.nothing')} />;
  return (
    <>
      {held.length > 0 && (
        <Notice tone="bad" title={t('overlaps.held')}>
          <p>{t('overlaps.held_why')}</p>
          <Lines of={held} />
        </Notice>
      )}
      {reported.length > 0 && (
        <Notice tone="warn" title={t('overlaps.reported')}>
          <p>{t('overlaps.reported_why')}</p>
          <Lines of={reported} />
        </Notice>
      )}
    </>
  );
}

function Lines({ of }: { of: Overlap[] }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  return (
    <ul>
      {of.map((line) => {
        const program = name(line.program_name) || t('overlaps.hidden');
        return (
          <li key={`${line.referral_id}${program}${line.starts_on}${line.reported_by}`}>
            {line.referral_id ? (
              <Link to="/referrals/$id" params={{ id: line.referral_id }}>
                {program}
              </Link>
            ) : (
              program
            )}{' '}
            {[`${formatDate(line.starts_on)} – ${formatDate(line.ends_on)}`, line.reported_by]
              .filter(Boolean)
              .join(' · ')}
          </li>
        );
      })}
    </ul>
  );
}
