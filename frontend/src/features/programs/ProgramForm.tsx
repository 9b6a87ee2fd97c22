import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { Program } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole, organizationOf } from '~/app/roles';
import { useAct } from '~/ui/act';
import { Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { ProblemNotice } from '~/ui/states';
import { ErrorSummary, ProgramFields, useProgramChecks } from './ProgramFields';
import { emptyProgram, formField, type ProgramValues, programBody } from './program-rules';

/** The service's refusals under the fields they are about. */
export const refusedFields = (error: unknown) =>
  Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([field, text]) => [formField(field), text]),
  );

export default function ProgramForm() {
  const { t } = useTranslation();
  const account = useAccount();
  const navigate = useNavigate();
  const act = useAct();
  const own = organizationOf(account);
  const form = useForm<ProgramValues>({
    initialValues: { ...emptyProgram, organization_id: own ?? '' },
    validate: useProgramChecks(),
  });

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (form.validate().hasErrors) return;
    await act.run(async (key) => {
      try {
        const body = programBody(form.getValues());
        const { data } = await call<Program>('/programs', { method: 'POST', body, key });
        await navigate({ to: `/programs/${data.id}` });
      } catch (error) {
        form.setErrors(refusedFields(error));
        throw error;
      }
    }, t('programs.create_done'));
  }

  return (
    <Page back={t('places.programs')} title={t('programs.new')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="stack form-page">
        <ErrorSummary form={form} />
        <ProblemNotice error={act.error} />
        <ProgramFields
          form={form}
          fixedOrganization={own !== null && !hasRole(account, 'coordinator')}
        />
        <div className="row">
          <Button type="submit" loading={act.busy}>
            {t('programs.create')}
          </Button>
        </div>
      </form>
    </Page>
  );
}
