import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Assessment, Instrument } from '~/api/forms';
import { useLanguage } from '~/i18n';
import { allowed } from '~/ui/act';
import { Page, RecordState } from '~/ui/page';
import { useResource } from '~/ui/useResource';
import { AssessmentActions, DiscardButton } from './AssessmentActions';
import { AssessmentBadges } from './assessment-bits';
import { Editor } from './Editor';
import { ReadView } from './ReadView';
import './assessments.css';

export function AssessmentPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const query = useResource<Assessment>(['assessments', id], `/assessments/${id}`);
  const assessment = query.data?.data;
  const form = assessment?.instrument.id ?? '';
  const instrument = useResource<Instrument>(
    ['instruments', form],
    `/instruments/${form}`,
    form !== '',
  );
  if (!assessment || !query.data)
    return <RecordState query={query} back={t('places.assessments')} />;
  if (!instrument.data) return <RecordState query={instrument} back={t('places.assessments')} />;
  const editable = allowed(assessment.can, 'edit');
  return (
    <Page
      back={t('places.assessments')}
      title={name(assessment.instrument.name)}
      lead={[assessment.subject_name, assessment.author_name].filter(Boolean).join(' · ')}
      actions={
        <>
          <AssessmentActions seen={query.data} />
          <DiscardButton seen={query.data} />
        </>
      }
    >
      <div className="spread">
        <AssessmentBadges assessment={assessment} />
        <span className="row">
          {assessment.amends_id && (
            <Button component={Link} to={`/assessments/${assessment.amends_id}`} variant="subtle">
              {t('assessments.open_amended', { n: assessment.revision - 1 })}
            </Button>
          )}
          <Button
            component={Link}
            to={`/households/${assessment.household_id}`}
            search={{ tab: 'assessments' } as never}
            variant="subtle"
          >
            {t('assessments.open_household')}
          </Button>
        </span>
      </div>
      {editable ? (
        <Editor seen={query.data} instrument={instrument.data.data} />
      ) : (
        <ReadView assessment={assessment} instrument={instrument.data.data} />
      )}
    </Page>
  );
}
